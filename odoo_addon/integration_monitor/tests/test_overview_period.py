"""How periods are cut and quantiles read."""

from datetime import datetime

from odoo.tests import BaseCase, tagged

from ..models.overview_period import cut_period, read_quantile


@tagged("post_install", "-at_install")
class TestOverviewPeriod(BaseCase):
    def test_a_day_has_24_full_hours_the_last_one_under_way(self):
        starts = cut_period("24h", datetime(2026, 11, 20, 8, 31), "Europe/Paris")
        self.assertEqual(len(starts), 24)
        self.assertEqual((starts[0], starts[-1]), (datetime(2026, 11, 19, 9), datetime(2026, 11, 20, 8)))

    def test_days_begin_at_midnight_also_across_a_change_of_clocks(self):
        starts = cut_period("7d", datetime(2026, 10, 27, 8, 31), "Europe/Paris")
        self.assertEqual(starts[0], datetime(2026, 10, 20, 22))
        self.assertEqual(starts[-1], datetime(2026, 10, 26, 23))

    def test_where_midnight_is_within_an_hour_of_utc_the_day_begins_with_that_hour(self):
        starts = cut_period("7d", datetime(2026, 11, 20, 8, 31), "Asia/Kolkata")
        self.assertEqual(starts[-1], datetime(2026, 11, 19, 18))

    def test_a_quantile_lies_within_its_class(self):
        bounds = (100, 200, 400)
        self.assertEqual(read_quantile((10, 0, 0, 0), bounds, 0.5), 50)
        self.assertEqual(read_quantile((0, 10, 10, 0), bounds, 0.75), 300)
        self.assertEqual(read_quantile((0, 0, 0, 4), bounds, 0.95), 400)
        self.assertIsNone(read_quantile((0, 0, 0, 0), bounds, 0.5))
