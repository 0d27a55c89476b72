"""Rows that let only one transaction at a time pass: one for claims, one for the roll call of sidecars.

Odoo runs in REPEATABLE READ: a transaction sees the database as it was when its first statement ran. A
claim whose snapshot is older than another claim's commit would not see the leases just given. It could
exceed an endpoint's window, or give out the second event of a record whose first is already on the road
(different rows, so no row lock would notice).

So every claim first updates this row. PostgreSQL then guarantees: either no other claim committed since
our snapshot, and what we see is true; or it refuses the update with a serialization failure.

The row of claims also remembers since when claims come without a gap. After an outage, reports of what was
sent meanwhile are still on their way, and leases have run out without anybody having been able to say that
the broker has the deliveries. What is late then is not lost; see ``QUIET_S``.

The second row does the same for sidecars that say which others they have heard of: two of them judging by
snapshots that do not know each other could both be given the same share.

That refusal is answered with "busy, ask again at once" instead of being raised: ``service.model.retrying``
would hold an Odoo worker for up to two seconds before its second try.
"""

from datetime import timedelta

from psycopg2.errors import LockNotAvailable, SerializationFailure

from odoo import api, fields, models
from odoo.tools import SQL

# A longer gap between claims means that Odoo or every sidecar was away. For as long afterwards, nothing is
# taken back: sidecars come back within 15 s and bring their reports first.
QUIET_S = 60

GATE_BUSY_ERRORS = (LockNotAvailable, SerializationFailure)
CLAIM_GATE = 1
WORKER_GATE = 2


class IntegrationClaimGate(models.Model):
    _name = "integration.claim.gate"
    _description = "Integration Claim Gate"
    _log_access = False

    turn = fields.Integer("Turn", required=True, readonly=True, default=0)

    last_turn_at = fields.Datetime("Last Claim", readonly=True)
    steady_since = fields.Datetime(
        "Steady Since", readonly=True, help="The first claim after the last outage; empty: there was none."
    )

    def init(self):
        self.env.cr.execute(
            SQL(
                """
                INSERT INTO integration_claim_gate (id, turn) VALUES (%s, 0), (%s, 0)
                ON CONFLICT (id) DO NOTHING
                """,
                CLAIM_GATE,
                WORKER_GATE,
            )
        )

    @api.model
    def _take(self, gate=CLAIM_GATE):
        """Pass the gate until the end of the transaction.

        :return: None, or until when nothing is taken back because turns have not come steadily yet
        :raise LockNotAvailable: another one is inside
        :raise SerializationFailure: another one came and went after our snapshot
        """
        now = self.env["integration.delivery"]._now()
        # Errors are part of the plan here, so the cursor need not log them.
        self.env.cr.execute(
            SQL("SELECT id FROM integration_claim_gate WHERE id = %s FOR NO KEY UPDATE NOWAIT", gate),
            log_exceptions=False,
        )
        self.env.cr.execute(
            SQL(
                """
                UPDATE integration_claim_gate
                   SET turn = (turn + 1) %% 1000000, last_turn_at = %(now)s,
                       steady_since = CASE WHEN last_turn_at < %(quiet)s THEN %(now)s ELSE steady_since END
                 WHERE id = %(gate)s
             RETURNING CASE WHEN steady_since > %(quiet)s THEN steady_since END
                """,
                now=now,
                quiet=now - timedelta(seconds=QUIET_S),
                gate=gate,
            ),
            log_exceptions=False,
        )
        ((steady_since,),) = self.env.cr.fetchall()
        return steady_since and steady_since + timedelta(seconds=QUIET_S)
