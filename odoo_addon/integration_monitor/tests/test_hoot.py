"""Runs the addon's browser tests (static/tests/js) in a real Chromium."""

import logging
import re
import unittest
from pathlib import Path

from odoo.tests import HttpCase, no_retry, tagged
from odoo.tests import common as odoo_tests_common

SUITE = "@integration_monitor"
SUCCESS_SIGNAL = "[HOOT] Test suite succeeded"
PASSED = re.compile(rf'^\[HOOT\] Test "{SUITE}/.+" passed', re.MULTILINE)
WRITTEN = re.compile(r"^test\(", re.MULTILINE)
BUNDLE = "web.assets_unit_tests"
TESTS_DIR = Path(__file__).resolve().parents[1] / "static/tests/js"
#: A file that Odoo's mail assets name and that some distributions leave out for its licence. Its absence
#: puts an error on every page, which would fail any browser test.
SELFIE_SEGMENTATION = "mail/static/lib/selfie_segmentation/selfie_segmentation.js"


class _MessageCollector(logging.Handler):
    """Keeps the messages of the browser's console."""

    def __init__(self):
        super().__init__(logging.INFO)
        self.messages = []

    def emit(self, record):
        self.messages.append(record.getMessage())


@tagged("post_install", "-at_install")
class TestHoot(HttpCase):
    """Odoo skips browser tests quietly when something is missing. Here that is a failure."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["ir.attachment"].create(
            {
                "name": "selfie_segmentation.js",
                "url": SELFIE_SEGMENTATION,
                "raw": b"/* left out */",
                "mimetype": "application/javascript",
                "public": True,
            }
        )

    @no_retry
    def test_browser_tests_pass_on_a_desktop(self):
        self._run_suite("desktop")

    def _run_suite(self, preset):
        if odoo_tests_common.websocket is None:
            self.fail(
                "Browser tests need the Python package websocket-client, which cannot be imported. "
                "Install it, e.g.: pip install websocket-client"
            )
        # Without this check the runner would find no suite of ours and run all of Odoo's own tests.
        bundled = [asset[0] for asset in self.env["ir.asset"]._get_asset_paths(BUNDLE, {})]
        self.assertTrue(
            any("/integration_monitor/static/tests/js/" in path for path in bundled),
            f"{BUNDLE} holds no test of this addon: check 'assets' in the manifest and run the web build",
        )
        collector = _MessageCollector()
        browser_logger = self._logger.getChild("browser")
        browser_logger.addHandler(collector)
        try:
            self.browser_js(
                f"/web/tests?headless&loglevel=2&preset={preset}&timeout=15000&id={self._hash_suite(SUITE)}",
                "",
                "",
                login="admin",
                timeout=300,
                success_signal=SUCCESS_SIGNAL,
                error_checker=lambda message: "[HOOT]" not in message,
            )
        except unittest.SkipTest as reason:
            self.fail(f"Browser tests could not run: {reason}. Install Chromium and make it startable.")
        finally:
            browser_logger.removeHandler(collector)
        passed = sum(bool(PASSED.search(message)) for message in collector.messages)
        written = sum(len(WRITTEN.findall(path.read_text("utf-8"))) for path in TESTS_DIR.glob("*.test.js"))
        self.assertTrue(written, "static/tests/js holds no test: run the web build")
        self.assertEqual(passed, written, "Not every browser test of this addon has run and passed")

    @staticmethod
    def _hash_suite(name):
        """The id that the browser runner gives a suite (same formula as in Odoo's own runner)."""
        digest = 0
        for char in name:
            digest = ((digest << 5) - digest + ord(char)) & 0xFFFFFFFF
        return f"{digest:08x}"
