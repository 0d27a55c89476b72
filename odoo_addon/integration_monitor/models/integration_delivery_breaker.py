"""What a report tells the circuit breakers of its endpoints."""

from psycopg2.errors import LockNotAvailable, SerializationFailure

from odoo import models

from ..endpoint.breaker_rules import count_failures, judge_outcome


class IntegrationDelivery(models.Model):
    _inherit = "integration.delivery"

    def _move_breakers(self, outcomes):
        """Count the outcomes of these deliveries for their endpoints.

        Two reports may want the same endpoint at the same moment. A count that is lost then only makes a
        breaker open one failure later; having Odoo repeat the report would hold up the outcomes of every
        endpoint in it. A probe's outcome must not be lost, so with a breaker at work the report is repeated.

        :param list outcomes: one per delivery of ``self``, as ``parse_outcome`` returns them
        :raise LockNotAvailable, SerializationFailure: Odoo repeats the call
        """
        signals = self._gather_signals(outcomes)
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
        recovered = endpoints.filtered(lambda e: changed.get(e.id) == "closed")
        recovered._complete_long_failures(self.env._("It answers again."))

    def _gather_signals(self, outcomes):
        """What the outcomes say about each endpoint, in the order in which the attempts ended."""
        delivery_by_id = {delivery.id: delivery for delivery in self}
        by_endpoint = {}
        for outcome in sorted(outcomes, key=_read_end):
            endpoint = delivery_by_id[outcome["delivery_id"]].endpoint_id
            by_endpoint.setdefault(endpoint, []).append(outcome)
        return [self._sum_up(endpoint, of_endpoint) for endpoint, of_endpoint in by_endpoint.items()]

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
