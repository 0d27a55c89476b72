"""Duplicating, archiving and deleting endpoints, so that nothing that waits is lost without a word."""

from odoo import models
from odoo.exceptions import RedirectWarning

from .delivery_state_machine import OPEN_STATES


class IntegrationEndpoint(models.Model):
    _inherit = "integration.endpoint"

    def copy_data(self, default=None):
        vals_list = super().copy_data(default)
        if "name" not in (default or {}):
            for endpoint, vals in zip(self, vals_list, strict=True):
                vals["name"] = self.env._("%(name)s (copy)", name=endpoint.name)
        return vals_list

    def copy(self, default=None):
        """Make drafts with the same settings and subscriptions, but without secrets; the copy says so."""
        copies = super().copy(default)
        for endpoint, duplicate in zip(self, copies, strict=True):
            duplicate.message_post(
                body=self.env._(
                    "Duplicated from “%(name)s” with its settings and subscriptions. Passwords, tokens, keys "
                    "and certificates were not copied: enter those of the new receiver under Security. A "
                    "signing secret of its own was made.",
                    name=endpoint.name,
                )
            )
        return copies

    def write(self, vals):
        # Whoever works as superuser, such as an import or an update, answers for it.
        if "active" in vals and not vals["active"] and not self.env.su:
            self.filtered("active")._check_nothing_waits()
        return super().write(vals)

    def _check_nothing_waits(self):
        """:raise RedirectWarning: IM_ARCHIVE_WAITING, with the way to what waits"""
        if not self:
            return
        # sudo: what waits counts, whosoever it is
        deliveries = self.env["integration.delivery"].sudo()
        domain = [("endpoint_id", "in", self.ids), ("state", "in", sorted(OPEN_STATES))]
        counts = dict(deliveries._read_group(domain, ["state"], ["__count"]))
        if not counts:
            return
        failed = counts.pop("failed", 0)
        raise RedirectWarning(
            self.env._(
                "IM_ARCHIVE_WAITING: %(names)s cannot be archived, because deliveries would never arrive "
                "(waiting or on their way: %(waiting)s, failed: %(failed)s). Let them be sent first, or "
                "cancel them. If it is only for a while, pause the endpoint instead: then "
                "everything waits in order.",
                names=", ".join(f"“{name}”" for name in self.mapped("name")),
                waiting=sum(counts.values()),
                failed=failed,
            ),
            {
                "type": "ir.actions.act_window",
                "name": self.env._("What waits"),
                "res_model": "integration.delivery",
                "views": [(False, "list"), (False, "kanban"), (False, "form")],
                "domain": domain,
            },
            self.env._("Show what waits"),
        )

    def unlink(self):
        # sudo: nobody may delete deliveries; tests are no evidence of anything and go with their endpoint
        tests = self.env["integration.delivery"].sudo()
        tests.search([("endpoint_id", "in", self.ids), ("is_test", "=", True)]).unlink()
        return super().unlink()
