"""The guided set-up: it makes what is missing, tells secrets once, and to the right people only."""

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import new_test_user, tagged
from odoo.tools import mute_logger

from ..models.integration_setup_account import SERVICE_LOGIN
from .common import CaptureCase


@tagged("post_install", "-at_install")
class TestSetup(CaptureCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.group = cls.env.ref("integration_monitor.group_sidecar")
        cls.env["res.users"].search([("group_ids", "in", cls.group.ids)]).group_ids -= cls.group
        cls.env["res.users"].search([("login", "=", SERVICE_LOGIN)]).login = "integration_of_before"
        cls.manager = new_test_user(
            cls.env, "setup_manager", groups="integration_monitor.group_manager", email=False
        )
        cls.administrator = new_test_user(
            cls.env,
            "setup_administrator",
            groups="integration_monitor.group_manager,base.group_system",
            email=False,
        )

    def setup_as(self, user):
        return self.env["integration.setup"].with_user(user)

    def make_key(self, old_keys="overlap", user=None):
        """What ``create_sidecar_key`` does after Odoo has asked for the password."""
        action = self.setup_as(user or self.administrator)._create_sidecar_key(old_keys)
        return action["params"]["key"]

    def owner_of(self, key):
        return self.env["res.users.apikeys"]._check_credentials(scope="rpc", key=key)

    def account(self):
        return self.env["integration.setup"]._find_account()

    def test_the_first_key_makes_an_account_that_opens_the_door_and_nothing_else(self):
        key = self.make_key()
        account = self.account()
        self.assertEqual(account.login, SERVICE_LOGIN)
        self.assertEqual(account.group_ids, self.group)
        self.assertEqual(self.owner_of(key), account.id)
        self.env.cr.execute("SELECT password FROM res_users WHERE id = %s", [account.id])
        self.assertFalse(self.env.cr.fetchone()[0], "it can be signed in with by key only")
        door = self.env["integration.sidecar"].with_user(account)
        self.assertTrue(door.handshake(worker="new", version="1", heard=False)["database"])
        with self.assertRaises(AccessError), mute_logger("odoo.addons.base.models.ir_model"):
            self.env["integration.delivery"].with_user(account).search([])

    def test_the_contact_of_the_account_is_told_to_nobody(self):
        event_type = self.new_event_type()
        self.make_key()
        self.env["res.partner"].create({"name": "Somebody else"})
        self.complete()
        self.assertEqual(self.events_of(event_type).mapped("record_name"), ["Somebody else"])

    def test_another_key_is_of_the_same_account_and_ends_the_old_one_as_chosen(self):
        old = self.make_key()
        account = self.account()
        new = self.make_key("keep")
        self.assertEqual(self.account(), account)
        self.assertEqual(self.owner_of(old), account.id)
        self.make_key("overlap")
        self.assertEqual(self.owner_of(old), account.id)
        ends = self.env["res.users.apikeys"].search([("user_id", "=", account.id)]).mapped("expiration_date")
        self.assertEqual(
            [bool(end) for end in ends].count(True), 2, "the two old ones end, the new one does not"
        )
        last = self.make_key("now")
        self.assertFalse(self.owner_of(old))
        self.assertFalse(self.owner_of(new))
        self.assertEqual(self.owner_of(last), account.id)

    def test_an_archived_account_is_used_again(self):
        self.make_key()
        account = self.account()
        account.active = False
        self.assertFalse(self.setup_as(self.manager).get_sidecar()["account"]["active"])
        key = self.make_key()
        self.assertTrue(account.active)
        self.assertEqual(self.owner_of(key), account.id)

    def test_an_account_with_further_rights_gets_no_key(self):
        self.make_key()
        self.account().group_ids += self.env.ref("integration_monitor.group_manager")
        with self.assertRaisesRegex(UserError, "IM_SERVICE_ACCOUNT_RIGHTS"):
            self.make_key()
        self.assertTrue(self.setup_as(self.manager).get_sidecar()["account"]["problem"])

    def test_a_login_that_is_taken_by_somebody_else_is_left_alone(self):
        stranger = new_test_user(self.env, SERVICE_LOGIN, groups="base.group_portal", email=False)
        self.make_key()
        self.assertEqual(self.account().login, f"{SERVICE_LOGIN}_2")
        self.assertNotIn(self.group, stranger.group_ids)

    def test_only_a_system_administrator_makes_keys(self):
        with self.assertRaisesRegex(AccessError, "IM_SETUP_NOT_ALLOWED"):
            self.make_key(user=self.manager)
        self.assertFalse(self.account())
        self.make_key()
        told = self.setup_as(self.manager).get_sidecar()
        self.assertFalse(told["may_connect"])
        self.assertEqual((told["account"]["key_count"], told["account"]["keys"]), (1, []))
        system = new_test_user(self.env, "only_system", groups="base.group_system", email=False)
        with self.assertRaises(AccessError):
            self.make_key(user=system)

    def test_the_key_is_asked_for_in_a_browser_only(self):
        with self.assertRaisesRegex(UserError, "HTTP"):
            self.setup_as(self.administrator).create_sidecar_key()

    def test_a_new_endpoint_gets_a_secret_that_is_told_once_and_sends_nothing(self):
        setup = self.setup_as(self.manager)
        made = setup.create_endpoint({"name": "Payer", "url": "https://payer.example.org/hooks"})
        endpoint = self.env["integration.endpoint"].browse(made["id"])
        self.assertEqual(endpoint.state, "draft")
        self.assertEqual(endpoint._read_secret("signing_secret"), made["secret"])
        self.assertNotIn(made["secret"], str(setup.get_state()))
        self.assertNotIn(made["secret"], str(endpoint.message_ids.mapped("body")))

    def test_a_renewed_secret_leaves_the_old_one_valid_for_a_while(self):
        setup = self.setup_as(self.manager)
        made = setup.create_endpoint({"name": "Payer", "url": "https://payer.example.org/hooks"})
        endpoint = self.env["integration.endpoint"].browse(made["id"])
        endpoint.action_activate()
        renewed = setup.renew_signing_secret(endpoint.id)["secret"]
        self.assertEqual(endpoint._export_signing_secrets(), [renewed, made["secret"]])

    def test_an_endpoint_is_refused_as_its_form_would(self):
        setup = self.setup_as(self.manager)
        for values in (
            {"name": "Payer"},
            {"url": "https://a.example.org"},
            {"name": "P", "url": "x", "state": "active"},
        ):
            with self.assertRaisesRegex(UserError, "IM_SETUP_INVALID"):
                setup.create_endpoint(values)
        inside = {"name": "Payer", "url": "http://10.1.2.3/hooks"}
        with self.assertRaisesRegex(ValidationError, "Allowed Addresses"):
            setup.create_endpoint(inside)
        self.assertTrue(setup.create_endpoint({**inside, "allowed_addresses": "10.1.2.3"})["id"])

    def test_choosing_events_keeps_the_settings_of_what_was_chosen_before(self):
        setup = self.setup_as(self.manager)
        first, second, third = (self.new_event_type() for _ in range(3))
        endpoint = self.new_endpoint(activate=False)
        kept = self.subscribe(endpoint, first, latency_class="batch")
        setup.choose_events(endpoint.id, (first + second).ids)
        self.assertEqual(endpoint.subscription_ids.event_type_id, first + second)
        setup.choose_events(endpoint.id, third.ids)
        self.assertEqual(endpoint.subscription_ids.event_type_id, third)
        setup.choose_events(endpoint.id, first.ids)
        self.assertEqual(endpoint.subscription_ids, kept)
        self.assertEqual(kept.latency_class, "batch")

    def test_what_is_done_follows_from_what_is_there(self):
        event_type = self.new_event_type(name="Contact told", business_domain="sales")
        endpoint = self.new_endpoint(activate=False)
        self.subscribe(endpoint, event_type)
        setup = self.setup_as(self.manager)
        state = setup.get_state()
        told = next(row for row in state["endpoints"] if row["id"] == endpoint.id)
        self.assertEqual((told["state"], told["event_type_ids"]), ("draft", event_type.ids))
        self.assertFalse(state["sidecar"]["account"])
        self.assertIn(
            ("Contact told", "Sales"), [(row["name"], row["domain_label"]) for row in state["catalogue"]]
        )
        endpoint.action_activate()
        told = next(
            row for row in self.setup_as(self.manager).get_state()["endpoints"] if row["id"] == endpoint.id
        )
        self.assertEqual(told["state"], "active")

    def test_endpoints_of_other_companies_are_left_alone(self):
        company = self.env["res.company"].create({"name": "Sister clinic"})
        theirs = self.new_endpoint(company_id=company.id)
        setup = self.setup_as(self.manager)
        self.assertNotIn(theirs.id, [row["id"] for row in setup.get_state()["endpoints"]])
        with mute_logger("odoo.addons.base.models.ir_rule"):
            for call in (
                lambda: setup.renew_signing_secret(theirs.id),
                lambda: setup.choose_events(theirs.id, []),
            ):
                with self.assertRaises(AccessError):
                    call()

    def test_operators_set_nothing_up(self):
        operator = new_test_user(
            self.env,
            "setup_operator",
            groups="integration_monitor.group_operator,base.group_system",
            email=False,
        )
        setup = self.setup_as(operator)
        endpoint = self.new_endpoint()
        for call in (
            setup.get_state,
            setup.get_sidecar,
            lambda: setup._create_sidecar_key("keep"),
            lambda: setup.create_endpoint({"name": "Payer", "url": "https://payer.example.org"}),
            lambda: setup.renew_signing_secret(endpoint.id),
            lambda: setup.choose_events(endpoint.id, []),
        ):
            with self.assertRaises(AccessError):
                call()
