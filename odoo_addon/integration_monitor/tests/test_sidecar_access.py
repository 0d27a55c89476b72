"""Who may open the door, over each transport, and how a long-lived key is made."""

import xmlrpc.client
from datetime import datetime, timedelta

from odoo.exceptions import AccessError, ValidationError
from odoo.service.model import call_kw
from odoo.tests import HttpCase, new_test_user, tagged
from odoo.tools import mute_logger

from .delivery_case import (
    DeliveryCase,
    build_delivery,
    build_endpoint,
    build_event_type,
    build_outcome,
    pause_other_endpoints,
)

CALLS = {
    "handshake": {"worker": "worker-1", "version": "1.0.0"},
    "endpoints": {"revision": 0},
    "claim": {"worker": "worker-1", "limit": 10, "credits": {}},
    "published": {"worker": "worker-1", "claims": []},
    "report": {"outcomes": []},
    "park": {"worker": "worker-1", "messages": []},
}


@tagged("post_install", "-at_install")
class TestSidecarAccess(DeliveryCase):
    def test_only_the_service_account_may_call_the_door(self):
        outsiders = [
            new_test_user(self.env, "test_employee", groups="base.group_user"),
            new_test_user(
                self.env, "test_manager", groups="integration_monitor.group_manager,base.group_system"
            ),
            new_test_user(self.env, "test_portal", groups="base.group_portal"),
        ]
        for user in outsiders:
            for method, arguments in CALLS.items():
                with self.assertRaisesRegex(AccessError, "IM_DOOR_CLOSED"):
                    call_kw(self.env["integration.sidecar"].with_user(user), method, [], dict(arguments))

    def test_the_service_account_has_no_rights_besides_the_door(self):
        for model in ("integration.delivery", "integration.event", "integration.endpoint", "res.partner"):
            self.assertFalse(self.env[model].with_user(self.service_user).has_access("read"), model)
        self.assertFalse(self.service_user._is_internal())

    def test_private_methods_cannot_be_called_from_outside(self):
        for model, method in (
            ("integration.sidecar", "_open_door"),
            ("integration.delivery", "_transition"),
            ("integration.delivery", "_claim_due"),
            ("integration.delivery", "_apply_outcomes"),
            ("integration.delivery", "_cron_purge"),
        ):
            with self.assertRaises(AccessError):
                call_kw(self.env[model].with_user(self.service_user), method, [], {})

    def test_actions_called_from_outside_check_rights_again(self):
        delivery = self.deliver_to(state="failed")
        employee = new_test_user(self.env, "test_employee", groups="base.group_user")
        deliveries = self.env["integration.delivery"].with_user(employee)
        with self.assertRaises(AccessError):
            call_kw(deliveries, "action_retry", [delivery.ids], {})
        with self.assertRaises(AccessError):
            call_kw(deliveries, "action_cancel", [delivery.ids], {"reason": "Not wanted"})
        with self.assertRaises(AccessError):
            call_kw(deliveries, "write", [delivery.ids, {"state": "delivered"}], {})
        self.assertEqual(delivery.state, "failed")

    def test_the_service_account_may_have_a_key_that_lives_for_years(self):
        keys = self.env["res.users.apikeys"].with_user(self.service_user)
        keys._check_expiration_date(datetime.now() + timedelta(days=3000))
        with self.assertRaises(ValidationError):
            keys._check_expiration_date(datetime.now() + timedelta(days=4000))

    def test_a_handshake_says_where_the_worker_is_and_records_its_heartbeat(self):
        answer = self.door.handshake(worker="worker-1", version="1.0.0")
        parameters = self.env["ir.config_parameter"]
        self.assertEqual(answer["database_uuid"], parameters.get_param("database.uuid"))
        self.assertEqual(answer["database"], self.env.cr.dbname)
        self.assertEqual(answer["odoo_version"], "19.0")
        self.assertIs(answer["is_neutralized"], False)
        self.assertEqual(
            answer["limits"], {"claim_limit": 1000, "lease_s": 60, "queue_timeout_s": 900, "share_s": 15}
        )
        self.assertEqual(answer["environment_uuid"], self.endpoint.environment_uuid)
        self.assertEqual(answer["wake_channel"], parameters.get_param("integration_monitor.wake_channel"))
        self.door.handshake(worker="worker-1", version="1.0.1")
        worker = self.env["integration.worker"].search([("name", "=", "worker-1")])
        self.assertEqual(worker.version, "1.0.1")

    def test_a_handshake_does_not_believe_an_old_cache_about_neutralization(self):
        parameters = self.env["ir.config_parameter"]
        parameters.set_param("database.is_neutralized", False)
        # As a thread does that reads while another one is about to commit the change.
        self.assertFalse(parameters.get_param("database.is_neutralized"))
        self.env.cr.execute(
            "INSERT INTO ir_config_parameter (key, value) VALUES ('database.is_neutralized', 'True')"
        )
        self.assertFalse(parameters.get_param("database.is_neutralized"))
        self.assertIs(self.door.handshake(worker="worker-1", version="1.0.0")["is_neutralized"], True)

    def test_endpoints_are_handed_out_only_when_they_changed(self):
        first = self.door.endpoints(revision=0)
        self.assertTrue(first["changed"])
        ours = next(endpoint for endpoint in first["endpoints"] if endpoint["id"] == self.endpoint.id)
        self.assertEqual(ours["state"], "active")
        self.assertTrue(ours["signing_secrets"][0].startswith("whsec_"))
        again = self.door.endpoints(revision=first["revision"])
        self.assertEqual(again, {"revision": first["revision"], "changed": False, "endpoints": []})
        self.endpoint.url = "https://receiver.example/new"
        changed = self.door.endpoints(revision=first["revision"])
        self.assertTrue(changed["changed"])
        self.assertGreater(changed["revision"], first["revision"])

    def test_no_answer_contains_a_null(self):
        self.deliver_to()
        answers = [getattr(self.door, method)(**arguments) for method, arguments in CALLS.items()]
        answers.append(self.door.report(outcomes=[None, build_outcome(1)]))
        answers.append(self.door.park(worker="worker-1", messages=[None]))
        for answer in answers:
            xmlrpc.client.dumps((answer,), allow_none=False)


