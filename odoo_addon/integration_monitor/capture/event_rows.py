"""The SQL on captured rows of ``integration_event``; what makes them recorded is in delivery_rows.py."""

import json
from dataclasses import dataclass, field

from odoo.tools import SQL

from .guarded_step import OPEN_SAVEPOINT

# First key of the advisory locks, so that they meet nobody else's: "IM" in ASCII.
LOCK_NAMESPACE = 0x494D
# Locks are per bucket of records. More buckets: fewer strangers share one. Fewer: a
# transaction over many records holds fewer locks (PostgreSQL's lock table is bounded).
LOCK_BUCKETS = 256


@dataclass
class CapturedEvent:
    """One captured row on its way to completion."""

    id: int
    event_type_id: int
    res_model: str
    res_id: int
    error: str | None
    payload: str | None
    record_name: str | None
    company_id: int | None
    matches: dict | None  # subscription id → error text or None; None: not matched yet
    is_there: bool | None = None  # whether the record exists; None: not looked up
    latest_revision: int | None = None  # last number given to a configuration, maybe not committed
    failure_class: str | None = None
    stakes: tuple = (None, None, None)  # partner id, amount, currency id
    sequence: int = 0
    routes: list = field(default_factory=list)


def insert_captured(cr, event_type_id, res_model, res_ids, actor_id, error, is_deletion=False):
    """Insert one captured row per record unless the transaction has it; return ids of new or changed ones.

    A repeat without error clears the error of an earlier one: the event is certain now. Where the records go,
    rows of an earlier change are returned as well: their content has to be kept now.
    The correlation id is the same for all events of a transaction. Who caused the event is its
    actor; Odoo's "created by" would be checked against the users once more, at every save.
    """
    cr.execute(
        SQL(
            """
        INSERT INTO integration_event (
               event_id, event_type_id, res_model, res_id, occurred_at, actor_id, correlation_id,
               state, error, capture_transaction, create_date, write_date)
        SELECT gen_random_uuid()::text, %(type)s, %(model)s, record.id,
               clock_timestamp() AT TIME ZONE 'UTC', %(actor)s,
               md5(pg_current_xact_id()::text || transaction_timestamp()::text)::uuid::text,
               'captured', %(error)s, pg_current_xact_id()::text,
               now() AT TIME ZONE 'UTC', now() AT TIME ZONE 'UTC'
          FROM unnest(%(ids)s::int[]) AS record(id)
   ON CONFLICT (capture_transaction, event_type_id, res_id) WHERE state = 'captured'
     DO UPDATE SET error = CASE WHEN excluded.error IS NULL THEN NULL ELSE integration_event.error END
         WHERE integration_event.error IS NOT NULL AND excluded.error IS NULL
            OR %(is_deletion)s AND integration_event.capture_matches IS NULL
     RETURNING id
        """,
            type=event_type_id,
            model=res_model,
            actor=actor_id,
            error=error,
            is_deletion=is_deletion,
            ids=list(res_ids),
        )
    )
    return [row_id for [row_id] in cr.fetchall()]


def fetch_own(env, model_names, limit):
    """Lock the records of this transaction's captured rows and return the rows, oldest first.

    An endpoint gets one record's events by their sequence number, so numbers must come
    in commit order. Numbers are given out under this lock, and the lock is held until
    the commit: a later number cannot be committed before an earlier one. Buckets are
    locked in ascending order, so that two transactions cannot wait for each other: the
    subquery locks row by row in its order. PostgreSQL neither merges a subquery that calls
    a volatile function nor leaves the call out; a DISTINCT before it took twice as long.
    The savepoint of the completion is opened in the same roundtrip.

    :param model_names: the models the rows may be about; their records are looked up on the way
    """
    env.cr.execute(
        SQL(
            """
        %s
        SELECT * FROM (
               SELECT own.*, %s AS is_there,
                      (SELECT last_value FROM integration_capture_revision_number) AS latest_revision,
                      pg_advisory_xact_lock(%s, own.bucket)
                 FROM (SELECT id, event_type_id, res_model, res_id, error, payload, record_name, company_id,
                              capture_matches, hashtext(res_model || ',' || res_id) & %s AS bucket
                         FROM integration_event
                        WHERE state = 'captured' AND capture_transaction = pg_current_xact_id()::text
                        ORDER BY bucket) AS own) AS locked
         ORDER BY id LIMIT %s
        """,
            OPEN_SAVEPOINT,
            _look_up_records(env, model_names),
            LOCK_NAMESPACE,
            LOCK_BUCKETS - 1,
            limit,
        ),
        log_exceptions=not model_names,
    )
    return [_read_row(row, is_there=row[10], latest_revision=row[11]) for row in env.cr.fetchall()]


def _look_up_records(env, model_names):
    """Return an expression: whether the record of the row `own` exists, or null where it does not know."""
    cases = [
        SQL(
            "WHEN %s THEN EXISTS (SELECT 1 FROM %s AS record WHERE record.id = own.res_id)",
            name,
            SQL.identifier(env[name]._table),
        )
        for name in model_names
        if name in env and env[name]._auto
    ]
    return SQL("CASE own.res_model %s END", SQL(" ").join(cases)) if cases else SQL("NULL::bool")


def _read_row(row, **looked_up):
    return CapturedEvent(*row[:8], matches=decode_matches(row[8]), **looked_up)


def lock_records(cr, condition):
    """Lock the records of the captured rows until the transaction ends, as fetch_own() does."""
    cr.execute(
        SQL(
            """
        SELECT pg_advisory_xact_lock(%s, bucket)
          FROM (SELECT DISTINCT hashtext(res_model || ',' || res_id) & %s AS bucket
                  FROM integration_event WHERE %s ORDER BY 1) AS buckets
        """,
            LOCK_NAMESPACE,
            LOCK_BUCKETS - 1,
            condition,
        )
    )
    return cr.rowcount


def fetch_captured(cr, condition, limit):
    """Return the next captured rows, oldest first. Rows that another transaction completes are left out."""
    cr.execute(
        SQL(
            """
        SELECT id, event_type_id, res_model, res_id, error, payload, record_name, company_id, capture_matches
          FROM integration_event WHERE %s ORDER BY id LIMIT %s FOR UPDATE SKIP LOCKED
        """,
            condition,
            limit,
        )
    )
    return [_read_row(row) for row in cr.fetchall()]


def store_snapshots(cr, events):
    """Keep what must be known of records that are about to be deleted; the rows stay captured."""
    cr.execute(
        SQL(
            """
        UPDATE integration_event AS e
           SET payload = v.payload, record_name = v.record_name, company_id = v.company_id,
               error = v.error, capture_matches = v.matches
          FROM unnest(%s::int[], %s::text[], %s::text[], %s::int[], %s::text[], %s::text[])
               AS v(id, payload, record_name, company_id, error, matches)
         WHERE e.id = v.id
        """,
            [event.id for event in events],
            [event.payload for event in events],
            [event.record_name for event in events],
            [event.company_id for event in events],
            [event.error for event in events],
            [encode_matches(event) for event in events],
        )
    )


def delete_void(cr, event_ids):
    """Delete captured rows that turned out to be about nothing."""
    cr.execute(
        SQL("DELETE FROM integration_event WHERE id = ANY(%s) AND state = 'captured'", list(event_ids))
    )


def decode_matches(text):
    return text and {int(subscription_id): error for subscription_id, error in json.loads(text).items()}


def encode_matches(event):
    """Return {subscription id: error or null} as JSON, how a snapshot keeps its matches."""
    return json.dumps(event.matches)
