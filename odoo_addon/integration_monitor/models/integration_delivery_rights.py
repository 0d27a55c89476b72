"""Who may see and change a delivery: rights derive from the business record.

Members of ``group_user`` see every delivery of their companies. Everybody else sees a delivery if and only
if he is in the group of its business domain and can read its document, record rules included. To retry or
cancel, an operator needs nothing more; everybody else must be able to write the document.

Company rules come on top for all (``ir.rule``). Hidden buttons are not protection: the actions ask here.
"""

from odoo import api, fields, models
from odoo.exceptions import AccessError
from odoo.fields import Domain
from odoo.tools import SQL

from .group_names import GROUP_OPERATOR, GROUP_USER


class IntegrationDelivery(models.Model):
    _inherit = "integration.delivery"

    can_change = fields.Boolean(
        "Can Change",
        compute="_compute_can_change",
        help="Whether you may retry or cancel this delivery.",
    )

    @api.depends_context("uid", "allowed_company_ids")
    def _compute_can_change(self):
        changeable = self._filter_changeable()
        for delivery in self:
            delivery.can_change = delivery in changeable

    # ------------------------------------------------------------------
    # Reading
    # ------------------------------------------------------------------

    @api.model
    def _search(self, domain, offset=0, limit=None, order=None, *, bypass_access=False, **kwargs):
        if not (self.env.su or bypass_access or self.env.user.has_group(GROUP_USER)):
            domain = Domain(domain) & self._staff_domain()
        return super()._search(domain, offset, limit, order, bypass_access=bypass_access, **kwargs)

    def _check_access(self, operation):
        result = super()._check_access(operation)
        if not any(self._ids) or self.env.user.has_group(GROUP_USER):
            return result
        # Model access is missing altogether: nothing is left to narrow.
        candidates = self - result[0] if result else self
        if not candidates:
            return result
        # sudo: the company rules were applied just above; this asks only for the documents
        query = (
            self.sudo()
            .with_context(active_test=False)
            ._search(Domain("id", "in", candidates.ids) & self._staff_domain())
        )
        if not (hidden := candidates - self.browse(query)):
            return result
        forbidden = result[0] + hidden if result else hidden
        return forbidden, lambda: self._make_staff_access_error(forbidden)

    @api.model
    def _staff_domain(self):
        """The deliveries whose documents the user deals with, as one SQL condition per document model."""
        visible = Domain.FALSE
        for res_model, business_domains in self._staff_models().items():
            # A subquery of the documents the user can read: evaluated by PostgreSQL, not row by row.
            documents = self.env[res_model].with_context(active_test=False)._search([])
            visible |= (
                Domain("res_model", "=", res_model)
                & Domain("business_domain", "in", list(business_domains))
                & Domain.custom(
                    to_sql=lambda model, alias, query, documents=documents: SQL(
                        "%s IN %s", model._field_to_sql(alias, "res_id", query), documents.subselect()
                    )
                )
            )
        return visible

    @api.model
    def _staff_models(self):
        """The readable document models in the user's business domains: ``{res_model: {business_domain}}``."""
        mine = self._my_business_domains()
        if not mine:
            return {}
        # sudo: staff has no access to the catalogue, which says which models a business domain knows
        pairs = (
            self.env["integration.event.type"]
            .sudo()
            .with_context(active_test=False)
            ._read_group([("business_domain", "in", list(mine))], ["model_name", "business_domain"])
        )
        models_by_name = {}
        for res_model, business_domain in pairs:
            if res_model in self.env and self.env[res_model].has_access("read"):
                models_by_name.setdefault(res_model, set()).add(business_domain)
        return models_by_name

    @api.model
    def _my_business_domains(self):
        groups = self.env["integration.event.type"]._business_groups()
        return {domain for domain, group in groups.items() if self.env.user.has_group(group)}

    def _make_staff_access_error(self, forbidden):
        return AccessError(
            self.env._(
                "You may not see %(count)s of these deliveries, because you may not see their documents. "
                "Ask an administrator for access to the documents, or for the Integration User role.",
                count=len(forbidden),
            )
        )

    # ------------------------------------------------------------------
    # Retrying and cancelling
    # ------------------------------------------------------------------

    def _filter_changeable(self):
        """The deliveries of ``self`` that the user may retry or cancel."""
        if self.env.su:
            return self
        readable = self._filtered_access("read")
        if self.env.user.has_group(GROUP_OPERATOR):
            return readable
        mine = self._my_business_domains()
        changeable = self.browse()
        candidates = readable.filtered(lambda d: d.business_domain in mine and d.res_model in self.env)
        for res_model, deliveries in candidates.grouped("res_model").items():
            documents = self.env[res_model].browse(set(deliveries.mapped("res_id"))).exists()
            writable = set(documents._filtered_access("write").ids)
            changeable |= deliveries.filtered(lambda d, writable=writable: d.res_id in writable)
        return changeable

    def _check_changeable(self):
        """Refuse the whole batch when the user may not change one of its deliveries.

        :raise AccessError: in plain words, naming the first of them
        """
        self.check_access("read")
        refused = self - self._filter_changeable()
        if refused:
            raise AccessError(
                self.env._(
                    "You may not retry or cancel the delivery of %(document)s to %(endpoint)s, because you "
                    "may not edit %(document)s in your role. Ask a person who may, or an integration "
                    "operator.",
                    document=refused[0].record_name or refused[0].res_model,
                    endpoint=refused[0].endpoint_name,
                )
            )
