"""Brings the addons' translation files up to date; runs inside ``odoo shell``, see stack/translate.ts.

What is not translated yet is told in ``report``, a file of one line per text.
"""

import json
import os
from pathlib import Path

from odoo.addons.integration_monitor.tests import translation_files as files


def write_files(env, report):
    lines = []
    addons = files.list_own_addons(env)
    for addon in addons:
        template = files.export_template(env, addon)
        files.template_path(addon).parent.mkdir(exist_ok=True)
        template.save(str(files.template_path(addon)))
        for language in files.LANGUAGES:
            path = files.translation_path(addon, language)
            # What another addon of ours has already is taken over.
            texts = files.read_texts([*addons, addon], language)
            translation = files.fill_translation(template, texts, language)
            translation.save(str(path))
            faults = files.find_translation_faults(template, translation)
            lines += [f"{addon}/i18n/{language}.po: {fault}" for fault in faults]
    Path(report).write_text("".join(f"{line}\n" for line in lines))


write_files(globals()["env"], json.loads(os.environ["STACK_PARAMETERS"])["report"])
