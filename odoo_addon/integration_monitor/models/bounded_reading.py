"""Reading that is worth a moment and no more: what takes longer is given up."""

from contextlib import contextmanager

from odoo.tools import SQL, mute_logger


@contextmanager
def bounded_reading(cr, seconds):
    """Let no statement inside take longer than ``seconds``. Nothing that is written inside stays.

    :raise psycopg2.errors.QueryCanceled: one did; the transaction goes on
    """
    savepoint = cr.savepoint(flush=False)
    try:
        cr.execute(SQL("SELECT set_config('statement_timeout', %s, true)", str(int(seconds * 1000))))
        # That a statement was given up is an answer, not an error of the server.
        with mute_logger("odoo.sql_db"):
            yield
    finally:
        # Ends the limit, too.
        savepoint.close(rollback=True)
