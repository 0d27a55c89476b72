"""Who sees and changes what: rights derive from the business record."""

from odoo.exceptions import AccessError
from odoo.tests import new_test_user, tagged

from .delivery_case import DeliveryCase, build_endpoint, build_event_type


@tagged("post_install", "-at_install")
class TestRightsStaff(DeliveryCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.clerk = new_test_user(cls.env, "test_clerk", groups="base.group_user,base.group_partner_manager")
        cls.employee = new_test_user(cls.env, "test_employee", groups="base.group_user")
        cls.viewer = new_test_user(cls.env, "test_viewer", groups="integration_monitor.group_user")
        cls.operator = new_test_user(cls.env, "test_operator", groups="integration_monitor.group_operator")
        cls.portal = new_test_user(cls.env, "test_portal", groups="base.group_portal")
        cls.delivery = cls.deliver_to()
        cls.finance_type = build_event_type(cls.env, domain="finance", name="odoo.test.finance.v1")

    def fail_ours(self):
        self.refuse(self.delivery)
        self.flush()

    def visible_to(self, user):
        return self.env["integration.delivery"].with_user(user).search([("id", "=", self.delivery.id)])

    def deny_contact(self):
        """Hide the contact from everybody by a record rule."""
        self.env["ir.rule"].create(
            {
                "name": "Test: hide one contact",
                "model_id": self.env["ir.model"]._get_id("res.partner"),
                "domain_force": f"[('id', '!=', {self.partner.id})]",
            }
        )

    def deny_writing_contact(self):
        self.env["ir.rule"].create(
            {
                "name": "Test: protect one contact",
                "model_id": self.env["ir.model"]._get_id("res.partner"),
                "domain_force": f"[('id', '!=', {self.partner.id})]",
                "perm_read": False,
            }
        )

    def test_staff_of_the_business_domain_sees_deliveries_of_documents_it_can_read(self):
        self.assertEqual(self.visible_to(self.clerk), self.delivery)
        delivery = self.delivery.with_user(self.clerk)
        self.assertEqual(delivery.read(["endpoint_name"])[0]["endpoint_name"], "Receiver")
        self.assertEqual(delivery.event_type_name, "Test event")

    def test_staff_of_another_business_domain_sees_nothing(self):
        self.assertFalse(self.visible_to(self.employee))
        delivery = self.delivery.with_user(self.employee)
        with self.assertRaisesRegex(AccessError, "You may not see 1 of these deliveries"):
            delivery.check_access("read")
        with self.assertRaises(AccessError):
            delivery.read(["state"])

    def test_staff_does_not_see_deliveries_of_documents_it_cannot_read(self):
        self.deny_contact()
        self.assertFalse(self.visible_to(self.clerk))
        self.assertFalse(self.delivery.with_user(self.clerk).has_access("read"))

    def test_a_delivery_of_a_foreign_business_domain_stays_hidden_even_on_a_readable_document(self):
        endpoint = build_endpoint(self.env, "Payer")
        foreign = self.deliver_to(endpoint=endpoint)
        foreign.event_type_id = self.finance_type
        self.env.flush_all()
        self.assertFalse(foreign.with_user(self.employee).has_access("read"))
        if "account.move" not in self.env:
            self.assertFalse(foreign.with_user(self.clerk).has_access("read"))

    def test_group_members_see_every_delivery_but_viewers_change_none(self):
        self.assertEqual(self.visible_to(self.viewer), self.delivery)
        self.fail_ours()
        with self.assertRaisesRegex(AccessError, "You may not retry or cancel .* Mercy Hospital"):
            self.delivery.with_user(self.viewer).action_retry()
        with self.assertRaises(AccessError):
            self.delivery.with_user(self.viewer).action_cancel("Not wanted")
        self.assertEqual(self.delivery.state, "failed")
        self.assertFalse(self.delivery.with_user(self.viewer).can_change)

    def test_an_operator_retries_and_cancels_without_rights_on_the_document(self):
        self.deny_contact()
        self.fail_ours()
        delivery = self.delivery.with_user(self.operator)
        self.assertTrue(delivery.can_change)
        delivery.action_retry()
        delivery.action_cancel("Not wanted")
        self.assertEqual(delivery.transition_ids.mapped("user_id"), self.operator)

    def test_staff_retries_and_cancels_deliveries_of_documents_it_may_edit(self):
        self.fail_ours()
        delivery = self.delivery.with_user(self.clerk)
        self.assertTrue(delivery.can_change)
        delivery.action_retry()
        self.assertEqual(delivery.state, "pending")
        delivery.action_cancel("Not wanted")
        self.assertEqual(delivery.state, "cancelled")

    def test_staff_cannot_change_deliveries_of_documents_it_may_only_read(self):
        self.deny_writing_contact()
        self.fail_ours()
        delivery = self.delivery.with_user(self.clerk)
        self.assertEqual(delivery.state, "failed")
        self.assertFalse(delivery.can_change)
        with self.assertRaisesRegex(AccessError, "because you may not edit Mercy Hospital"):
            delivery.action_retry()

    def test_one_forbidden_delivery_refuses_the_whole_selection(self):
        other = self.deliver_to(record=self.new_partners(1))
        self.deny_writing_contact()
        self.fail_ours()
        self.refuse(other)
        with self.assertRaises(AccessError):
            (self.delivery + other).with_user(self.clerk).action_retry()
        self.assertEqual(other.state, "failed")

    def test_outsiders_can_neither_retry_nor_cancel_what_they_do_not_see(self):
        self.fail_ours()
        for user in (self.employee, self.portal, self.service_user):
            with self.assertRaises(AccessError):
                self.delivery.with_user(user).action_retry()
            with self.assertRaises(AccessError):
                self.delivery.with_user(user).action_cancel("Not wanted")
        self.assertEqual(self.delivery.state, "failed")

    def test_nobody_writes_creates_or_deletes_deliveries_attempts_or_transitions(self):
        self.fail_ours()
        self.delivery.action_retry()
        admin = self.env.ref("base.user_admin")
        for rows in (self.delivery, self.delivery.attempt_ids, self.delivery.transition_ids):
            for user in (self.clerk, self.operator, admin):
                rows_of_user = rows.with_user(user)
                self.assertTrue(rows_of_user.has_access("read"))
                for operation in ("write", "create", "unlink"):
                    self.assertFalse(rows_of_user.has_access(operation), f"{rows} {user.login} {operation}")
        with self.assertRaises(AccessError):
            self.delivery.with_user(admin).write({"state": "delivered"})

    def test_attempts_and_transitions_are_seen_by_whoever_sees_the_delivery(self):
        self.fail_ours()
        self.delivery.action_retry()
        for model in ("integration.delivery.attempt", "integration.delivery.transition"):
            rows = self.env[model].search([("delivery_id", "=", self.delivery.id)])
            self.assertTrue(rows)
            for user, sees in ((self.clerk, True), (self.viewer, True), (self.employee, False)):
                rows_of_user = self.env[model].with_user(user)
                found = rows_of_user.search([("delivery_id", "=", self.delivery.id)])
                self.assertEqual(bool(found), sees, f"{model} {user.login}")
                self.assertEqual(rows.with_user(user).has_access("read"), sees)

    def test_staff_reads_why_a_delivery_waits_for_an_endpoint_that_gets_nothing(self):
        delivery = self.delivery.with_user(self.clerk)
        self.assertFalse(delivery.waiting_reason)
        for values, reason in (
            ({"state": "paused"}, "“Receiver” is paused"),
            ({"state": "stopped"}, "“Receiver” asked us to stop"),
            ({"state": "draft"}, "“Receiver” is not active in this database"),
            ({"state": "active", "environment_uuid": "another"}, "“Receiver” is not active in this database"),
            ({"active": False}, "“Receiver” was archived"),
        ):
            self.endpoint.write(values)
            self.assertIn(reason, delivery.waiting_reason)
        self.delivery.state = "cancelled"
        self.assertFalse(delivery.waiting_reason)

    def test_a_delivery_is_found_by_the_name_of_its_document(self):
        deliveries = self.env["integration.delivery"].with_user(self.clerk)
        self.assertEqual(dict(deliveries.name_search("Mercy")).keys(), {self.delivery.id})
        self.assertFalse(deliveries.name_search("Nobody has this name"))

    def test_grouped_and_counted_deliveries_obey_the_same_rights(self):
        deliveries = self.env["integration.delivery"]
        domain = [("id", "=", self.delivery.id)]
        for user, count in ((self.clerk, 1), (self.employee, 0)):
            ours = deliveries.with_user(user)
            self.assertEqual(ours.search_count(domain), count)
            self.assertEqual(len(ours._read_group(domain, ["state"])), count)
            self.assertEqual(len(ours.search_read(domain, ["state"])), count)

    def test_deliveries_of_another_company_are_hidden_from_all(self):
        company = self.env["res.company"].create({"name": "Other clinic"})
        foreign = self.deliver_to(endpoint=build_endpoint(self.env, "Elsewhere"), company_id=company.id)
        for user in (self.clerk, self.viewer, self.operator):
            mine = self.env["integration.delivery"].with_user(user)
            self.assertFalse(mine.search([("id", "=", foreign.id)]), user.login)
            with self.assertRaises(AccessError):
                foreign.with_user(user).action_retry()
        self.operator.company_ids += company
        both = foreign.with_user(self.operator).with_context(
            allowed_company_ids=[self.env.company.id, company.id]
        )
        self.assertTrue(both.can_change)

    def test_the_exception_count_is_what_the_user_may_see(self):
        counts = {}
        users = (self.clerk, self.employee, self.viewer)
        for user in users:
            counts[user] = self.env["integration.delivery"].with_user(user).get_exception_count()["count"]
        self.fail_ours()
        for user, more in zip(users, (1, 0, 1), strict=True):
            count = self.env["integration.delivery"].with_user(user).get_exception_count()["count"]
            self.assertEqual(count - counts[user], more, user.login)

    def test_the_overview_is_for_group_members(self):
        self.assertIn("counts", self.env["integration.delivery"].with_user(self.viewer).get_overview())
        for user in (self.clerk, self.employee, self.portal):
            with self.assertRaises(AccessError):
                self.env["integration.delivery"].with_user(user).get_overview()
