"""The retry schedule as a person may read it; the same sums as ``printSchedule`` of the sidecar.

The sidecar decides the waits (``sidecar/src/domain/retry_policy.ts``). This only prints them; a fixture that
the tests of both sides read keeps the two equal.
"""

# share of the wait by which chance moves it
JITTER_SHARE = 0.2


def print_schedule(max_attempts, retry_base_s, retry_cap_s):
    """Return one row per attempt, if the endpoint never answers and never asks to wait.

    :return: dicts of ``attempt_number`` (from 1), ``nominal_delay_s`` before it, and the running totals since
        the first attempt in seconds, with all chances short, as set, and long
    """
    rows = [
        {
            "attempt_number": 1,
            "nominal_delay_s": 0,
            "total_shortest_s": 0,
            "total_nominal_s": 0,
            "total_longest_s": 0,
        }
    ]
    for step in range(1, max_attempts):
        previous = rows[-1]
        nominal_s = min(retry_base_s * 2 ** (step - 1), retry_cap_s)
        longest_s = min(nominal_s * (1 + JITTER_SHARE), retry_cap_s)
        # Half of the first wait is the least, so that a retry never hammers.
        shortest_s = min(max(nominal_s * (1 - JITTER_SHARE), retry_base_s / 2), longest_s)
        rows.append(
            {
                "attempt_number": step + 1,
                "nominal_delay_s": nominal_s,
                "total_shortest_s": previous["total_shortest_s"] + shortest_s,
                "total_nominal_s": previous["total_nominal_s"] + nominal_s,
                "total_longest_s": previous["total_longest_s"] + longest_s,
            }
        )
    return rows


def phrase_duration(seconds):
    """Return seconds as a short text of at most two units: ``45 s``, ``3 min 30 s``, ``8 h 31 min``."""
    rest = round(seconds)
    if rest < 1:
        return "0 s"
    parts = []
    for unit, unit_s in (("d", 86400), ("h", 3600), ("min", 60), ("s", 1)):
        count, rest = divmod(rest, unit_s)
        if count:
            parts.append(f"{count} {unit}")
        elif parts:
            break  # "1 d 5 s" would pretend to a precision that chance takes away
    return " ".join(parts[:2])
