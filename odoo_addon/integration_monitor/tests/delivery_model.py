"""What the door and people do to deliveries, in plain Python: the whole contract in one page.

The test beside it asks the real methods and this model the same questions. Times are naive UTC datetimes.
"""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from math import ceil

from ..models.delivery_state_machine import DOOR_TRANSITIONS, STATE_BY_RESULT

LEASE = timedelta(seconds=60)
QUEUE_TIMEOUT = timedelta(seconds=900)
OUTAGE_CLASSES = {"unavailable"}


@dataclass
class ModelEndpoint:
    id: int
    window: int
    holds: bool
    threshold: int
    max_age: timedelta | None
    sends: bool = True
    breaker: str = "closed"
    failures: int = 0
    failed_probes: int = 0
    probe_at: datetime | None = None
    probe: tuple = (0, 0)

    def close(self):
        self.breaker, self.failures, self.failed_probes = "closed", 0, 0
        self.probe_at, self.probe = None, (0, 0)


@dataclass
class ModelDelivery:
    id: int
    endpoint: ModelEndpoint
    record: int
    sequence: int
    lane: str
    due: datetime
    since: datetime
    state: str = "pending"
    attempts: int = 0
    start: int = 0
    lease: datetime | None = None
    queued_at: datetime | None = None
    failure_class: str | None = None

    @property
    def order(self):
        return (self.lane != "urgent", self.due, self.sequence, self.id)


@dataclass
class DeliveryModel:
    deliveries: dict = field(default_factory=dict)
    endpoints: list = field(default_factory=list)
    last_claim_at: datetime | None = None
    steady_since: datetime | None = None

    def of(self, endpoint):
        return [d for d in self.deliveries.values() if d.endpoint is endpoint]

    # ------------------------------------------------------------------ the door

    def claim(self, now, limit, credits):
        """Return ``[(id, attempt number, schedule step)]`` in the order to send."""
        quiet_until = self._begin_claim(now)
        for d in self.deliveries.values():
            if quiet_until and d.state == "pending" and d.lease and d.lease <= now:
                d.lease = quiet_until
            if not quiet_until and d.state == "queued" and d.queued_at < now - QUEUE_TIMEOUT:
                d.state, d.due, d.lease = "pending", now, None
        for d in self.deliveries.values():
            e = d.endpoint
            is_old = e.max_age and d.since < now - e.max_age
            if e.sends and is_old and d.state == "pending" and not (d.lease and d.lease > now):
                d.state, d.lease = "expired", None
        probing = [
            e for e in self.endpoints if e.sends and e.breaker != "closed" and self._is_probe_due(e, now)
        ]
        ranked = []
        for e in self.endpoints:
            under_way = sum(d.state == "queued" or bool(d.lease and d.lease > now) for d in self.of(e))
            free = min(e.window - under_way, credits.get(e.id, limit), limit)
            if e.breaker != "closed":
                free = min(free, 1 if e in probing else 0)
            # A fifth of the window, rounded up, is left free for urgent ones.
            for_batch = e.window - ceil((e.window - 1) * 0.2) - under_way
            if e.sends and free > 0:
                due = sorted((d for d in self.of(e) if self._is_claimable(d, now)), key=lambda d: d.order)
                ranked += [
                    (rank, d)
                    for rank, d in enumerate(due[:free], start=1)
                    if d.lane == "urgent" or rank <= for_batch
                ]
        ranked.sort(key=lambda pair: (pair[1].order[0], pair[0], *pair[1].order[1:]))
        chosen = [d for _rank, d in ranked[:limit]]
        for d in chosen:
            d.lease = now + LEASE
            if d.endpoint in probing:
                d.endpoint.breaker, d.endpoint.probe = "half_open", (d.id, d.attempts + 1)
        return [(d.id, d.attempts + 1, d.attempts + 1 - d.start) for d in chosen]

    def _begin_claim(self, now):
        """After a silence, what was on the road gets one lease's time to be reported; then None again."""
        if self.last_claim_at and self.last_claim_at < now - LEASE:
            self.steady_since = now
        self.last_claim_at = now
        is_new = self.steady_since and self.steady_since > now - LEASE
        return self.steady_since + LEASE if is_new else None

    def _is_probe_due(self, e, now):
        if e.breaker == "open":
            return e.probe_at <= now
        d = self.deliveries.get(e.probe[0])
        return not (
            d
            and d.attempts + 1 == e.probe[1]
            and (d.state == "queued" or (d.state == "pending" and d.lease and d.lease > now))
        )

    def _is_claimable(self, d, now):
        in_the_way = {"pending", "queued"} | ({"failed"} if d.endpoint.holds else set())
        return (
            d.state == "pending"
            and d.due <= now
            and not (d.lease and d.lease > now)
            and not any(
                o.record == d.record and o.sequence < d.sequence and o.state in in_the_way
                for o in self.of(d.endpoint)
            )
        )

    def publish(self, now, delivery_id, attempt_number):
        d = self.deliveries[delivery_id]
        if d.state == "pending" and d.lease and attempt_number == d.attempts + 1:
            d.state, d.queued_at, d.lease = "queued", now, None
            return True
        return False

    def report(self, now, delivery_id, attempt_number, result, failure_class, delay_s):
        """Return whether the outcome counts."""
        d = self.deliveries[delivery_id]
        if attempt_number != d.attempts + 1 or d.state not in DOOR_TRANSITIONS[STATE_BY_RESULT[result]]:
            return False
        d.state = {"retry": "pending"}.get(result, result)
        d.attempts, d.lease, d.failure_class = attempt_number, None, failure_class
        d.due = now + timedelta(seconds=delay_s) if result == "retry" else None
        verdict = "silent" if failure_class == "throttled" else "ill"
        verdict = verdict if failure_class in ("throttled", *OUTAGE_CLASSES) else "well"
        self._move_breaker(now, d, verdict)
        return True

    def _move_breaker(self, now, d, verdict):
        e = d.endpoint
        if e.breaker == "closed":
            e.failures = {"well": 0, "ill": e.failures + (1 if e.threshold else 0)}.get(verdict, e.failures)
            if not (verdict == "ill" and e.threshold and e.failures >= e.threshold):
                return
        elif (d.id, d.attempts) != e.probe:
            return
        elif verdict == "well":
            e.close()
            self.bring_forward(e, now)
            return
        elif verdict == "ill":
            e.failed_probes, e.failures = e.failed_probes + 1, e.failures + 1
        if e.breaker != "closed" and d.state == "pending":
            d.start += 1  # the probe was the endpoint's try
        e.breaker, e.probe = "open", (0, 0)
        e.probe_at = now + timedelta(seconds=min(30 * 2**e.failed_probes, 900))

    def bring_forward(self, e, now):
        for d in self.of(e):
            if d.state == "pending" and d.due > now and d.failure_class in OUTAGE_CLASSES and not d.lease:
                d.due = now

    # ------------------------------------------------------------------ people

    def retry(self, now, delivery_id):
        d = self.deliveries[delivery_id]
        if d.state != "pending":
            d.start = d.attempts
        d.state, d.due, d.since = "pending", now, now

    def cancel(self, delivery_id):
        d = self.deliveries[delivery_id]
        d.state, d.lease = "cancelled", None
