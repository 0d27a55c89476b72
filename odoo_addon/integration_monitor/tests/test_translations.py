"""Texts are exported, and German, French and Spanish are complete."""

from odoo.exceptions import ValidationError
from odoo.tests import HttpCase, TransactionCase, tagged

from . import translation_files as files

HINT = "Run npm run translate, fill in what it lists, and commit the files."


@tagged("post_install", "-at_install")
class TestTranslations(TransactionCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.templates = {
            addon: files.export_template(cls.env, addon) for addon in files.list_own_addons(cls.env)
        }

    def test_the_template_of_every_addon_is_what_odoo_exports_now(self):
        for addon, template in self.templates.items():
            with self.subTest(addon):
                self.assertEqual(str(files.read_file(files.template_path(addon))), str(template), HINT)

    def test_german_french_and_spanish_are_complete_and_keep_the_places_for_values(self):
        for addon, template in self.templates.items():
            for language in files.LANGUAGES:
                with self.subTest(addon, language=language):
                    translation = files.read_file(files.translation_path(addon, language))
                    faults = files.find_translation_faults(template, translation)
                    self.assertEqual(faults, [], HINT)

    def test_a_translation_that_loses_a_place_for_a_value_or_a_tag_is_found(self):
        for source, text in (
            ("%(count)s waiting", "wartend"),
            ("%s of %s", "%s"),
            ("See <b>here</b>", "Siehe hier"),
            ("IM_DOOR_CLOSED: closed", "IM_TUER_ZU: zu"),
            ("Use {event_type}", "Nimm {ereignis}"),
        ):
            self.assertTrue(files.find_changed_parts(source, text), source)
        self.assertEqual(files.find_changed_parts("20 % of %(all)s", "%(all)s, davon 20 %"), "")


@tagged("post_install", "-at_install")
class TestTranslatedScreens(HttpCase):
    def test_a_german_reads_german_on_forms_in_messages_and_in_the_web_client(self):
        self.env["res.lang"]._activate_lang("de_DE")
        addons = self.env["ir.module.module"].search([("name", "=", "integration_monitor")])
        addons._update_translations(["de_DE"])
        german = self.env(context={"lang": "de_DE"})
        self.assertEqual(german.ref("integration_monitor.integration_delivery_action").name, "Zustellungen")
        labels = german["integration.delivery"].fields_get(["endpoint_id", "state"])
        self.assertEqual(labels["endpoint_id"]["string"], "Endpunkt")
        self.assertEqual(dict(labels["state"]["selection"])["delivered"], "Zugestellt")
        with self.assertRaisesRegex(ValidationError, "Die URL muss eine vollständige https-Adresse sein"):
            german["integration.endpoint"].create({"name": "Falsch", "url": "ftp://erp.example.org"})
        answer = self.url_open("/web/webclient/translations?lang=de_DE&mods=integration_monitor").json()
        messages = answer["modules"]["integration_monitor"]["messages"]
        texts = {message["id"]: message["string"] for message in messages}
        self.assertEqual(texts["Everything is flowing"], "Alles läuft")
