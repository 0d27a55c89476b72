"""Telling somebody else when cases wait for too long: one activity per endpoint, and once per case."""

from datetime import timedelta

from odoo import SUPERUSER_ID, api, fields, models

ACTIVITY_TYPE = "integration_monitor.mail_activity_type_escalated"
NEVER = "never"
ESCALATE_AFTER_HOURS = "24"
# Cases looked at in one run; the next run goes on.
CASES_MAX = 1000


class IntegrationDelivery(models.Model):
    _inherit = "integration.delivery"

    @api.model
    def _cron_tend_cases(self):
        """Give cases an owner, escalate those that wait for too long, and end what is settled."""
        unowned = self.search([("is_exception", "=", True), ("responsible_id", "=", False)], limit=CASES_MAX)
        # Rows that a sidecar has at hand now have their turn next time.
        unowned.try_lock_for_update()._fill_responsibles()
        self._escalate_old()
        self._complete_escalations()

    @api.model
    def _escalate_old(self):
        hours = self._escalate_after_hours()
        if not hours:
            return
        old = self.search(
            [
                ("is_exception", "=", True),
                ("escalated_at", "=", False),
                ("is_snoozed", "=", False),
                ("waiting_since", "<=", self._now() - timedelta(hours=hours)),
            ],
            limit=CASES_MAX,
        ).try_lock_for_update()
        if not old:
            return
        old.write({"escalated_at": fields.Datetime.now()})
        for endpoint, deliveries in old.grouped("endpoint_id").items():
            endpoint._tell_of_escalation(len(deliveries), hours)
        old._announce_changes()

    @api.model
    def _escalate_after_hours(self):
        """Hours after which a case is escalated; 0: never."""
        value = (
            self.env["ir.config_parameter"]
            .sudo()
            .get_param("integration_monitor.escalate_after_hours", ESCALATE_AFTER_HOURS)
        )
        return int(value) if value.isdigit() else 0

    @api.model
    def _complete_escalations(self):
        """Mark done what people were told of, where no escalated case is left."""
        activity_type = self.env.ref(ACTIVITY_TYPE, raise_if_not_found=False)
        activities = (
            self.env["mail.activity"]
            .with_user(SUPERUSER_ID)
            .search(
                [
                    ("res_model", "=", "integration.endpoint"),
                    ("activity_type_id", "=", activity_type.id if activity_type else 0),
                ]
            )
        )
        if not activities:
            return
        still = {
            endpoint.id
            for [endpoint] in self._read_group(
                [
                    ("is_exception", "=", True),
                    ("escalated_at", "!=", False),
                    ("endpoint_id", "in", activities.mapped("res_id")),
                ],
                ["endpoint_id"],
            )
        }
        done = activities.filtered(lambda activity: activity.res_id not in still)
        done.write({"active": False, "feedback": self.env._("All of them are settled.")})
