"""Telling a person that cases of an endpoint wait for too long."""

from odoo import models
from odoo.tools import plaintext2html

from .integration_delivery_escalation import ACTIVITY_TYPE


class IntegrationEndpoint(models.Model):
    _inherit = "integration.endpoint"

    def _tell_of_escalation(self, count, hours):
        """Ask the person of the settings, or else the owner of the endpoint; once as long as it is open."""
        parameter = self.env["ir.config_parameter"].sudo().get_param("integration_monitor.escalation_user_id")
        chosen = self.env["res.users"].browse(int(parameter) if (parameter or "").isdigit() else ()).exists()
        user = next((u for u in (chosen, self.owner_id) if u.active and u._is_internal()), None)
        if not user or self.activity_search([ACTIVITY_TYPE]):
            return
        # Written for its reader, in the reader's language.
        endpoint = self.with_context(lang=user.lang)
        endpoint.activity_schedule(
            ACTIVITY_TYPE,
            summary=endpoint.env._("%(name)s: cases wait for too long", name=endpoint.name),
            note=plaintext2html(
                endpoint.env._(
                    "%(count)s cases have waited for more than %(hours)s hours. Open Integrations → "
                    "Exceptions, filter by Escalated, and see who takes care of them.",
                    count=count,
                    hours=hours,
                )
            ),
            user_id=user.id,
        )
