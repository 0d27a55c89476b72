"""One line of an explanation: what was asked, what was found, what was wanted, and whether they agree."""

from dataclasses import dataclass

MET = "met"
UNMET = "unmet"
# Not known, not asked, or not for this reader's eyes.
UNKNOWN = "unknown"


@dataclass(frozen=True)
class Rule:
    key: str  # stable, for tests and for the headline
    verdict: str  # MET | UNMET | UNKNOWN
    name: str
    found: str
    wanted: str = ""
    note: str = ""
    parts: tuple = ()  # the leaves of a condition, in the order they were written


@dataclass(frozen=True)
class Explanation:
    """Why one kind of event of a document was sent to one endpoint, or not."""

    endpoint_name: str
    event_name: str
    outcome: str  # delivered | waiting | failed | closed | none
    headline: str
    groups: tuple  # of (title, tuple of Rule)


def judge(is_met):
    return MET if is_met else UNMET


def combine_all(verdicts):
    """Return the verdict of conditions that must all be met."""
    verdicts = set(verdicts)
    if UNMET in verdicts:
        return UNMET
    return UNKNOWN if UNKNOWN in verdicts else MET


def combine_any(verdicts):
    """Return the verdict of conditions of which one suffices."""
    verdicts = set(verdicts)
    if MET in verdicts:
        return MET
    return UNKNOWN if UNKNOWN in verdicts else UNMET


def invert(verdict):
    return {MET: UNMET, UNMET: MET}.get(verdict, UNKNOWN)
