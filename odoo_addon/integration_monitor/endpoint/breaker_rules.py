"""What an outcome says about the health of its endpoint. Pure: values in, values out.

An endpoint's circuit breaker::

              threshold of failures in a row            probe time is due, one delivery is given
    ┌────────┐ ───────────────────────────────▶ ┌──────┐ ─────────────────────▶ ┌───────────┐
    │ closed │                                  │ open │                        │ half_open │
    └────────┘ ◀─────────────────────────────── └──────┘ ◀───────────────────── └───────────┘
        ▲       a person: Close now, Resume …       probe failed or said nothing      │
        └──────────────────────────── probe was answered ─────────────────────────────┘

While it is not closed, only the probe counts. Deliveries that were on the road already finish as usual and
say nothing about how the endpoint fares now.
"""

# The endpoint did not answer, or could not serve anybody. "throttled" is no such class: it answers, and says
# how long to wait.
ILL_CLASSES = frozenset({"unavailable", "server_error", "timeout", "connect", "reset", "dns", "tls"})

# "Not implemented" and "HTTP version not supported" are about our request; their class is server_error.
WELL_STATUS_CODES = frozenset({501, 505})

# Nothing was asked of the endpoint, or it answered without saying whether it can serve.
SILENT_CLASSES = frozenset({"throttled", "address_refused", "configuration", "payload", "mapping", "poison"})

# The pause before the first try, and the longest: each failed try doubles it.
PROBE_PAUSE_S = 30
PROBE_PAUSE_MAX_S = 900

# the fields of an endpoint whose breaker is closed
CLOSED_BREAKER = {
    "breaker_state": "closed",
    "breaker_reason": False,
    "breaker_opened_at": False,
    "breaker_probe_at": False,
    "breaker_told_at": False,
    "breaker_failed_probe_count": 0,
    "breaker_probe_delivery": 0,
    "breaker_probe_attempt": 0,
    "consecutive_failure_count": 0,
}


def judge_outcome(outcome):
    """Return ``well`` (the endpoint serves), ``ill`` (it does not), or ``silent`` (nobody can tell).

    A refusal such as 422 is *well*: who reads a document and refuses it is in good health.
    """
    if outcome["result"] == "delivered":
        return "well"
    failure_class = outcome["failure_class"]
    if failure_class is None or failure_class in SILENT_CLASSES:
        return "silent"
    is_ill = failure_class in ILL_CLASSES and outcome["status_code"] not in WELL_STATUS_CODES
    return "ill" if is_ill else "well"


def count_failures(verdicts):
    """Return ``(was well, failures in a row at the end)`` of verdicts in the order they came about."""
    was_well, count = False, 0
    for verdict in verdicts:
        if verdict == "well":
            was_well, count = True, 0
        elif verdict == "ill":
            count += 1
    return was_well, count
