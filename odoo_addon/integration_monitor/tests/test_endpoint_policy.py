"""Service tiers: an endpoint follows its tier, except where a person set another value."""

import psycopg2

from odoo.exceptions import UserError
from odoo.tests import Form, new_test_user, tagged
from odoo.tools import mute_logger

from ..endpoint.policy_limits import POLICY_DEFAULTS
from .common import CaptureCase


@tagged("post_install", "-at_install")
class TestEndpointPolicy(CaptureCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.standard = cls.env.ref("integration_monitor.integration_service_tier_standard")
        cls.critical = cls.env.ref("integration_monitor.integration_service_tier_critical")
        cls.tier = cls.env["integration.service.tier"].create({"name": "Test tier", "max_attempts": 5})

    def new_tiered_endpoint(self, **values):
        return self.new_endpoint(tier_id=self.tier.id, **values)

    def test_a_new_endpoint_follows_the_standard_tier(self):
        endpoint = self.new_endpoint()
        self.assertEqual(endpoint.tier_id, self.standard)
        self.assertEqual({name: endpoint[name] for name in POLICY_DEFAULTS}, POLICY_DEFAULTS)
        self.assertFalse(endpoint.policy_overrides)

    def test_the_three_tiers_that_come_along_are_in_range_and_differ(self):
        bulk = self.env.ref("integration_monitor.integration_service_tier_bulk")
        attempts = {tier.max_attempts for tier in (self.standard, self.critical, bulk)}
        self.assertEqual(len(attempts), 3)

    def test_a_change_of_the_tier_reaches_its_endpoints_but_not_their_own_values(self):
        follower = self.new_tiered_endpoint()
        own = self.new_tiered_endpoint(max_attempts=7)
        self.tier.write({"max_attempts": 6, "timeout_s": 20})
        self.assertEqual((follower.max_attempts, follower.timeout_s), (6, 20))
        self.assertEqual((own.max_attempts, own.timeout_s), (7, 20))
        self.assertEqual(own._overridden_fields(), {"max_attempts"})

    def test_the_values_in_the_database_are_the_effective_ones(self):
        endpoint = self.new_tiered_endpoint()
        self.tier.window = 77
        self.env.flush_all()
        self.env.cr.execute('SELECT "window" FROM integration_endpoint WHERE id = %s', [endpoint.id])
        self.assertEqual(self.env.cr.fetchone(), (77,))

    def test_another_tier_brings_its_values_except_for_own_ones(self):
        endpoint = self.new_tiered_endpoint(timeout_s=33)
        endpoint.tier_id = self.critical
        self.assertEqual(endpoint.max_attempts, self.critical.max_attempts)
        self.assertEqual(endpoint.timeout_s, 33)
        self.assertEqual(endpoint._overridden_fields(), {"timeout_s"})

    def test_the_tiers_own_value_typed_in_is_no_override(self):
        endpoint = self.new_tiered_endpoint(max_attempts=7)
        endpoint.max_attempts = 5
        self.assertFalse(endpoint._overridden_fields())
        self.tier.max_attempts = 9
        self.assertEqual(endpoint.max_attempts, 9)

    def test_a_person_may_drop_the_own_values(self):
        endpoint = self.new_tiered_endpoint(max_attempts=7, rate_limit_per_s=0.5)
        self.assertEqual(endpoint._overridden_fields(), {"max_attempts", "rate_limit_per_s"})
        endpoint.action_inherit_policy()
        self.assertEqual((endpoint.max_attempts, endpoint.rate_limit_per_s), (5, 0))
        self.assertFalse(endpoint.policy_overrides)
        operator = new_test_user(self.env, "policy_operator", groups="integration_monitor.group_operator")
        with self.assertRaises(UserError):
            endpoint.with_user(operator).action_inherit_policy()

    def test_without_a_tier_the_values_stay_and_are_the_endpoints_own(self):
        endpoint = self.new_tiered_endpoint()
        endpoint.tier_id = False
        self.tier.max_attempts = 40
        self.assertEqual(endpoint.max_attempts, 5)
        endpoint.max_attempts = 8
        self.assertEqual(endpoint.max_attempts, 8)

    def test_a_copy_has_the_same_own_values(self):
        copy = self.new_tiered_endpoint(max_attempts=7).copy()
        self.assertEqual(copy.max_attempts, 7)
        self.assertEqual(copy._overridden_fields(), {"max_attempts"})

    def test_the_form_marks_own_values_and_shows_the_schedule_at_once(self):
        endpoint = self.new_tiered_endpoint()
        with Form(endpoint) as form:
            form.max_attempts = 3
            self.assertIn(" max_attempts ", form.policy_overrides)
            self.assertEqual(str(form.retry_schedule).count("<tr>"), 1 + 3)
            form.tier_id = self.critical
            self.assertEqual((form.max_attempts, form.retry_base_s), (3, self.critical.retry_base_s))
        self.assertEqual(endpoint._overridden_fields(), {"max_attempts"})

    def test_the_sidecar_hears_of_a_changed_tier(self):
        endpoint = self.new_tiered_endpoint()
        before = self.env["integration.endpoint"]._current_revision()
        self.tier.max_attempts = 11
        self.assertGreater(self.env["integration.endpoint"]._current_revision(), before)
        [settings] = [s for s in endpoint._export_for_sidecar() if s["id"] == endpoint.id]
        self.assertEqual(settings["max_attempts"], 11)

    def test_a_tier_in_use_cannot_be_deleted(self):
        self.new_tiered_endpoint()
        with mute_logger("odoo.sql_db"), self.assertRaises(psycopg2.Error):
            self.tier.unlink()

    def test_limits_of_a_tier_out_of_range_are_refused(self):
        for values in ({"rate_limit_per_s": 0.0005}, {"rate_limit_per_s": -1}, {"max_age_hours": 9000}):
            with (
                mute_logger("odoo.sql_db"),
                self.assertRaises(psycopg2.errors.CheckViolation, msg=values),
                self.env.cr.savepoint(),
            ):
                self.tier.write(values)
                self.env.flush_all()

    def test_the_schedule_says_when_each_attempt_comes(self):
        schedule = str(self.new_tiered_endpoint().retry_schedule)
        self.assertIn("<td>5</td><td>4 min</td><td>7 min 30 s</td><td>6 min</td><td>9 min</td>", schedule)
