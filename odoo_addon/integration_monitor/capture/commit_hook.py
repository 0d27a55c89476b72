"""Runs a completion as the last thing before a cursor commits.

Why not ``cr.precommit``: its hooks run at the opening of every flushing savepoint,
long before the values are final, and a savepoint's rollback forgets hooks that were
added before it. So the commit of this one cursor object is wrapped, from the first
capture until that commit has begun.
"""

import logging

from psycopg2.extensions import TRANSACTION_STATUS_INERROR

_logger = logging.getLogger(__name__)

# Completing may cause further changes, which may cause further events. Three rounds
# are unusual; what is left after ten is completed by the next claim.
ROUNDS_MAX = 10


def complete_before_commit(cr, complete, model_name):
    """Make the next ``cr.commit()`` flush and call `complete` until nothing is left.

    An exception of `complete` leaves the transaction uncommitted and the hook in
    place: whoever committed rolls back, and may try again.

    :param cr: a Cursor or TestCursor
    :param complete: called with the cursor
    :param model_name: what events were captured about
    """
    hook = _wrap_commit(cr, complete)
    hook.capture_count += 1
    hook.models.add(model_name)


def remember_created(cr, complete, model_name, record_ids):
    """Remember, until the commit, that this transaction created these records."""
    _wrap_commit(cr, complete).created.setdefault(model_name, set()).update(record_ids)


def find_created(cr, model_name):
    """Return the ids of records that this transaction created, maybe in savepoints that are undone.

    That does no harm: PostgreSQL never gives the id of an undone record to another one.
    """
    hook = _find_hook(cr)
    return hook.created.get(model_name, frozenset()) if hook else frozenset()


def find_captured_models(cr):
    """Return the names of the models that events were captured about, maybe in savepoints that are undone."""
    hook = _find_hook(cr)
    return sorted(hook.models) if hook else []


def _find_hook(cr):
    wrapped = vars(cr).get("commit")
    return wrapped if isinstance(wrapped, _CompletingCommit) else None


def _wrap_commit(cr, complete):
    hook = _find_hook(cr)
    if hook is None:
        hook = cr.commit = _CompletingCommit(cr, complete, vars(cr).get("commit"))
    return hook


class _CompletingCommit:
    """Stands in for the cursor's commit once, then gives way to the former one."""

    def __init__(self, cr, complete, former):
        self.cr = cr
        self.complete = complete
        self.former = former  # what somebody else had set on this cursor object, or None
        self.capture_count = 0
        self.completed_count = 0
        self.models = set()
        self.created = {}  # model name → ids

    def __call__(self):
        if self.is_given_up():
            self.give_way()
            return self.cr.commit()
        for _round in range(ROUNDS_MAX):
            self.cr.flush()
            count = self.capture_count
            if count == self.completed_count:
                break
            self.complete(self.cr)
            self.completed_count = count
        else:
            _logger.warning("event_completion.unfinished rounds=%s", ROUNDS_MAX)
        self.give_way()
        return self.cr.commit()

    def is_given_up(self):
        """Whether a statement failed outside of any savepoint.

        PostgreSQL turns the commit into a rollback then, events included. Asking it anything
        before would raise an error that the same code does not get without us.
        """
        return self.cr.connection.info.transaction_status == TRANSACTION_STATUS_INERROR

    def give_way(self):
        if self.former is None:
            del self.cr.commit
        else:
            self.cr.commit = self.former
