"""What came over the broker and belongs to no delivery: kept for a person, never thrown away.

::

             the same content comes once more
    ┌──────┐ ◀──────────────────────────── ┌──────────┐
    │ open │ ────────────────────────────▶ │ resolved │
    └──────┘   a person: Resolve, with a note └──────────┘

One row per content, so that a broken publisher makes one case and a count, not thousands of rows. The broker
hands a message out again when an answer was lost: ``last_key`` tells that from a second message.
"""

import base64
import hashlib
import re
from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.tools import SQL

from .integration_delivery_rights import GROUP_OPERATOR

# Beyond this the rest of a message is left out of the row, which then says so.
CONTENT_BYTES_MAX = 1024 * 1024
EXCERPT_CHARS_MAX = 500
NOTE_CHARS_MAX = 500

PARKED_COLUMNS = {
    "fingerprint": "text",
    "last_key": "text",
    "found_in": "text",
    "reason": "text",
    "message_id": "text",
    "message_type": "text",
    "size_bytes": "int",
    "excerpt": "text",
    "content": "bytea",
    "is_cut": "boolean",
    "worker": "text",
    "repeat_count": "int",
}


class IntegrationParkedMessage(models.Model):
    _name = "integration.parked.message"
    _description = "Integration Parked Message"
    _order = "last_seen_at desc, id desc"
    _rec_name = "reason"

    state = fields.Selection(
        [("open", "Open"), ("resolved", "Resolved")], required=True, readonly=True, default="open", index=True
    )
    found_in = fields.Char("Found In", readonly=True, help="The queue, or the call, in which it came.")
    reason = fields.Text("Why", readonly=True, help="Why it could not be given to a delivery.")
    fingerprint = fields.Char(
        required=True,
        readonly=True,
        help="SHA-256 of the content. The same content again is counted, not listed anew.",
    )
    last_key = fields.Char(required=True, readonly=True)
    message_id = fields.Char("Message ID", readonly=True, help="What its publisher called it.")
    message_type = fields.Char("Message Type", readonly=True)
    size_bytes = fields.Integer("Size (bytes)", readonly=True, aggregator=None)
    excerpt = fields.Text(
        "Beginning",
        readonly=True,
        help="How it begins. Letters are shown as x and digits as 9, because it may hold personal data.",
    )
    content = fields.Binary(
        attachment=False,
        readonly=True,
        groups="integration_monitor.group_manager",
        help="The message as it came, for administrators only.",
    )
    content_name = fields.Char(compute="_compute_content_name")
    is_cut = fields.Boolean("Cut", readonly=True, help="It was too large: only its beginning is kept.")
    worker = fields.Char("Reported By", readonly=True)
    first_seen_at = fields.Datetime("First Seen", readonly=True)
    last_seen_at = fields.Datetime("Last Seen", readonly=True)
    repeat_count = fields.Integer("Seen", readonly=True, aggregator=None, help="How often it came.")
    resolution_note = fields.Char("What Was Done", size=NOTE_CHARS_MAX)
    resolved_by = fields.Many2one("res.users", readonly=True, ondelete="set null")
    resolved_at = fields.Datetime(readonly=True)

    _fingerprint_unique = models.Constraint("UNIQUE(fingerprint)", "A content is listed once.")

    def _compute_content_name(self):
        for message in self:
            message.content_name = f"parked_message_{message.id}.bin"

    @api.model
    def _park(self, messages, worker):
        """Keep these messages; one statement for any number of them. Repeats change nothing.

        :param list messages: dicts as ``parse_parked_message`` returns them
        :param str worker: who brings them
        """
        if not messages:
            return
        by_fingerprint = {}
        for message in messages:
            by_fingerprint.setdefault(message["fingerprint"], {})[message["message_key"]] = message
        rows = [self._prepare_row(list(same.values()), worker) for same in by_fingerprint.values()]
        self.env.flush_all()
        columns = SQL(", ").join(SQL.identifier(name) for name in PARKED_COLUMNS)
        self.env.cr.execute(
            SQL(
                """
                INSERT INTO integration_parked_message AS m
                       (%(columns)s, state, first_seen_at, last_seen_at, create_uid, create_date, write_uid,
                        write_date)
                SELECT p.*, 'open', %(now)s, %(now)s, 1, %(now)s, 1, %(now)s FROM unnest(%(arrays)s) AS p
           ON CONFLICT (fingerprint) DO UPDATE
                   SET state = 'open', last_key = EXCLUDED.last_key, last_seen_at = EXCLUDED.last_seen_at,
                       found_in = EXCLUDED.found_in, reason = EXCLUDED.reason, worker = EXCLUDED.worker,
                       repeat_count = m.repeat_count + EXCLUDED.repeat_count
                 WHERE m.last_key <> EXCLUDED.last_key
                """,
                columns=columns,
                now=self.env["integration.delivery"]._now(),
                arrays=SQL(", ").join(
                    SQL(f"%s::{pg_type}[]", [row[name] for row in rows])
                    for name, pg_type in PARKED_COLUMNS.items()
                ),
            ),
            # The statement holds contents, which do not belong into a log.
            log_exceptions=False,
        )
        self.invalidate_model()
        self.env["integration.bus"]._hint_monitor()

    @api.model
    def _prepare_row(self, same, worker):
        """The row for messages of one content."""
        message = same[-1]
        content = message["content"]
        row = {name: message.get(name) for name in PARKED_COLUMNS}
        row.update(
            last_key=message["message_key"],
            worker=worker,
            repeat_count=len(same),
            excerpt=mask_text(content[: EXCERPT_CHARS_MAX * 4].decode("utf-8", "replace"))[
                :EXCERPT_CHARS_MAX
            ],
            content=base64.b64encode(content[:CONTENT_BYTES_MAX]),
            is_cut=len(content[:CONTENT_BYTES_MAX]) < message["size_bytes"],
        )
        return row

    @api.model
    def _describe_unusable(self, text, *, found_in, reason, subject):
        """A part of a call that Odoo cannot use, as ``_park`` takes it. One case per subject and reason."""
        fingerprint = hashlib.sha256(f"{found_in}\n{subject}\n{reason}".encode()).hexdigest()
        content = text.encode("utf-8", "replace")
        return {
            "message_key": hashlib.sha256(content).hexdigest(),
            "fingerprint": fingerprint,
            "found_in": found_in,
            "reason": reason,
            "message_id": None,
            "message_type": None,
            "size_bytes": len(content),
            "content": content,
        }

    def action_resolve(self, note):
        """Close these cases.

        :param str note: what was done, at most 500 characters
        :raise AccessError: for people who are neither operators nor administrators
        :raise UserError: IM_RESOLUTION_MISSING
        """
        self.check_access("read")
        if not self.env.user.has_group(GROUP_OPERATOR):
            raise AccessError(
                self.env._("Only integration operators and administrators may resolve a parked message.")
            )
        note = note.strip()[:NOTE_CHARS_MAX] if isinstance(note, str) else ""
        if not note:
            raise UserError(
                self.env._(
                    "IM_RESOLUTION_MISSING: say in a few words what was found out or done about this "
                    "message, so that nobody has to ask again."
                )
            )
        # sudo: nobody may write these rows; the right was checked above
        self.sudo().filtered(lambda message: message.state == "open").write(
            {
                "state": "resolved",
                "resolution_note": note,
                "resolved_by": self.env.uid,
                "resolved_at": fields.Datetime.now(),
            }
        )
        self.env["integration.bus"]._hint_monitor()
        return True

    @api.autovacuum
    def _gc_resolved(self):
        """Delete resolved cases that are older than the retention of deliveries; open ones never."""
        days = self.env["integration.delivery"]._retention_days()
        resolved_before = fields.Datetime.now() - timedelta(days=days)
        self.sudo().search([("state", "=", "resolved"), ("resolved_at", "<", resolved_before)]).unlink()


def mask_text(text):
    """Return the shape of a text: letters as x, digits as 9, control characters as a dot."""
    masked = re.sub(r"[^\W\d_]", "x", text)
    masked = re.sub(r"\d", "9", masked)
    return re.sub(r"[\x00-\x08\x0b-\x1f\x7f\ufffd]", ".", masked)
