"""The daily summary by e-mail: to who asked for it, once a morning, with nothing that he may not see."""

from datetime import datetime
from unittest.mock import patch

from odoo.tests import HttpCase, freeze_time, new_test_user, tagged
from odoo.tools import mute_logger

from .delivery_case import DeliveryCase

# Eight in the morning in Zurich, where it is winter.
MORNING = datetime(2026, 11, 20, 7, 0)


@tagged("post_install", "-at_install")
class TestDigest(DeliveryCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["res.users"].search([("integration_digest", "=", True)]).integration_digest = False
        cls.clerk = cls.new_reader("digest_clerk", "base.group_user,base.group_partner_manager")
        cls.franc = cls.env.ref("base.CHF")
        cls.franc.active = True

    @classmethod
    def new_reader(cls, login, groups, **values):
        user = new_test_user(cls.env, login, groups=groups, email=f"{login}@example.org")
        user.write({"integration_digest": True, "tz": "Europe/Zurich", **values})
        return user

    def fail_deliveries(self, count=1, **values):
        return [
            self.deliver_to(
                record=self.new_partners(1),
                state="failed",
                failure_class="contract",
                last_error='Refused: "VAT id of Ada Lovelace is missing"',
                waiting_since=MORNING,
                **values,
            )
            for _number in range(count)
        ]

    def mails_after_run(self, now=MORNING):
        """The mails that one run of the job queues, as {login: mail}."""
        before = self.env["mail.mail"].search([])
        progress = patch.object(type(self.env["ir.cron"]), "_commit_progress", lambda *args, **kwargs: 60)
        with freeze_time(now), progress:
            self.env["integration.digest"]._cron_send()
        mails = self.env["mail.mail"].search([]) - before
        return {mail.email_to.split("<")[-1].split("@")[0]: mail for mail in mails}

    def test_it_counts_what_waits_by_what_is_the_matter_with_amounts_per_currency(self):
        dollar = self.env.ref("base.USD")
        self.fail_deliveries(2, amount=1000.5, currency_id=self.franc.id)
        self.fail_deliveries(1, amount=20, currency_id=dollar.id)
        mail = self.mails_after_run()["digest_clerk"]
        self.assertEqual(mail.subject, "3 deliveries need attention")
        self.assertEqual(mail.state, "outgoing")
        body = mail.body_html
        for part in (
            "Refused by the other system",
            "2,001.00",
            "20.00",
            "integration-exceptions",
            "11/20/2026",
        ):
            self.assertIn(part, body)
        self.assertIn("List-Unsubscribe", str(mail.headers))

    def test_no_name_and_no_word_of_another_system_is_in_the_mail(self):
        [delivery] = self.fail_deliveries()
        body = self.mails_after_run()["digest_clerk"].body_html
        for part in ("Lovelace", "VAT", delivery.record_name, self.endpoint.name):
            self.assertNotIn(part, body)

    def test_it_comes_once_a_morning_and_only_when_something_waits(self):
        self.assertFalse(self.mails_after_run())
        self.fail_deliveries()
        self.assertFalse(self.mails_after_run(), "made today already: nothing waited")
        self.assertIn("digest_clerk", self.mails_after_run(datetime(2026, 11, 21, 7, 0)))
        self.assertFalse(self.mails_after_run(datetime(2026, 11, 21, 8, 0)))

    def test_the_morning_is_that_of_the_users_own_time_zone(self):
        self.new_reader("digest_tokyo", "base.group_user,base.group_partner_manager", tz="Asia/Tokyo")
        self.fail_deliveries()
        self.assertEqual(set(self.mails_after_run(datetime(2026, 11, 19, 23, 0))), {"digest_tokyo"})
        self.assertFalse(self.mails_after_run(datetime(2026, 11, 20, 5, 30)), "06:30 in Zurich")
        self.assertEqual(set(self.mails_after_run(datetime(2026, 11, 20, 10, 30))), {"digest_clerk"})

    def test_it_counts_what_the_user_may_see_and_has_to_do_with(self):
        self.new_reader("digest_employee", "base.group_user")
        colleague = self.new_reader("digest_colleague", "base.group_user,base.group_partner_manager")
        taken, put_off, *_others = self.fail_deliveries(4)
        taken.responsible_id = colleague
        put_off.snoozed_until = datetime(2026, 11, 21)
        mails = self.mails_after_run()
        self.assertEqual(set(mails), {"digest_clerk", "digest_colleague"})
        self.assertEqual(mails["digest_clerk"].subject, "2 deliveries need attention")
        self.assertEqual(mails["digest_colleague"].subject, "3 deliveries need attention")

    def test_it_speaks_the_users_language(self):
        self.env["res.lang"]._activate_lang("de_DE")
        self.env["ir.module.module"].search([("name", "=", "integration_monitor")])._update_translations(
            ["de_DE"]
        )
        self.clerk.lang = "de_DE"
        self.fail_deliveries(2, amount=1000.5, currency_id=self.franc.id)
        mail = self.mails_after_run()["digest_clerk"]
        self.assertIn("2.001,00", mail.body_html)
        german = self.env["integration.delivery"].with_context(lang="de_DE")
        kinds = dict(german._fields["case_kind"]._description_selection(german.env))
        self.assertNotEqual(kinds["refused"], "Refused by the other system")
        self.assertIn(kinds["refused"], mail.body_html)

    def test_who_did_not_ask_gets_none_and_a_fault_with_one_is_not_that_of_the_others(self):
        self.new_reader("digest_second", "base.group_user,base.group_partner_manager")
        self.new_reader(
            "digest_quiet", "base.group_user,base.group_partner_manager", integration_digest=False
        )
        self.fail_deliveries()
        digests = type(self.env["integration.digest"])
        summarize = digests._summarize

        def fail_for_clerk(digest, user, now):
            if user == self.clerk:
                raise ValueError("no such currency")
            return summarize(digest, user, now)

        with (
            patch.object(digests, "_summarize", fail_for_clerk),
            mute_logger("odoo.addons.integration_monitor.models.integration_digest"),
        ):
            self.assertEqual(set(self.mails_after_run()), {"digest_second"})
        self.assertEqual(set(self.mails_after_run()), {"digest_clerk"}, "it is tried again in an hour")

    def test_a_user_changes_his_own_preference_only(self):
        self.clerk.with_user(self.clerk).write({"integration_digest": False})
        self.assertFalse(self.clerk.integration_digest)
        self.assertTrue(self.clerk.with_user(self.clerk).read(["integration_digest"]))


@tagged("post_install", "-at_install")
class TestDigestUnsubscribe(HttpCase):
    def test_the_link_asks_first_and_ends_the_summary_only_with_the_users_own_token(self):
        user = new_test_user(self.env, "digest_leaver", groups="base.group_user", email="leaver@example.org")
        user.integration_digest = True
        url = self.env["integration.digest"]._unsubscribe_url(user).replace(user.get_base_url(), "")
        self.assertIn("End the daily summary?", self.url_open(url).text)
        self.assertTrue(user.integration_digest)
        path, arguments = url.split("?")
        other = {"user_id": str(self.env.ref("base.user_admin").id), "token": arguments.split("token=")[1]}
        self.assertEqual(self.url_open(path, data=other).status_code, 404)
        self.assertIn("Done", self.url_open(url, data={"List-Unsubscribe": "One-Click"}).text)
        user.invalidate_recordset()
        self.assertFalse(user.integration_digest)
