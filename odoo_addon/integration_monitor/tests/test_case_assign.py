"""Who takes care of a case: by whose document it is, and by giving it to somebody who may act on it."""

from odoo.exceptions import AccessError, UserError
from odoo.tests import Form, new_test_user, tagged

from .delivery_case import DeliveryCase


@tagged("post_install", "-at_install")
class TestCaseAssign(DeliveryCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        clerk = "base.group_user,base.group_partner_manager"
        cls.clerk, cls.colleague = (
            new_test_user(cls.env, login, groups=clerk, email=False) for login in ("im_clerk", "im_colleague")
        )
        cls.employee = new_test_user(cls.env, "im_employee", groups="base.group_user", email=False)
        cls.viewer = new_test_user(cls.env, "im_viewer", groups="integration_monitor.group_user", email=False)
        cls.operator = new_test_user(
            cls.env, "im_operator", groups="integration_monitor.group_operator", email=False
        )
        cls.partner.user_id = cls.colleague
        cls.delivery = cls.deliver_to()

    def fail(self):
        self.refuse(self.delivery)
        return self.delivery.with_user(self.clerk)

    def test_a_case_belongs_first_to_whom_the_document_belongs_to(self):
        self.assertFalse(self.delivery.responsible_id)
        self.fail()
        self.assertEqual(self.delivery.responsible_id, self.colleague)

    def test_a_document_of_somebody_without_rights_on_its_deliveries_goes_to_the_owner_of_the_event_type(
        self,
    ):
        self.partner.user_id = self.employee
        self.event_type.owner_id = self.operator
        self.fail()
        self.assertEqual(self.delivery.responsible_id, self.operator)

    def test_a_case_that_is_still_tried_gets_its_owner_by_the_job(self):
        self.delivery.write({"failure_class": "timeout", "attempt_count": 1})
        self.env["integration.delivery"]._cron_tend_cases()
        self.assertEqual(self.delivery.responsible_id, self.colleague)

    def test_an_owner_that_was_chosen_stays_when_it_fails_again(self):
        self.fail().action_assign_to_me()
        self.delivery.action_retry()
        self.refuse(self.delivery)
        self.assertEqual(self.delivery.responsible_id, self.clerk)

    def test_whoever_may_edit_the_document_takes_the_case_and_its_activity(self):
        case = self.fail()
        self.assertEqual(self.partner.activity_ids.user_id, self.colleague)
        case.action_assign_to_me()
        self.assertEqual(case.responsible_id, self.clerk)
        self.assertEqual(self.partner.activity_ids.user_id, self.clerk)
        self.assertIn("im_clerk", case.message_ids[0].body)
        self.assertEqual(case.message_ids[0].author_id, self.clerk.partner_id)

    def test_a_case_is_given_only_to_people_who_may_act_on_it(self):
        case = self.fail()
        case.action_assign(self.operator.id)
        self.assertEqual(case.responsible_id, self.operator)
        for user in (self.employee, self.viewer, self.service_user, self.env.ref("base.public_user")):
            with self.assertRaisesRegex(UserError, "IM_ASSIGN_NOT_ALLOWED"):
                case.action_assign(user.id)
        for nobody in (0, False, "7", 10**8):
            with self.assertRaisesRegex(UserError, "IM_ASSIGN_NOT_ALLOWED"):
                case.action_assign(nobody)
        self.assertEqual(case.responsible_id, self.operator)

    def test_who_may_not_change_a_case_can_neither_take_nor_give_it(self):
        self.fail()
        for user in (self.employee, self.viewer):
            with self.assertRaises(AccessError):
                self.delivery.with_user(user).action_assign_to_me()
            with self.assertRaises(AccessError):
                self.delivery.with_user(user).action_assign(self.clerk.id)
        self.assertEqual(self.delivery.responsible_id, self.colleague)

    def test_the_choice_offers_the_people_of_the_business_and_operators(self):
        case = self.fail()
        action = self.env.ref("integration_monitor.integration_case_wizard_action_assign")
        form = Form(
            self.env["integration.case.wizard"]
            .with_user(self.clerk)
            .with_context(active_model="integration.delivery", active_ids=case.ids, default_kind="assign")
        )
        self.assertIn("assign", action.context)
        offered = self.env["res.users"].browse(form.candidate_ids.ids)
        self.assertLessEqual(self.clerk | self.colleague | self.operator, offered)
        self.assertFalse((self.employee | self.viewer) & offered)
        form.user_id = self.clerk
        form.save().action_confirm()
        self.assertEqual(case.responsible_id, self.clerk)