@tagged("post_install", "-at_install")
class TestSidecarTransports(HttpCase):
    def setUp(self):
        super().setUp()
        self.service_user = new_test_user(
            self.env, "test_sidecar", groups="integration_monitor.group_sidecar", email=False
        )
        self.key = self.make_key(self.service_user)
        pause_other_endpoints(self.env)
        self.endpoint = build_endpoint(self.env)
        partner = self.env["res.partner"].create({"name": "Mercy Hospital"})
        self.delivery = build_delivery(self.env, build_event_type(self.env), self.endpoint, partner)

    def make_key(self, user):
        keys = self.env(user=user)["res.users.apikeys"].sudo()
        key = keys._generate("rpc", "test", datetime.now() + timedelta(days=1))
        self.env.flush_all()
        return key

    def call_json2(self, method, arguments, key=None):
        return self.url_open(
            f"/json/2/integration.sidecar/{method}",
            json=arguments,
            headers={"Authorization": f"bearer {key or self.key}"},
        )

    def call_xmlrpc(self, method, arguments, key=None, login="test_sidecar"):
        uid = self.xmlrpc_common.authenticate(self.env.cr.dbname, login, key or self.key, {})
        return self.xmlrpc_object.execute_kw(
            self.env.cr.dbname, uid, key or self.key, "integration.sidecar", method, [], arguments
        )

    def deliver_over(self, call):
        self.assertIn("wake_channel", call("handshake", CALLS["handshake"]))
        self.assertTrue(call("endpoints", {"revision": 0})["endpoints"])
        (claim,) = call("claim", CALLS["claim"])["claims"]
        self.assertEqual(claim["delivery_id"], self.delivery.id)
        attempt = {"delivery_id": self.delivery.id, "attempt_number": 1}
        published = call("published", {"worker": "worker-1", "claims": [attempt]})
        self.assertEqual(published["queued"], self.delivery.ids)
        answer = call("report", {"outcomes": [build_outcome(self.delivery.id)]})
        self.assertEqual(answer["applied"], self.delivery.ids)
        self.env.invalidate_all()
        self.assertEqual(self.delivery.state, "delivered")

    def test_a_delivery_lives_its_whole_life_over_json2(self):
        def call(method, arguments):
            response = self.call_json2(method, arguments)
            self.assertEqual(response.status_code, 200, response.text)
            return response.json()

        self.deliver_over(call)

    def test_a_delivery_lives_its_whole_life_over_xmlrpc(self):
        self.deliver_over(self.call_xmlrpc)

    @mute_logger("odoo.http", "odoo.addons.rpc.controllers.json2")
    def test_a_person_with_a_key_is_refused_at_the_door_over_both_transports(self):
        admin = self.env.ref("base.user_admin")
        key = self.make_key(admin)
        response = self.call_json2("claim", CALLS["claim"], key=key)
        self.assertEqual(response.status_code, 403)
        self.assertIn("IM_DOOR_CLOSED", response.json()["message"])
        with self.assertRaisesRegex(xmlrpc.client.Fault, "IM_DOOR_CLOSED"):
            self.call_xmlrpc("claim", CALLS["claim"], key=key, login=admin.login)
        self.env.invalidate_all()
        self.assertFalse(self.delivery.lease_until)

    @mute_logger("odoo.http", "odoo.addons.rpc.controllers.json2")
    def test_wrong_arguments_are_explained_over_json2(self):
        response = self.call_json2("claim", {**CALLS["claim"], "limit": "x"})
        self.assertEqual(response.status_code, 422)
        self.assertEqual(
            response.json()["message"],
            'IM_CLAIM_INVALID: limit must be a whole number from 1 to 1000, got "x".',
        )
