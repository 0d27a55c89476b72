"""What a person can do with deliveries: send again, give up, look at the document."""

from odoo import models
from odoo.exceptions import UserError

from ..capture.capture_plan import plan_subscription
from ..capture.routing import match_records
from .delivery_state_machine import STATES_TO_CANCEL, STATES_TO_RETRY

REASON_CHARS_MAX = 500


class IntegrationDelivery(models.Model):
    _inherit = "integration.delivery"

    def action_retry(self):
        """Make these deliveries due now.

        Failed, cancelled and expired ones begin a new retry schedule; waiting ones are hastened. Those that
        are on their way or delivered are left alone, so that a selection may be mixed; so are those that a
        newer event replaced where only the latest counts.

        :raise AccessError: when the user may not change one of them
        :raise UserError: IM_RETRY_NOTHING when none of them can be sent again, IM_FILTER_UNDECIDED,
            IM_EVENT_NOT_SENDABLE
        """
        self._check_changeable()
        # sudo: the right was checked above; write access to deliveries is given to nobody
        deliveries = self.sudo().filtered(lambda d: d.state in STATES_TO_RETRY)
        if not deliveries:
            raise UserError(
                self.env._(
                    "IM_RETRY_NOTHING: none of these deliveries can be sent again, because they are on "
                    "their way or delivered already. Wait for the outcome, or pick a failed delivery."
                )
            )
        outdated = deliveries._find_outdated()
        deliveries -= outdated
        if not deliveries:
            raise UserError(
                self.env._(
                    "IM_RETRY_NOTHING: none of these deliveries can be sent again. %(why)s Pick the newest "
                    "delivery of the document.",
                    why=self._explain_outdated(),
                )
            )
        for obstacle in deliveries._find_retry_obstacles().values():
            raise UserError(obstacle)
        deliveries._make_due(self.env._("Sent again by hand"))
        return True

    def _make_due(self, reason, **values):
        """Let a person's retry happen, in one schedule with the automatic retries.

        :param values: further values to write
        """
        now = self._now()
        due = {"next_attempt_at": now, "waiting_since": now, "snoozed_until": False, **values}
        waiting = self.filtered(lambda d: d.state == "pending")
        if waiting:
            waiting._transition("pending", reason=reason, values=due)
        # Deliveries with the same number of finished attempts share one write.
        for attempt_count, again in (self - waiting).grouped("attempt_count").items():
            again._transition("pending", reason=reason, values={**due, "schedule_start": attempt_count})
        self.env["integration.bus"]._wake_sidecar()

    def _find_retry_obstacles(self):
        """What keeps these deliveries from being sent again; events that can be completed are completed.

        :return: ``{delivery: text for the user}``, with IM_FILTER_UNDECIDED or IM_EVENT_NOT_SENDABLE
        """
        obstacles = self._find_undecided_filters()
        return {**(self - self.browse(d.id for d in obstacles))._rerender_events(), **obstacles}

    def _find_undecided_filters(self):
        """Ask again the filters that failed when the events were routed: a retry must not go past them."""
        self.env.flush_all()
        obstacles = {}
        for delivery in self.filtered(lambda d: d.failure_class == "configuration" and not d.attempt_count):
            subscription = delivery.subscription_id
            document = self.env[delivery.res_model].browse(delivery.res_id).exists()
            if not subscription.filter_domain:
                continue
            plan = plan_subscription(subscription, document)
            if match_records(self.env, [plan], document).get(document.id) == {subscription.id: None}:
                continue
            obstacles[delivery] = self.env._(
                "IM_FILTER_UNDECIDED: the record filter for %(endpoint)s does not let %(document)s pass, "
                "or still cannot be evaluated. Ask an integration administrator to correct the filter, "
                "or cancel this delivery.",
                endpoint=delivery.endpoint_name,
                document=delivery.record_name or f"{delivery.res_model},{delivery.res_id}",
            )
        return obstacles

    def _rerender_events(self):
        """Complete events whose content could not be rendered; return what is still wrong."""
        # Searched instead of read: most have their content, which may be large.
        erroneous = self.env["integration.event"].search(
            [("id", "in", self.event_id.ids), ("state", "=", "error")]
        )
        unsendable = erroneous - erroneous._rerender() if erroneous else erroneous
        return {
            delivery: self.env._(
                "IM_EVENT_NOT_SENDABLE: the event of %(document)s has no content that could be sent. "
                "%(error)s Correct that and retry.",
                document=delivery.record_name or f"{delivery.res_model},{delivery.res_id}",
                error=delivery.event_id.error or "",
            )
            for delivery in (self.filtered(lambda d: d.event_id in unsendable) if unsendable else ())
        }

    def action_cancel(self, reason):
        """Give these deliveries up; what waits behind them may go on.

        :param str reason: why, at most 500 characters; shown with the delivery
        :raise AccessError: when the user may not change one of them
        :raise UserError: IM_CANCEL_REASON_MISSING, IM_CANCEL_NOTHING
        """
        self._check_changeable()
        reason = self._clean_reason(reason)
        # sudo: the right was checked above; write access to deliveries is given to nobody
        deliveries = self.sudo().filtered(lambda d: d.state in STATES_TO_CANCEL)
        if not deliveries:
            raise UserError(
                self.env._(
                    "IM_CANCEL_NOTHING: none of these deliveries can be cancelled, because they are over "
                    "already. Pick one that is waiting, on its way or failed."
                )
            )
        deliveries._give_up(reason)
        return True

    def _clean_reason(self, reason):
        """Return the reason as it is kept.

        :raise UserError: IM_CANCEL_REASON_MISSING
        """
        reason = reason.strip()[:REASON_CHARS_MAX] if isinstance(reason, str) else ""
        if not reason:
            raise UserError(
                self.env._(
                    "IM_CANCEL_REASON_MISSING: a cancelled delivery needs a reason, because the receiver "
                    "will never get this event. Say why in a few words."
                )
            )
        return reason

    def _give_up(self, reason):
        """Cancel; a replay that is given up is what it was before: delivered."""
        replayed = self.filtered("first_delivered_at")
        (self - replayed)._transition("cancelled", reason=reason)
        replayed._end_replay(reason)
        self._complete_activities(self.env._("Cancelled: %(reason)s", reason=reason))
        # What was held behind a failed delivery is due now.
        self.env["integration.bus"]._wake_sidecar()

    def action_open_document(self):
        """Open the business record that this delivery tells about."""
        self.ensure_one()
        self.check_access("read")
        document = self.env[self.res_model].browse(self.res_id) if self.res_model in self.env else None
        if document is None or not document.exists():
            raise UserError(
                self.env._(
                    "IM_DOCUMENT_MISSING: %(document)s does not exist any more. The delivery still shows "
                    "what was sent.",
                    document=self.record_name or f"{self.res_model},{self.res_id}",
                )
            )
        document.check_access("read")
        return {
            "type": "ir.actions.act_window",
            "res_model": self.res_model,
            "res_id": self.res_id,
            "views": [(False, "form")],
            "target": "current",
        }
