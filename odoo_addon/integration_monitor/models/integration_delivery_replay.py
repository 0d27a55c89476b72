"""Sending again what was delivered: the same event with the same id, because the receiver lost or needs it.

A replay is a transition of the delivery it repeats. So it goes through the same limits, the same order per
record and the same schedule of retries, its attempts are numbered on, and copies that are still somewhere on
the road stay fenced off by their lower attempt numbers.

Two things differ from a first delivery, because the event has arrived once and that stays true:
whatever ends a replay without a new delivery leads back to ``delivered``; and a failed replay holds nothing
behind it (receivers may well refuse what they know already).
"""

from odoo import fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL

from .delivery_state_machine import REPLAY_TRANSITIONS, STATES_TO_REPLAY


class IntegrationDelivery(models.Model):
    _inherit = "integration.delivery"

    first_delivered_at = fields.Datetime(
        "First Delivered At",
        readonly=True,
        help="When it was delivered before it was replayed.",
    )

    def action_replay(self):
        """Send delivered deliveries again, with the content and the id they had.

        :raise AccessError: when the user may not change one of them
        :raise UserError: IM_REPLAY_NOTHING
        """
        self._check_changeable()
        # sudo: the right was checked above; write access to deliveries is given to nobody
        deliveries = self.sudo().filtered(lambda d: d.state in STATES_TO_REPLAY)
        obstacles = deliveries._find_replay_obstacles()
        deliveries -= deliveries.browse(d.id for d in obstacles)
        if not deliveries:
            why = next(iter(obstacles.values()), self.env._("It has not been delivered yet."))
            raise UserError(
                self.env._(
                    "IM_REPLAY_NOTHING: none of these deliveries can be replayed. %(why)s "
                    "Pick one that was delivered.",
                    why=why,
                )
            )
        deliveries._replay(self.env._("Replayed by hand"))
        return True

    def _replay(self, reason, **values):
        """Make delivered deliveries due again, with a schedule of their own.

        :param values: further values to write
        """
        self.env.flush_all()
        self.env.cr.execute(
            SQL(
                """
                UPDATE integration_delivery
                   SET first_delivered_at = COALESCE(first_delivered_at, delivered_at, state_changed_at)
                 WHERE id = ANY(%s)
                """,
                list(self._ids),
            ),
            log_exceptions=False,
        )
        self.invalidate_recordset(["first_delivered_at"])
        now = self._now()
        due = {"next_attempt_at": now, "waiting_since": now, **values}
        for attempt_count, again in self.grouped("attempt_count").items():
            again._transition(
                "pending",
                reason=reason,
                values={**due, "schedule_start": attempt_count},
                ways=REPLAY_TRANSITIONS,
            )
        self.env["integration.bus"]._wake_sidecar()

    def _end_replay(self, reason):
        """Give up replays; that they were delivered before stays true."""
        if not self:
            return
        self._transition(
            "delivered",
            reason=self.env._("Replay cancelled: %(reason)s", reason=reason),
            values={"next_attempt_at": False, "last_error": False, "failure_class": False},
            ways=REPLAY_TRANSITIONS,
        )
        self.env.flush_all()
        self.env.cr.execute(
            SQL(
                "UPDATE integration_delivery SET delivered_at = first_delivered_at WHERE id = ANY(%s)",
                list(self._ids),
            ),
            log_exceptions=False,
        )
        self.invalidate_recordset(["delivered_at"])

    def _find_replay_obstacles(self):
        """Which of these delivered deliveries cannot be replayed.

        :return: ``{delivery: why, a sentence}``
        """
        if not self:
            return {}
        outdated = self._find_outdated()
        self.env.flush_all()
        rows = self.env.execute_query(
            SQL(
                """
                SELECT d.id
                  FROM integration_delivery d
                  JOIN integration_event ev ON ev.id = d.event_id
                 WHERE d.id = ANY(%s) AND (ev.payload IS NULL OR ev.payload = '')
                """,
                list(self._ids),
            )
        )
        return {
            **dict.fromkeys(outdated, self._explain_outdated()),
            **{self.browse(row[0]): self.env._("Its content is no longer stored.") for row in rows},
        }
