"""The schedule that people read is the one that the sidecar follows."""

import json
from pathlib import Path

from odoo.tests import BaseCase, tagged

from ..endpoint.retry_schedule import phrase_duration, print_schedule

# The sidecar's test compares the same file with its printSchedule.
FIXTURE = Path(__file__).parent / "retry_schedules.json"


@tagged("post_install", "-at_install")
class TestRetrySchedule(BaseCase):
    def test_the_printed_schedule_equals_the_sidecars(self):
        schedules = json.loads(FIXTURE.read_text())
        self.assertGreater(len(schedules), 3)
        for schedule in schedules:
            rows = print_schedule(**schedule["settings"])
            self.assertEqual(rows, schedule["rows"], schedule["settings"])

    def test_durations_are_phrased_with_at_most_two_units(self):
        phrases = {
            0: "0 s",
            30: "30 s",
            90: "1 min 30 s",
            3600: "1 h",
            3605: "1 h",
            30660: "8 h 31 min",
            95461: "1 d 2 h",
        }
        self.assertEqual({seconds: phrase_duration(seconds) for seconds in phrases}, phrases)
