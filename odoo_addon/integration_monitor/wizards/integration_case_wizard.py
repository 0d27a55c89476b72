"""Asks to whom cases are given, or until when they are put aside."""

from datetime import datetime, time, timedelta

import pytz

from odoo import Command, api, fields, models

MORNING = time(8)


class IntegrationCaseWizard(models.TransientModel):
    _name = "integration.case.wizard"
    _description = "Assign or snooze cases"

    kind = fields.Selection([("assign", "Assign"), ("snooze", "Snooze")], required=True, default="assign")
    delivery_ids = fields.Many2many("integration.delivery", string="Cases", required=True)
    delivery_count = fields.Integer(compute="_compute_delivery_count")
    candidate_ids = fields.Many2many("res.users", compute="_compute_candidate_ids")
    user_id = fields.Many2one(
        "res.users",
        "Give To",
        domain="[('id', 'in', candidate_ids)]",
        help="Only people who may edit these documents, and integration operators.",
    )
    duration = fields.Selection(
        [("tomorrow", "Tomorrow morning"), ("week", "Next week"), ("date", "Another day")],
        "Until",
        default="tomorrow",
        help="The inbox hides the cases until then; they come back at once when something new happens.",
    )
    day = fields.Date(help="They come back in the morning of this day.")

    @api.depends("delivery_ids")
    def _compute_delivery_count(self):
        for wizard in self:
            wizard.delivery_count = len(wizard.delivery_ids)

    @api.depends("delivery_ids", "kind")
    def _compute_candidate_ids(self):
        for wizard in self:
            is_assigning = wizard.kind == "assign"
            wizard.candidate_ids = wizard.delivery_ids._find_candidates() if is_assigning else False

    @api.model
    def default_get(self, fields):
        values = super().default_get(fields)
        if "delivery_ids" in fields and self.env.context.get("active_model") == "integration.delivery":
            values["delivery_ids"] = [Command.set(self.env.context.get("active_ids", []))]
        return values

    def action_confirm(self):
        """Do it; the cases check whether the user may."""
        for wizard in self:
            if wizard.kind == "assign":
                wizard.delivery_ids.action_assign(wizard.user_id.id)
            else:
                wizard.delivery_ids.action_snooze(wizard._find_moment())
        return {"type": "ir.actions.act_window_close"}

    def _find_moment(self):
        """Return the morning of the chosen day in the user's time zone, as UTC; False without a day."""
        today = fields.Date.context_today(self)
        day = {
            "tomorrow": today + timedelta(days=1),
            "week": today + timedelta(days=7 - today.weekday()),
        }.get(self.duration, self.day)
        if not day:
            return False
        zone = pytz.timezone(self.env.user.tz or "UTC")
        return zone.localize(datetime.combine(day, MORNING)).astimezone(pytz.utc).replace(tzinfo=None)
