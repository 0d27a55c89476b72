"""What the overview says of sidecars and the broker, and the overview on paper."""

from datetime import timedelta

from odoo import fields
from odoo.exceptions import AccessError, ValidationError
from odoo.tests import new_test_user, tagged

from .delivery_case import DeliveryCase


@tagged("post_install", "-at_install")
class TestOverviewHeartbeat(DeliveryCase):
    def read_worker(self, name="worker-1"):
        workers = self.env["integration.delivery"].get_overview()["workers"]
        return next(worker for worker in workers if worker["name"] == name)

    def shake(self, **values):
        answer = self.door.handshake(worker="worker-1", version="1", **values)
        self.assertTrue(answer["takes_broker_state"])

    def test_a_sidecar_that_says_nothing_about_the_broker_is_shown_without(self):
        self.shake()
        self.assertEqual(
            (self.read_worker()["broker_state"], self.read_worker()["broker_lost_at"]), (False, False)
        )

    def test_a_lost_broker_is_shown_with_the_time_until_it_is_back(self):
        self.shake(broker_connected=True)
        self.assertEqual(self.read_worker()["broker_state"], "connected")
        self.shake(broker_connected=False)
        lost = self.read_worker()
        self.assertEqual(lost["broker_state"], "away")
        self.assertTrue(lost["broker_lost_at"].endswith("Z"))
        self.shake(broker_connected=False)
        self.assertEqual(self.read_worker()["broker_lost_at"], lost["broker_lost_at"])
        # A moment in which it does not know changes nothing.
        self.shake()
        self.assertEqual(self.read_worker()["broker_state"], "away")
        self.shake(broker_connected=True)
        self.assertFalse(self.read_worker()["broker_lost_at"])

    def test_what_is_neither_yes_nor_no_is_refused(self):
        for value in (1, "yes", []):
            with self.assertRaisesRegex(ValidationError, "IM_HANDSHAKE_INVALID"):
                self.shake(broker_connected=value)


@tagged("post_install", "-at_install")
class TestOverviewReport(DeliveryCase):
    def render(self, user, **data):
        reports = self.env["ir.actions.report"].with_user(user)
        return reports._render_qweb_html("integration_monitor.report_overview", [], data=data)[0].decode()

    def test_the_page_to_print_names_what_is_held_up(self):
        user = new_test_user(self.env, "report_user", groups="integration_monitor.group_user")
        since = fields.Datetime.now() - timedelta(hours=1)
        usd = self.env.ref("base.USD")
        self.deliver_to(waiting_since=since, amount=4310, currency_id=usd.id)
        page = self.render(user, period="7d", company_id=0)
        self.assertIn("last 7 days", " ".join(page.split()))
        self.assertIn("Held up since", page)
        self.assertIn("4,310.00", page)
        self.assertIn(self.endpoint.name, page)

    def test_people_without_the_role_get_no_page(self):
        employee = new_test_user(self.env, "report_employee", groups="base.group_user")
        with self.assertRaises(AccessError):
            self.render(employee)
