"""What a report tells the circuit breakers of its endpoints."""

import logging

from psycopg2.errors import LockNotAvailable, SerializationFailure

from odoo import api, models

from ..endpoint.breaker_rules import count_failures, judge_outcome

_logger = logging.getLogger(__name__)


class IntegrationDelivery(models.Model):
    _inherit = "integration.delivery"

    @api.model
    def _move_breakers(self, outcomes, endpoint_id_by_delivery_id):
        """Count the outcomes of deliveries for their endpoints.

        Two reports may want the same endpoint at the same moment. A count that is lost then only makes a
        breaker open one failure later; having Odoo repeat the report would hold up the outcomes of every
        endpoint in it. A probe's outcome must not be lost, so with a breaker at work the report is repeated.

        :param list outcomes: one per delivery, as ``parse_outcome`` returns them
        :raise LockNotAvailable, SerializationFailure: Odoo repeats the call
        """
        signals = self._gather_signals(outcomes, endpoint_id_by_delivery_id)
        endpoints = self.env["integration.endpoint"].browse([s["endpoint_id"] for s in signals])
        if not any(s["failure_count"] or s["probe_verdict"] for s in signals) and not any(
            endpoints.mapped("consecutive_failure_count")
        ):
            return
        try:
            with self.env.cr.savepoint(flush=False):
                changed = endpoints._count_outcomes(signals, self._now())
        except (LockNotAvailable, SerializationFailure):
            if any(endpoint.breaker_state != "closed" for endpoint in endpoints):
                raise
            return
        for endpoint_id, state in changed.items():
            # Not a note on the endpoint: one that comes and goes would fill its history.
            _logger.info("breaker.moved endpoint=%s state=%s", endpoint_id, state)
        recovered = endpoints.filtered(lambda e: changed.get(e.id) == "closed")
        recovered._complete_long_failures(self.env._("It answers again."))
        self._bring_forward(recovered)

    @api.model
    def _gather_signals(self, outcomes, endpoint_id_by_delivery_id):
        """What the outcomes say about each endpoint, in the order in which the attempts ended."""
        by_endpoint_id = {}
        for outcome in sorted(outcomes, key=_read_end):
            endpoint_id = endpoint_id_by_delivery_id[outcome["delivery_id"]]
            by_endpoint_id.setdefault(endpoint_id, []).append(outcome)
        endpoints = self.env["integration.endpoint"].browse(by_endpoint_id)
        return [self._sum_up(endpoint, by_endpoint_id[endpoint.id]) for endpoint in endpoints]

    @api.model
    def _sum_up(self, endpoint, outcomes):
        verdicts = [judge_outcome(outcome) for outcome in outcomes]
        was_well, failure_count = count_failures(verdicts)
        signal = {
            "endpoint_id": endpoint.id,
            "was_well": was_well,
            "failure_count": failure_count,
            "error": next((o["error"] for o in reversed(outcomes) if o["error"]), None),
            "probe_delivery": 0,
            "probe_attempt": 0,
            "probe_verdict": None,
        }
        probe = (endpoint.breaker_probe_delivery, endpoint.breaker_probe_attempt)
        for outcome, verdict in zip(outcomes, verdicts, strict=True):
            if (outcome["delivery_id"], outcome["attempt_number"]) == probe:
                signal.update(
                    probe_delivery=probe[0],
                    probe_attempt=probe[1],
                    probe_verdict=verdict,
                    error=outcome["error"],
                )
        return signal


def _read_end(outcome):
    """When the attempt was over, in seconds; enough to put attempts of one report in order."""
    return outcome["started_at"].timestamp() + outcome["duration_ms"] / 1000
