"""The committed browser files must survive Odoo's own transpiler.

Odoo rewrites modules line by line with patterns, then joins all files into one script: a single import
that it overlooks leaves every user with a blank page. So each built file goes through it here.
"""

import re
from pathlib import Path

from odoo.tests import BaseCase, tagged
from odoo.tools.js_transpiler import transpile_javascript

STATIC = Path(__file__).resolve().parents[1] / "static"
MODULE_SYNTAX = re.compile(r"^\s*(import\b|export\b)", re.MULTILINE)
COMMENTS = re.compile(r"/\*.*?\*/|^\s*//.*$", re.DOTALL | re.MULTILINE)
IMPORTED_MODULE = re.compile(r'^import\s.*?"(\.[^"]+)";$|^import "(\.[^"]+)";$', re.MULTILINE)


@tagged("post_install", "-at_install")
class TestBuiltAssets(BaseCase):
    """What is in static/ came from the build and is fit for Odoo's bundle."""

    def test_the_entry_and_the_browser_tests_are_built(self):
        self.assertTrue(
            (STATIC / "src/js/main.js").is_file(),
            "static/src/js/main.js is missing: run the web build",
        )
        self.assertTrue(
            list((STATIC / "tests/js").glob("*.test.js")),
            "static/tests/js holds no *.test.js: run the web build",
        )

    def test_no_module_syntax_survives_the_transpiler(self):
        for path in self._built_files():
            with self.subTest(file=path.name):
                url = f"/integration_monitor/static/{path.relative_to(STATIC).as_posix()}"
                transpiled = transpile_javascript(url, path.read_text(encoding="utf-8"))
                self.assertIn("odoo.define(", transpiled)
                survivors = MODULE_SYNTAX.findall(COMMENTS.sub("", transpiled))
                self.assertFalse(survivors, f"{url}: Odoo's transpiler overlooked {survivors}")

    def test_relative_imports_lead_to_built_files(self):
        for path in self._built_files():
            source = path.read_text(encoding="utf-8")
            for groups in IMPORTED_MODULE.findall(source):
                target = path.parent / "".join(groups)
                with self.subTest(file=path.name, imported=str(groups)):
                    self.assertTrue(
                        target.resolve().is_file(),
                        f"{path.name} imports {target.name}, which is not built",
                    )

    def test_terms_stay_recognisable_for_translators(self):
        """A renamed `_t` would silently drop every term from the exported translations."""
        sources = [path.read_text(encoding="utf-8") for path in self._built_files()]
        importing = [source for source in sources if "@web/core/l10n/translation" in source]
        self.assertTrue(importing, "no built file imports _t: terms cannot be translated")
        for source in importing:
            self.assertRegex(source, r'(?m)^import \{ _t \} from "@web/core/l10n/translation";$')

    def _built_files(self):
        return sorted([*(STATIC / "src/js").rglob("*.js"), *(STATIC / "tests/js").rglob("*.js")])
