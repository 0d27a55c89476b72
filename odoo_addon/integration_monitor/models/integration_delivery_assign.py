"""Who takes care of a case: first whose document it is, then whoever it is given to."""

from odoo import models
from odoo.exceptions import UserError

from .group_names import GROUP_OPERATOR


class IntegrationDelivery(models.Model):
    _inherit = "integration.delivery"

    def action_assign_to_me(self):
        """Become the owner of these cases.

        :raise AccessError: when the user may not change one of them
        """
        return self.action_assign(self.env.uid)

    def action_assign(self, user_id):
        """Give these cases to a person who may do something about them.

        The activities on their documents go to this person as well.

        :param int user_id: of the new owner
        :raise AccessError: when the user may not change one of them
        :raise UserError: IM_CASE_NOTHING; IM_ASSIGN_NOT_ALLOWED when the new owner may not change one of them
        """
        self._check_cases()
        user = self.env["res.users"].browse(user_id if isinstance(user_id, int) else ()).exists()
        refused = self - self._filter_assignable(user)
        if refused:
            raise UserError(
                self.env._(
                    "IM_ASSIGN_NOT_ALLOWED: %(user)s cannot take care of %(document)s, because that takes "
                    "the right to edit it and to see its deliveries. Choose somebody who works with these "
                    "documents, or an integration operator.",
                    user=user.sudo().name or self.env._("Nobody"),
                    document=refused[0].record_name or refused[0].res_model,
                )
            )
        # sudo: the rights of both were checked above; write access to deliveries is given to nobody
        deliveries = self.sudo()
        deliveries.write({"responsible_id": user.id})
        deliveries._find_open_activities().write({"user_id": user.id})
        deliveries._log_for_all(self.env._("Given to %(user)s", user=user.sudo().name))
        deliveries._announce_changes()
        return True

    def _check_cases(self):
        """Refuse to do nothing, and what the user may not change.

        :raise AccessError: when the user may not change one of them
        :raise UserError: IM_CASE_NOTHING
        """
        if not self:
            raise UserError(
                self.env._(
                    "IM_CASE_NOTHING: among those chosen is no case that you may see. Choose at least one."
                )
            )
        self._check_changeable()

    def _filter_assignable(self, user):
        """Those of these deliveries that this person may retry and cancel, in all his companies."""
        # sudo: about a colleague, whom not everybody may read
        person = user.sudo()
        if not person or not person.active or not person._is_internal():
            return self.browse()
        theirs = self.with_user(user).with_context(allowed_company_ids=person.company_ids.ids)
        return theirs._filter_changeable().with_env(self.env)

    def _find_candidates(self):
        """The people of the business of these cases, and operators; assigning asks for their exact rights."""
        groups = self.env["integration.event.type"]._business_groups()
        names = {groups[domain] for domain in self.mapped("business_domain") if domain in groups}
        group_ids = [self.env.ref(name).id for name in {*names, GROUP_OPERATOR}]
        # sudo: staff may not read who is in which group
        people = (
            self.env["res.users"]
            .sudo()
            .search(
                [
                    ("all_group_ids", "in", group_ids),
                    ("share", "=", False),
                    ("company_ids", "in", self.sudo().company_id.ids or self.env.companies.ids),
                ]
            )
        )
        return people.with_env(self.env)

    def _fill_responsibles(self):
        """Let those without an owner belong to whom their document belongs to, where this can be said."""
        without = self.sudo().filtered(lambda d: not d.responsible_id and d.res_model in self.env)
        existing = {
            res_model: set(self.env[res_model].sudo().browse(set(deliveries.mapped("res_id"))).exists()._ids)
            for res_model, deliveries in without.grouped("res_model").items()
        }
        owners = {}
        for delivery in without:
            if delivery.res_id in existing[delivery.res_model]:
                owner = delivery._find_owner(delivery._may_own)
                owners.setdefault(owner, []).append(delivery.id)
        for owner, delivery_ids in owners.items():
            if owner:
                without.browse(delivery_ids).write({"responsible_id": owner.id})

    def _may_own(self, user):
        """Whether this is the business of that person; cheap, and asked again when they act."""
        group = self.env["integration.event.type"]._business_groups().get(self.business_domain)
        return bool(group and user.has_group(group)) or user.has_group(GROUP_OPERATOR)
