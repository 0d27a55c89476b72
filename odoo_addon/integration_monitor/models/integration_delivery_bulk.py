"""What a bulk operation does with a chunk of deliveries: the single actions, for many, in the batch lane.

Nothing is refused as a whole here. Each method returns ``{delivery id: why it was left alone}``, and has done
its work on all others.
"""

from odoo import models
from odoo.tools import SQL

from .delivery_state_machine import STATES_TO_CANCEL, STATES_TO_REPLAY, STATES_TO_RETRY

# Live traffic goes first.
BULK_LANE = "batch"


class IntegrationDelivery(models.Model):
    _inherit = "integration.delivery"

    def action_bulk_retry(self):
        """Show what a retry of these deliveries, or of all that the list's filter finds, would do."""
        return self._preview_bulk("retry")

    def action_bulk_cancel(self):
        """Show what cancelling these deliveries, or all that the list's filter finds, would do."""
        return self._preview_bulk("cancel")

    def _preview_bulk(self, kind):
        """Open the preview. The list says in the context whether its whole filter is meant.

        The filter counts then, and not the ids: of these the web client sends 20,000 at most.
        """
        self.check_access("read")
        context = self.env.context
        domain = context.get("active_domain") if context.get("integration_select_all") else None
        operation = self.env["integration.bulk.operation"]._prepare(
            kind, [("id", "in", self.ids)] if domain is None else domain
        )
        return self.env["integration.bulk.wizard"]._show(operation)

    def _bulk_retry(self):
        deliveries, skipped = self._sort_out(STATES_TO_RETRY)
        now = self._now()
        due = deliveries.filtered(lambda d: d.state == "pending" and d.next_attempt_at <= now)
        deliveries, left = deliveries._leave_out(
            {
                **dict.fromkeys(due, self.env._("It is due already.")),
                **dict.fromkeys(deliveries._find_outdated(), self._explain_outdated()),
            }
        )
        deliveries, obstacles = deliveries._leave_out(deliveries._find_retry_obstacles())
        deliveries._demote_followers()
        deliveries._make_due(self.env._("Sent again by a bulk retry"), lane=BULK_LANE)
        return {**skipped, **left, **obstacles}

    def _bulk_cancel(self, reason):
        deliveries, skipped = self._sort_out(STATES_TO_CANCEL)
        deliveries._demote_followers()
        deliveries._give_up(reason)
        return skipped

    def _bulk_replay(self):
        deliveries, skipped = self._sort_out(STATES_TO_REPLAY)
        deliveries, obstacles = deliveries._leave_out(deliveries._find_replay_obstacles())
        deliveries._replay(self.env._("Replayed by a bulk replay"), lane=BULK_LANE)
        deliveries._lift_for_followers()
        return {**skipped, **obstacles}

    def _sort_out(self, states):
        """Keep those the user may change and that are in one of the states.

        :return: ``(deliveries as superuser, {delivery id: why not})``
        """
        skipped = {}
        changeable = self._filter_changeable()
        for delivery in self - changeable:
            skipped[delivery.id] = self.env._("You may not edit its document in your role.")
        # sudo: the right was checked just above; write access to deliveries is given to nobody
        deliveries = changeable.sudo()
        kept = deliveries.filtered(lambda d: d.state in states)
        for delivery in deliveries - kept:
            state = self._state_label(delivery.state)
            skipped[delivery.id] = self.env._("It is %(state)s by now.", state=state)
        return kept, skipped

    def _leave_out(self, obstacles):
        """:return: ``(those without obstacle, {delivery id: obstacle})``"""
        skipped = {delivery.id: text for delivery, text in obstacles.items()}
        return self.browse(id_ for id_ in self._ids if id_ not in skipped), skipped

    def _demote_followers(self):
        """Put what waits behind these deliveries into the batch lane: it becomes due with them.

        What is recorded later is urgent as ever, and lifts what is before it.
        """
        self.env.flush_all()
        self.env.cr.execute(
            SQL(
                """
                UPDATE integration_delivery
                   SET lane = %(lane)s
                 WHERE id = ANY(ARRAY(
                    SELECT follower.id
                      FROM integration_delivery d
                      JOIN integration_delivery follower
                        ON follower.endpoint_id = d.endpoint_id AND follower.res_model = d.res_model
                       AND follower.res_id = d.res_id AND follower.sequence > d.sequence
                     WHERE d.id = ANY(%(ids)s) AND follower.state = 'pending' AND follower.lane <> %(lane)s
                 ))
                """,
                lane=BULK_LANE,
                ids=list(self._ids),
            ),
            log_exceptions=False,
        )
        self.invalidate_model(["lane"])

    def _lift_for_followers(self):
        """Make those of these deliveries urgent that urgent ones of the same record have to wait for."""
        self.env.flush_all()
        self.env.cr.execute(
            SQL(
                """
                UPDATE integration_delivery d
                   SET lane = 'urgent'
                 WHERE d.id = ANY(%(ids)s) AND EXISTS (
                    SELECT FROM integration_delivery follower
                     WHERE follower.endpoint_id = d.endpoint_id AND follower.res_model = d.res_model
                       AND follower.res_id = d.res_id AND follower.sequence > d.sequence
                       AND follower.state IN ('pending', 'queued') AND follower.lane = 'urgent'
                 )
                """,
                ids=list(self._ids),
            ),
            log_exceptions=False,
        )
        self.invalidate_model(["lane"])
