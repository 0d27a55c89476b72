"""What the other system says after it took an event: that it processed it, or that it rejects it after all.

The proof of who says so is the signature, made with the secret that signs what goes there. So the signature
also says which delivery of the event is meant: the one to the endpoint that has this secret.
"""

import logging

from odoo import SUPERUSER_ID, models

from ..endpoint.confirmation import STATE_BY_STATUS, ConfirmationRefused, refuse_signature
from .delivery_state_machine import CONFIRMATION_TRANSITIONS
from .sidecar_arguments import TEXT_CHARS_MAX

_logger = logging.getLogger(__name__)

# Until the sidecar's report of an answer is in Odoo; longer only while Odoo or the sidecar is away.
RETRY_AFTER_S = 5


class IntegrationDelivery(models.Model):
    _inherit = "integration.delivery"

    def _take_confirmation(self, confirmation):
        """Record what the receiver of an event says became of it. The same said twice changes nothing.

        :param Confirmation confirmation: its signature is checked here
        :raise ConfirmationRefused: 401 where no endpoint of the event signs so, 409 where it is not the time
        """
        deliveries = self._find_confirmed(confirmation)
        if not deliveries:
            # Whether there is such an event is nobody's business who cannot sign for it.
            raise refuse_signature(
                "The signature fits no endpoint that this event went to. Sign with the shared secret "
                "(whsec_…) that verifies what you get, over webhook-id.webhook-timestamp.body; check the id."
            )
        to_state = STATE_BY_STATUS[confirmation.status]
        # The system carries the news; no user decided anything.
        deliveries = deliveries.with_user(SUPERUSER_ID).filtered(lambda d: not d._says_so_already(to_state))
        allowed_from = CONFIRMATION_TRANSITIONS[to_state]
        for delivery in deliveries:
            if delivery.state not in allowed_from:
                raise self._refuse_confirmation(delivery)
        for delivery in deliveries:
            delivery._apply_confirmation(confirmation, to_state)
        _logger.info(
            "delivery.confirmed event=%s status=%s endpoints=%s",
            confirmation.event_id,
            confirmation.status,
            deliveries.endpoint_id.ids,
        )

    def _find_confirmed(self, confirmation):
        """The deliveries of the event to endpoints that sign as the confirmation is signed; mostly one."""
        event = self.env["integration.event"].search([("event_id", "=", confirmation.event_id)])
        return event.delivery_ids.filtered(
            lambda d: any(map(confirmation.is_signed_with, d.endpoint_id._list_signing_secrets()))
        )

    def _says_so_already(self, to_state):
        return self.state == to_state and (to_state != "failed" or self.failure_class == "rejected")

    def _refuse_confirmation(self, delivery):
        if delivery.state in ("pending", "queued"):
            return ConfirmationRefused(
                409,
                "IM_CONFIRMATION_EARLY",
                "Your answer to this event is not recorded yet, or it is being sent again. "
                "Say it again after the pause of Retry-After.",
                RETRY_AFTER_S,
            )
        return ConfirmationRefused(
            409,
            "IM_CONFIRMATION_LATE",
            f"This delivery is {delivery.state}: nobody waits for word of it. Do not say it again.",
        )

    def _apply_confirmation(self, confirmation, to_state):
        _ = self.env._
        if to_state == "acknowledged":
            reason = confirmation.reason
            if confirmation.reference:
                reason = _("Known there as %(reference)s", reference=confirmation.reference)
            values = {"last_error": False, "failure_class": False}
        else:
            reason = confirmation.reason
            values = {
                "delivered_at": False,
                "failure_class": "rejected",
                "last_error": _(
                    'The other system took it and rejected it afterwards: "%(reason)s"', reason=reason
                ),
                "last_response": confirmation.body.decode("utf-8", "replace")[:TEXT_CHARS_MAX],
                "last_status_code": False,
            }
        self._transition(
            to_state,
            reason=reason,
            values={"state_changed_by": False, **values},
            ways=CONFIRMATION_TRANSITIONS,
        )
        self._follow_confirmation(to_state)

    def _follow_confirmation(self, to_state):
        if self.is_test:
            return
        if to_state == "acknowledged":
            self._complete_activities(self.env._("The other system confirmed that it was processed."))
            # What was held behind a failed delivery may be due now.
            self.env["integration.bus"]._wake_sidecar()
            return
        rejected = self - self._supersede_overtaken()
        rejected._fill_responsibles()
        rejected._schedule_activities()
