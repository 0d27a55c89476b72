"""The daily summary: one mail in the morning to who asked for it, if anything waits for him.

It holds counts and amounts, found with the person's own rights, and neither names of documents nor words of
other systems: a mail leaves the house, and those may tell of persons. A row remembers the day a user's
summary was last made, so that there is one a day however often the job runs.
"""

import logging
from datetime import UTC, timedelta
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from psycopg2 import OperationalError

from odoo import api, fields, models
from odoo.tools import SQL, format_amount, format_date, hmac

_logger = logging.getLogger(__name__)

# In the user's time zone. Who asks for it in the afternoon gets the first one the next morning.
MORNING_FROM_H = 7
MORNING_UNTIL_H = 12
TOKEN_SCOPE = "integration_monitor-digest-unsubscribe"


class IntegrationDigest(models.Model):
    _name = "integration.digest"
    _description = "Integration Digest"
    _log_access = False
    _rec_name = "user_id"

    user_id = fields.Many2one("res.users", "User", required=True, readonly=True, ondelete="cascade")
    made_on = fields.Date("Made On", required=True, readonly=True)

    _user_unique = models.Constraint("UNIQUE(user_id)", "A user has one row.")

    @api.model
    def _cron_send(self):
        """Queue the summaries that are due; one that fails stands in nobody's way."""
        now = fields.Datetime.now()
        users = self.env["res.users"].search([("integration_digest", "=", True), ("share", "=", False)])
        due = users.filtered(lambda user: user.email and self._is_morning(user, now))
        for index, user in enumerate(due):
            self._send_safely(user, now)
            if not self.env["ir.cron"]._commit_progress(1, remaining=len(due) - index - 1):
                return

    @api.model
    def _is_morning(self, user, now):
        return MORNING_FROM_H <= _to_local(user, now).hour < MORNING_UNTIL_H

    @api.model
    def _send_safely(self, user, now):
        try:
            with self.env.cr.savepoint():
                self._send(user, now)
        except OperationalError:
            raise  # Odoo repeats the job
        except Exception:  # noqa: BLE001 - whatever is wrong with one user's data must not stop the others
            _logger.exception("digest.failed user=%s", user.id)

    @api.model
    def _send(self, user, now):
        """Queue the user's mail of today, unless it was made already or nothing waits.

        :return: the mail.mail, maybe none
        """
        mails = self.env["mail.mail"].sudo()
        if not self._take_day(user, _to_local(user, now).date()):
            return mails
        summary = self._summarize(user, now)
        if not summary["count"]:
            return mails
        mine = summary["env"]
        return mails.create(
            {
                "subject": summary["title"],
                "body_html": mine["ir.qweb"]._render("integration_monitor.digest_mail", summary),
                "email_to": user.email_formatted,
                "email_from": user.company_id.email_formatted or self.env.user.email_formatted,
                "author_id": self.env.user.partner_id.id,
                "auto_delete": True,
                "headers": {
                    "List-Unsubscribe": f"<{summary['unsubscribe_url']}>",
                    "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
                    "X-Auto-Response-Suppress": "OOF",
                },
            }
        )

    @api.model
    def _take_day(self, user, day):
        """Remember that this user's summary of the day is being made; return whether it was not before."""
        self.env.cr.execute(
            SQL(
                """
                INSERT INTO integration_digest AS d (user_id, made_on) VALUES (%(user)s, %(day)s)
           ON CONFLICT (user_id) DO UPDATE SET made_on = EXCLUDED.made_on WHERE d.made_on < EXCLUDED.made_on
             RETURNING id
                """,
                user=user.id,
                day=day,
            )
        )
        self.invalidate_model()
        return bool(self.env.cr.rowcount)

    @api.model
    def _summarize(self, user, now):
        """Return what the mail shows: what waits for this user, counted with his rights, in his language."""
        context = {"lang": user.lang, "tz": user.tz, "allowed_company_ids": user.company_ids.ids}
        mine = self.env(user=user.id, su=False, context=context)
        groups = mine["integration.delivery"]._read_group(
            self._waiting_domain(user, now),
            ["case_kind", "currency_id"],
            ["__count", "amount:sum", "waiting_since:min"],
        )
        kinds = dict(mine["integration.delivery"]._fields["case_kind"]._description_selection(mine))
        rows = {}
        for kind, currency, count, amount, since in groups:
            row = rows.setdefault(
                kind, {"label": kinds.get(kind, kind), "count": 0, "amounts": [], "since": since}
            )
            row["count"] += count
            row["since"] = min(row["since"], since)
            if currency and amount:
                row["amounts"].append(format_amount(mine, amount, currency))
        for row in rows.values():
            row["since"] = format_date(mine, _to_local(user, row["since"]).date())
        count = sum(row["count"] for row in rows.values())
        base_url = user.get_base_url()
        return {
            "env": mine,
            "user": user,
            "count": count,
            "title": mine._("1 delivery needs attention")
            if count == 1
            else mine._("%(count)s deliveries need attention", count=count),
            "rows": [rows[kind] for kind in kinds if kind in rows],
            "inbox_url": f"{base_url}/odoo/integration-exceptions",
            "preferences_url": f"{base_url}/odoo/my-preferences/{user.id}",
            "unsubscribe_url": self._unsubscribe_url(user),
        }

    @api.model
    def _waiting_domain(self, user, now):
        """What somebody else takes care of, and what was put off, does not wait for this user."""
        return [
            ("is_exception", "=", True),
            ("responsible_id", "in", [False, user.id]),
            "|",
            ("snoozed_until", "=", False),
            ("snoozed_until", "<=", now),
        ]

    # ------------------------------------------------------------------
    # Unsubscribing
    # ------------------------------------------------------------------

    @api.model
    def _unsubscribe_token(self, user):
        return hmac(self.env(su=True), TOKEN_SCOPE, user.id)

    @api.model
    def _unsubscribe_url(self, user):
        arguments = urlencode({"user_id": user.id, "token": self._unsubscribe_token(user)})
        return f"{user.get_base_url()}/integration_monitor/digest/unsubscribe?{arguments}"

    @api.autovacuum
    def _gc_old(self):
        """Forget users who have not had one for a month."""
        self.sudo().search([("made_on", "<", fields.Date.today() - timedelta(days=31))]).unlink()


def _to_local(user, instant):
    """Return the instant, UTC without zone, in the user's time zone."""
    return instant.replace(tzinfo=UTC).astimezone(ZoneInfo(user.tz or "UTC"))
