"""Repeating a call of the door at once, when another transaction was faster.

Odoo runs in REPEATABLE READ: ``report`` of a delivery whose ``published`` was committed after our snapshot is
refused by PostgreSQL, and the other way round. Nothing is wrong then; a fresh snapshot finds the rows as they
are. But ``service.model.retrying`` sleeps up to two seconds before its second try, with an Odoo worker and
the outcomes of every endpoint in the batch waiting. So the door repeats by itself, some milliseconds later,
and leaves only a persistent collision to Odoo.
"""

import random
import time

from odoo.service.model import PG_CONCURRENCY_EXCEPTIONS_TO_RETRY

TRIES_MAX = 6
PAUSE_S = 0.01


def repeat_at_once(env, work):
    """Return ``work()``, done again in a fresh snapshot as often as another transaction was faster.

    Each repeat rolls the whole transaction back: only for a call that is the transaction, never inside one
    that already did something else.

    :raise SerializationFailure, LockNotAvailable, DeadlockDetected: after ``TRIES_MAX`` tries
    """
    for try_number in range(1, TRIES_MAX):
        try:
            return _finish(env, work)
        except PG_CONCURRENCY_EXCEPTIONS_TO_RETRY:
            # As Odoo's own repeat does, without its long wait.
            env.cr.rollback()
            env.registry.reset_changes()
            time.sleep(random.uniform(0, PAUSE_S * try_number))
    return _finish(env, work)


def _finish(env, work):
    result = work()
    env.flush_all()
    return result
