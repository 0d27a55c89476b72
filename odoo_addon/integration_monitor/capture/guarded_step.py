"""Runs a step that may fail without taking the business operation with it."""

import psycopg2

from odoo.tools import SQL

# Put before the statement that fetches what the step works on: one roundtrip for both.
OPEN_SAVEPOINT = SQL("SAVEPOINT integration_completion;")
UNDO_SAVEPOINT = SQL("ROLLBACK TO SAVEPOINT integration_completion")
RELEASE_SAVEPOINT = SQL("RELEASE SAVEPOINT integration_completion")


def attempt_step(env, step):
    """Return (result of `step`, None) or (None, its exception).

    What the step did in the database is undone when it fails. The savepoint does not
    flush: everything was flushed before, so after a failure only what the step itself
    left in memory is dropped, and pre-commit hooks stay.

    Operational errors (conflicts between transactions, lost connections) are raised:
    the transaction is lost then, and Odoo's retry depends on seeing them.
    """
    try:
        with env.cr.savepoint(flush=False):
            return step(), None
    except psycopg2.OperationalError:
        raise
    except Exception as error:  # noqa: BLE001 any fault of fields, filters or other addons
        env.transaction.clear()
        return None, error


def attempt_opened(env, step):
    """Do as attempt_step(), in the savepoint that OPEN_SAVEPOINT opened just before.

    It is not released after success: the commit that follows does so without a roundtrip.
    """
    try:
        return step(), None
    except Exception as error:  # noqa: BLE001 as in attempt_step
        env.cr.execute(UNDO_SAVEPOINT)
        if isinstance(error, psycopg2.OperationalError):
            raise
        env.transaction.clear()
        return None, error


def run_step(_env, step):
    """Do the same without protection: for steps inside a step that is attempted as a whole."""
    return step(), None
