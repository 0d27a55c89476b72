"""The translation files of our addons: what they must hold, and how they are brought up to date.

``i18n/<addon>.pot`` is Odoo's own export without its timestamps, which would change with every run.
``i18n/<language>.po`` holds the same entries in the same order, with translations.
``npm run translate`` writes them, ``test_translations`` compares.
"""

import io
import re
from collections import Counter
from pathlib import Path

import polib

from odoo.modules import get_module_path
from odoo.tools.translate import trans_export

LANGUAGES = ("de", "es", "fr")
OWN_ADDONS = "integration_monitor%"
PLURAL_FORMS = {
    "de": "nplurals=2; plural=(n != 1);",
    "es": "nplurals=2; plural=(n != 1);",
    "fr": "nplurals=2; plural=(n > 1);",
}
# What a translation must take over as it is: places for values, names to type, codes, tags.
FIXED_PARTS = (
    re.compile(r"%(?:\(\w+\))?[0-9.]*[sdf]"),
    re.compile(r"\{\w+\}"),
    re.compile(r"\bIM_[A-Z_]+\b"),
    re.compile(r"</?[a-zA-Z][^>]*>"),
)
# These stand in tags and are for people.
TRANSLATED_ATTRIBUTES = re.compile(r' (?:title|aria-label|alt|placeholder|string)="[^"]*"')


def list_own_addons(env):
    addons = env["ir.module.module"].search([("name", "=like", OWN_ADDONS), ("state", "=", "installed")])
    return sorted(addons.mapped("name"))


def template_path(addon):
    return Path(get_module_path(addon), "i18n", f"{addon}.pot")


def translation_path(addon, language):
    return Path(get_module_path(addon), "i18n", f"{language}.po")


def export_template(env, addon):
    """Return what Odoo finds to translate in an installed addon."""
    buffer = io.BytesIO()
    trans_export(None, [addon], buffer, "po", env)
    template = polib.pofile(buffer.getvalue().decode())
    template.header = f"Translation of {addon}."
    template.metadata = _metadata()
    return template


def read_file(path):
    """Return the entries of a file; none if it does not exist yet."""
    return polib.pofile(str(path)) if path.exists() else polib.POFile()


def read_texts(addons, language):
    """Return a dict of what is translated already in these addons; those named later come first."""
    texts = {}
    for addon in addons:
        translation = read_file(translation_path(addon, language))
        texts |= {entry.msgid: entry.msgstr for entry in translation.translated_entries()}
    return texts


def fill_translation(template, texts, language):
    """Return a translation with exactly the template's entries; what is not translated yet stays empty."""
    translation = polib.POFile()
    translation.header = f"{template.header}\nLanguage: {language}"
    translation.metadata = {**_metadata(), "Language": language, "Plural-Forms": PLURAL_FORMS[language]}
    for entry in template:
        translation.append(
            polib.POEntry(
                msgid=entry.msgid,
                msgstr=texts.get(entry.msgid, ""),
                comment=entry.comment,
                occurrences=entry.occurrences,
            )
        )
    return translation


def find_translation_faults(template, translation):
    """Return what is wrong with a translation, one line each."""
    faults = []
    texts = {entry.msgid: entry for entry in translation if not entry.obsolete}
    wanted = {entry.msgid for entry in template}
    faults += [f"no entry for “{msgid}”" for msgid in wanted - texts.keys()]
    faults += [f"an entry for “{msgid}”, which no longer exists" for msgid in texts.keys() - wanted]
    faults += [f"an obsolete entry for “{entry.msgid}”" for entry in translation.obsolete_entries()]
    for entry in texts.values():
        if entry.fuzzy or not entry.msgstr:
            faults.append(f"no translation of “{entry.msgid}”")
        elif changed := find_changed_parts(entry.msgid, entry.msgstr):
            faults.append(f"“{entry.msgstr}” should hold the same {changed} as “{entry.msgid}”")
    return sorted(faults)


def find_changed_parts(source, text):
    """Return the fixed parts that differ between a text and its translation, as text; empty if none does."""
    differing = set()
    for pattern in FIXED_PARTS:
        before, after = (
            Counter(pattern.findall(TRANSLATED_ATTRIBUTES.sub("", each))) for each in (source, text)
        )
        differing |= (before - after).keys() | (after - before).keys()
    if source[:1].isspace() != text[:1].isspace() or source[-1:].isspace() != text[-1:].isspace():
        differing.add("spaces at both ends")
    return ", ".join(sorted(differing))


def _metadata():
    return {
        "Project-Id-Version": "Integration Monitor",
        "MIME-Version": "1.0",
        "Content-Type": "text/plain; charset=UTF-8",
        "Content-Transfer-Encoding": "8bit",
    }
