"""The periods of the overview and how they are cut into hours or days; pure."""

from datetime import timedelta
from typing import NamedTuple
from zoneinfo import ZoneInfo

HOUR = timedelta(hours=1)


class Period(NamedTuple):
    unit: str
    count: int


PERIODS = {
    "24h": Period("hour", 24),
    "7d": Period("day", 7),
    "30d": Period("day", 30),
    "90d": Period("day", 90),
}


def cut_period(name, now, time_zone):
    """The beginnings of the parts of a period, oldest first; the last part is the one of ``now``.

    Counts are kept by full hours of UTC. Where midnight is not one of them, as in India, days begin up to
    three quarters of an hour early.

    :param str name: a key of ``PERIODS``
    :param datetime now: UTC, without zone
    :param str time_zone: days begin at its midnight
    :return: list of datetimes, UTC, without zone
    """
    unit, count = PERIODS[name]
    if unit == "hour":
        return [floor_hour(now) - HOUR * back for back in reversed(range(count))]
    zone, utc = ZoneInfo(time_zone), ZoneInfo("UTC")
    today = now.replace(tzinfo=utc).astimezone(zone).replace(hour=0, minute=0, second=0, microsecond=0)
    # Calendar days, not 24 hours: clocks are put forward and back.
    midnights = [today - timedelta(days=back) for back in reversed(range(count))]
    return [floor_hour(midnight.astimezone(utc).replace(tzinfo=None)) for midnight in midnights]


def floor_hour(instant):
    return instant.replace(minute=0, second=0, microsecond=0)


def read_quantile(counts, bounds, share):
    """About which value ``share`` (0 to 1) of the counted do not exceed, evenly spread within each class.

    :param counts: how many are in each class; one more than ``bounds``
    :param bounds: upper bounds of the classes, ascending; the last class has none
    :return: a number in the unit of ``bounds``; None when nothing was counted
    """
    total = sum(counts)
    if not total:
        return None
    wanted, below, lower = share * total, 0, 0
    for count, upper in zip(counts, bounds):  # noqa: B905 (the last class has no upper bound)
        if below + count >= wanted:
            return round(lower + (upper - lower) * (wanted - below) / count)
        below, lower = below + count, upper
    return lower
