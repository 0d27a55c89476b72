"""The fields that make up a policy, what a new tier begins with, and what each may be."""

# field → value of a new tier, and of an endpoint without a tier
POLICY_DEFAULTS = {
    "timeout_s": 15,
    "concurrency": 4,
    "window": 50,
    "max_attempts": 14,
    "retry_base_s": 30,
    "retry_cap_s": 21600,
    "retry_after_max_s": 3600,
    "rate_limit_per_s": 0.0,
    "breaker_threshold": 10,
    "max_age_hours": 0,
}

POLICY_CHECK = """CHECK(timeout_s BETWEEN 1 AND 120 AND concurrency BETWEEN 1 AND 64
    AND "window" BETWEEN 1 AND 1000 AND max_attempts BETWEEN 1 AND 50
    AND retry_base_s BETWEEN 1 AND 86400 AND retry_cap_s BETWEEN retry_base_s AND 604800
    AND retry_after_max_s BETWEEN 0 AND 604800
    AND (rate_limit_per_s = 0 OR rate_limit_per_s BETWEEN 0.001 AND 1000)
    AND breaker_threshold BETWEEN 0 AND 1000 AND max_age_hours BETWEEN 0 AND 8760)"""

POLICY_CHECK_MESSAGE = (
    "A limit is out of range. Expected: timeout 1–120 s, concurrency 1–64, window 1–1000, "
    "attempts 1–50, first retry 1–86400 s, longest wait from the first retry to 604800 s, "
    "Retry-After 0–604800 s, deliveries per second 0 or 0.001–1000, breaker 0–1000 failures, "
    "maximum age 0–8760 h."
)
