"""Putting a case aside for a while: it comes back by itself, or at once when something new happens to it."""

from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.tools import SQL, format_datetime

from .integration_delivery_case_kind import KIND_BY_CLASS

SNOOZE_DAYS_MAX = 366

# What a report makes of `snoozed_until` of the row `d`, where `l` is the outcome: only another try that
# failed for the same kind of reason leaves it asleep. That it was given up, or fails otherwise, is news.
KEEP_SNOOZE = SQL(
    f"CASE WHEN l.result = 'retry' AND {KIND_BY_CLASS.format('l')} = {KIND_BY_CLASS.format('d')} "
    "THEN d.snoozed_until END"
)


class IntegrationDelivery(models.Model):
    _inherit = "integration.delivery"

    is_snoozed = fields.Boolean(
        "Snoozed", compute="_compute_is_snoozed", search="_search_is_snoozed", help="Hidden for a while."
    )

    @api.depends("snoozed_until")
    def _compute_is_snoozed(self):
        now = self._now()
        for delivery in self:
            delivery.is_snoozed = bool(delivery.snoozed_until and delivery.snoozed_until > now)

    @api.model
    def _search_is_snoozed(self, operator, value):
        if operator != "in":
            return NotImplemented
        wanted = Domain.FALSE
        if True in value:
            wanted |= Domain("snoozed_until", ">", self._now())
        if False in value:
            wanted |= Domain("snoozed_until", "=", False) | Domain("snoozed_until", "<=", self._now())
        return wanted

    def action_snooze(self, until):
        """Hide these cases from the inbox until a moment.

        :param until: UTC, a datetime or text like ``2026-11-20 08:00:00``
        :raise AccessError: when the user may not change one of them
        :raise UserError: IM_CASE_NOTHING, IM_SNOOZE_TIME
        """
        self._check_cases()
        now = self._now()
        try:
            moment = fields.Datetime.to_datetime(until)
        except (TypeError, ValueError):
            moment = None
        if not moment or not now < moment <= now + timedelta(days=SNOOZE_DAYS_MAX):
            raise UserError(
                self.env._(
                    "IM_SNOOZE_TIME: a case can be snoozed until a moment within the next %(days)s days, got "
                    "%(until)s. Choose a later day.",
                    days=SNOOZE_DAYS_MAX,
                    until=moment and format_datetime(self.env, moment) or until or self.env._("nothing"),
                )
            )
        # sudo: the right was checked above; write access to deliveries is given to nobody
        deliveries = self.sudo()
        deliveries.write({"snoozed_until": moment})
        deliveries._log_for_all(
            self.env._("Snoozed until %(moment)s", moment=format_datetime(self.env, moment))
        )
        deliveries._announce_changes()
        return True

    def action_wake(self):
        """Bring snoozed cases back now.

        :raise AccessError: when the user may not change one of them
        """
        self._check_changeable()
        # sudo: as above
        deliveries = self.sudo().filtered("snoozed_until")
        deliveries.write({"snoozed_until": False})
        deliveries._announce_changes()
        return True
