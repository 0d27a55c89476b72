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


def complete_before_commit(cr, complete):
    """Make the next ``cr.commit()`` flush and call `complete` until nothing is left.

    An exception of `complete` leaves the transaction uncommitted and the hook in
    place: whoever committed rolls back, and may try again.

    :param cr: a Cursor or TestCursor
    :param complete: called with the cursor, returns the number of rows it completed
    """
    wrapped = vars(cr).get("commit")
    if isinstance(wrapped, _CompletingCommit):
        return
    cr.commit = _CompletingCommit(cr, complete, wrapped)


class _CompletingCommit:
    """Stands in for the cursor's commit once, then gives way to the former one."""

    def __init__(self, cr, complete, former):
        self.cr = cr
        self.complete = complete
        self.former = former  # what somebody else had set on this cursor object, or None

    def __call__(self):
        if self.is_given_up():
            self.give_way()
            return self.cr.commit()
        for _round in range(ROUNDS_MAX):
            self.cr.flush()
            if not self.complete(self.cr):
                break
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
