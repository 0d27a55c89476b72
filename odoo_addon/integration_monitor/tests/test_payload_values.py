"""How the values of a record look in a payload."""

from odoo import Command
from odoo.tests import tagged

from ..payload.value_format import format_instant, format_money, round_number
from .common import CaptureCase


@tagged("post_install", "-at_install")
class TestPayloadValues(CaptureCase):
    def test_values_that_differ_by_company_are_those_of_the_records_company(self):
        other = self.env["res.company"].create({"name": "Other company"})
        partner = self.env["res.partner"].create({"name": "Ada", "company_id": other.id})
        partner.with_company(self.env.company).barcode = "HERE"
        partner.with_company(other).barcode = "THERE"
        self.assertEqual(self.render(partner, "barcode")["barcode"], "THERE")

    def test_identifier_name_and_company_are_always_sent(self):
        partner = self.env["res.partner"].create({"name": "Ada", "company_id": self.env.company.id})
        self.assertEqual(
            self.render(partner),
            {
                "id": partner.id,
                "name": "Ada",
                "company": {
                    "id": self.env.company.id,
                    "name": self.env.company.name,
                    "external_id": "base.main_company",
                },
            },
        )

    def test_a_record_of_no_company_says_so(self):
        self.assertIsNone(self.render(self.env["res.partner"].create({"name": "Ada"}))["company"])

    def test_empty_values_are_null_and_zero_is_zero(self):
        partner = self.env["res.partner"].create({"name": "Ada", "color": 0})
        expected = {
            "ref": None,
            "email": None,
            "country_id": None,
            "color": 0,
            "is_company": False,
            "category_id": [],
        }
        payload = self.render(partner, *expected)
        self.assertEqual({name: payload[name] for name in expected}, expected)

    def test_links_carry_id_name_and_external_id(self):
        parent = self.env["res.partner"].create({"name": "Parent", "ref": "P"})
        partner = self.env["res.partner"].create(
            {"name": "Ada", "parent_id": parent.id, "country_id": self.env.ref("base.be").id}
        )
        payload = self.render(partner, "country_id", "parent_id.ref", "parent_id.user_id")
        self.assertEqual(
            payload["country_id"],
            {"id": self.env.ref("base.be").id, "name": "Belgium", "external_id": "base.be"},
        )
        self.assertEqual(
            payload["parent_id"],
            {"id": parent.id, "name": "Parent", "external_id": None, "ref": "P", "user_id": None},
        )

    def test_lists_of_records_carry_the_chosen_fields(self):
        tags = [Command.create({"name": "First"}), Command.create({"name": "Second"})]
        partner = self.env["res.partner"].create({"name": "Ada", "category_id": tags})
        first, second = partner.category_id
        payload = self.render(partner, "category_id.name", "category_id.color")
        self.assertCountEqual(
            payload["category_id"],
            [
                {"id": first.id, "name": "First", "color": first.color},
                {"id": second.id, "name": "Second", "color": second.color},
            ],
        )

    def test_selections_are_technical_keys_and_text_stays_as_it_is(self):
        partner = self.env["res.partner"].create(
            {"name": "Žofie Ünïcode", "type": "invoice", "comment": "<p>Hé</p>"}
        )
        payload = self.render(partner, "type", "comment", "name")
        self.assertEqual(payload["type"], "invoice")
        self.assertIn("Hé", payload["comment"])
        self.assertEqual(payload["name"], "Žofie Ünïcode")

    def test_dates_and_times_carry_an_offset(self):
        rate = self.env["res.currency.rate"].create(
            {"name": "2026-11-20", "currency_id": self.env.ref("base.EUR").id}
        )
        self.env.cr.execute(
            "UPDATE res_currency_rate SET create_date = '2026-11-20 08:31:54.5' WHERE id = %s", (rate.id,)
        )
        self.env.invalidate_all()
        payload = self.render(rate, "name", "create_date")
        self.assertEqual(payload["create_date"], "2026-11-20T08:31:54+00:00")
        self.assertEqual(payload["name"], "2026-11-20")

    def test_other_numbers_are_rounded_to_the_digits_of_their_field(self):
        partner = self.env["res.partner"].create({"name": "Ada", "partner_latitude": 50.123456789})
        self.assertEqual(self.render(partner, "partner_latitude")["partner_latitude"], 50.1234568)
        self.assertEqual(round_number(2.675, 2), 2.68)
        self.assertEqual(round_number(2.675, None), 2.675)

    def test_numbers_without_fixed_digits_keep_all_of_them(self):
        rate = self.env["res.currency.rate"].create(
            {"currency_id": self.env.ref("base.EUR").id, "name": "2001-01-01", "rate": 1.2345}
        )
        self.assertEqual(self.render(rate, "rate")["rate"], 1.2345)

    def test_money_is_a_decimal_string_with_the_digits_of_its_currency(self):
        self.assertEqual(format_money(1234.5, "USD", 2), {"amount": "1234.50", "currency": "USD"})
        self.assertEqual(format_money(1234.5, "JPY", 0), {"amount": "1235", "currency": "JPY"})
        self.assertEqual(format_money(0.1 + 0.2, "KWD", 3), {"amount": "0.300", "currency": "KWD"})
        self.assertEqual(format_money(-0.001, "EUR", 2), {"amount": "0.00", "currency": "EUR"})
        self.assertEqual(format_money(9999999999999.99, "EUR", 2)["amount"], "9999999999999.99")
        self.assertEqual(format_money(False, None, None), {"amount": "0.00", "currency": None})

    def test_instants_have_milliseconds(self):
        instant = self.env.cr.now().replace(2026, 11, 20, 8, 31, 54, 123987)
        self.assertEqual(format_instant(instant), "2026-11-20T08:31:54.123Z")

    def test_the_payload_does_not_depend_on_who_saves(self):
        self.env["res.lang"]._activate_lang("fr_FR")
        country = self.env.ref("base.be")
        country.with_context(lang="fr_FR").name = "Belgique"
        user = self.env["res.users"].create(
            {
                "name": "Marie",
                "login": "marie",
                "lang": "fr_FR",
                "tz": "Asia/Tokyo",
                "group_ids": [Command.link(self.env.ref("base.group_partner_manager").id)],
            }
        )
        event_type = self.new_event_type(paths=("country_id",))
        self.env["res.partner"].with_user(user).with_context(lang="fr_FR").create(
            {"name": "Ada", "country_id": country.id}
        )
        self.complete()
        self.assertEqual(self.payload_of(self.events_of(event_type))["country_id"]["name"], "Belgium")

    def test_the_same_record_reached_twice_has_its_external_id_twice(self):
        country = self.env.ref("base.be")
        parent = self.env["res.partner"].create({"name": "Parent", "country_id": country.id})
        partner = self.env["res.partner"].create(
            {"name": "Ada", "parent_id": parent.id, "country_id": country.id}
        )
        payload = self.render(partner, "country_id", "parent_id.country_id")
        self.assertEqual(payload["country_id"]["external_id"], "base.be")
        self.assertEqual(payload["parent_id"]["country_id"]["external_id"], "base.be")
