"""The sidecars that Odoo has heard of, by their heartbeat, and how they share the slots of endpoints.

A sidecar that sends is a *member*: it takes part in the roll call and is told how many members there are and
which of them it is. From that it computes its share of every endpoint's concurrency. The danger is that two
reckon with different members. So a sidecar says with each handshake which roll it has *heard*, that is: takes
into account and has no more requests open than that allows. A roll is settled when every member has heard it;
before that nobody takes more from it, though everybody at once takes less.

    no member ── handshake with a roll ──▶ member ── handshake without one, or 30 s of silence ──▶ no member
"""

from datetime import timedelta
from hashlib import sha256

from odoo import api, fields, models
from odoo.tools import SQL

from .integration_claim_gate import GATE_BUSY_ERRORS, WORKER_GATE

ALIVE_S = 30
# How long after a handshake a sidecar may still start requests. Those end before its share is given away,
# unless the endpoint may take longer than the rest of ALIVE_S.
SHARE_S = 15
FORGET_AFTER_DAYS = 7
# A sidecar that was silent for longer was replaced, not lost.
SILENT_SHOWN_S = 600


class IntegrationWorker(models.Model):
    _name = "integration.worker"
    _description = "Integration Worker"
    _order = "name"
    _log_access = False

    name = fields.Char("Name", required=True, readonly=True)
    version = fields.Char("Version", readonly=True)
    last_seen_at = fields.Datetime("Last Seen", readonly=True)
    # Empty but set: a member that has not heard the roll of now. NULL: no member.
    heard_roll = fields.Char("Heard Roll", readonly=True)
    broker_state = fields.Selection(
        [("connected", "Connected"), ("away", "Not reached")],
        "Message Broker",
        readonly=True,
        help="Whether it reaches the message broker. Empty: it has not said so.",
    )
    broker_lost_at = fields.Datetime("Broker Lost At", readonly=True)
    is_alive = fields.Boolean("Alive", compute="_compute_is_alive", help="Seen in the last 30 seconds.")

    _name_unique = models.Constraint("UNIQUE(name)", "Two workers must not share a name.")

    @api.depends("last_seen_at")
    def _compute_is_alive(self):
        alive_since = fields.Datetime.now() - timedelta(seconds=ALIVE_S)
        for worker in self:
            worker.is_alive = bool(worker.last_seen_at) and worker.last_seen_at >= alive_since

    @api.model
    def _describe_for_overview(self, now):
        """The sidecars worth showing, the latest sign of life first; times are ISO 8601 UTC."""
        workers = self.search([], order="last_seen_at DESC, name")
        shown_since = now - timedelta(seconds=SILENT_SHOWN_S)
        shown = workers.filtered(lambda worker: worker.last_seen_at >= shown_since) or workers[:1]
        return [
            {
                "name": worker.name,
                "version": worker.version,
                "last_seen_at": worker.last_seen_at.isoformat(timespec="milliseconds") + "Z",
                "alive": worker.is_alive,
                "broker_state": worker.broker_state,
                "broker_lost_at": worker.broker_lost_at
                and worker.broker_lost_at.isoformat(timespec="milliseconds") + "Z",
            }
            for worker in shown
        ]

    @api.model
    def _record_broker(self, name, is_connected):
        """Note whether worker ``name``, whose heartbeat was just noted, reaches the broker.

        Only a change is written, so that an ordinary heartbeat costs nothing more.
        """
        state = "connected" if is_connected else "away"
        self.env.cr.execute(
            SQL(
                """
                UPDATE integration_worker
                   SET broker_state = %s,
                       broker_lost_at = CASE WHEN %s THEN NULL ELSE clock_timestamp() AT TIME ZONE 'UTC' END
                 WHERE name = %s AND broker_state IS DISTINCT FROM %s
                """,
                state,
                is_connected,
                name,
                state,
            )
        )
        if self.env.cr.rowcount:
            self.invalidate_model()
            self.env["integration.bus"]._hint_monitor()

    @api.model
    def _record_heartbeat(self, name, version):
        """Note that worker ``name`` is alive and sends nothing: its share is free."""
        self.env.cr.execute(
            SQL("SELECT FROM integration_worker WHERE name = %s AND heard_roll IS NOT NULL", name)
        )
        if self.env.cr.rowcount:
            self.env["integration.bus"]._call_sidecars()
        self._write_row(name, version, None)

    @api.model
    def _answer_roll_call(self, name, version, heard):
        """Note that worker ``name`` is alive and may send.

        :param str heard: the roll that it takes into account, "" for none
        :return: ``{count, index, roll, is_settled}``, index from 0; False when another worker is being
            answered: nothing was noted, ask again
        """
        try:
            # A savepoint, because PostgreSQL refuses every later statement of a transaction after an error.
            with self.env.cr.savepoint():
                self.env["integration.claim.gate"]._take(WORKER_GATE)
                return self._call_roll(name, version, heard)
        except GATE_BUSY_ERRORS:
            return False

    @api.model
    def _call_roll(self, name, version, heard):
        gone = self._release_silent()
        heard_by_member = self._read_members()
        if gone or name not in heard_by_member:
            self.env["integration.bus"]._call_sidecars()
        if name not in heard_by_member:
            self._write_row(name, version, "")
            heard_by_member = self._read_members()
        members = list(heard_by_member)
        roll = sha256("\n".join(members).encode()).hexdigest()[:16]
        # What it has heard counts only for the roll of now. An old one could be the roll of later again, when
        # this worker has long reckoned with what is answered here.
        self._write_row(name, version, heard if heard == roll else "")
        others = [known for member, known in heard_by_member.items() if member != name]
        is_settled = all(known == roll for known in others) and (heard == roll or not others)
        return {
            "count": len(members),
            "index": members.index(name),
            "roll": roll,
            "is_settled": is_settled,
        }

    @api.model
    def _release_silent(self):
        """Strike off who was silent for too long, by PostgreSQL's clock: Odoo's servers may differ."""
        self.env.cr.execute(
            SQL(
                """
                UPDATE integration_worker SET heard_roll = NULL
                 WHERE heard_roll IS NOT NULL
                   AND last_seen_at < clock_timestamp() AT TIME ZONE 'UTC' - make_interval(secs => %s)
                """,
                ALIVE_S,
            )
        )
        self.invalidate_model()
        return self.env.cr.rowcount

    @api.model
    def _read_members(self):
        """Return ``{name: heard roll}`` in the order all sidecars reckon with."""
        self.env.cr.execute(
            SQL("SELECT name, heard_roll FROM integration_worker WHERE heard_roll IS NOT NULL ORDER BY id")
        )
        return dict(self.env.cr.fetchall())

    @api.model
    def _write_row(self, name, version, heard_roll):
        self.env.cr.execute(
            SQL(
                """
                INSERT INTO integration_worker (name, version, last_seen_at, heard_roll)
                VALUES (%s, %s, clock_timestamp() AT TIME ZONE 'UTC', %s)
                ON CONFLICT (name) DO UPDATE
                   SET version = EXCLUDED.version, last_seen_at = EXCLUDED.last_seen_at,
                       heard_roll = EXCLUDED.heard_roll
                """,
                name,
                version,
                heard_roll,
            )
        )
        self.invalidate_model()

    @api.autovacuum
    def _gc_silent_workers(self):
        forget_before = fields.Datetime.now() - timedelta(days=FORGET_AFTER_DAYS)
        self.sudo().search([("last_seen_at", "<", forget_before)]).unlink()
