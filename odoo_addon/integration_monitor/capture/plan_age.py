"""Whether the configuration changed while a transaction was under way.

A transaction routes its events by the configuration it saw at its beginning. An endpoint that is activated
meanwhile would miss them, although they are committed after it became active.
"""

import psycopg2

# In the registry: (number of the plan, last number) of which is known that nothing newer was committed.
CHECKED_KEY = "integration_capture_checked"


class RoutesChanged(Exception):
    """Endpoints, subscriptions or event types changed during our transaction: complete its events later."""


def refuse_outdated_plan(env, plan, latest_revision):
    """Make sure that no newer configuration than that of the plan has been committed.

    Costs nothing as long as the last number that was given out is the plan's. Another number may also be of a
    change that is not committed yet (it does not count), or was rolled back. The latter would be asked about
    at every save until the next change, so this process remembers the answer.

    :param latest_revision: the last number that was given out, or None where the plan is current anyway
    :raise RoutesChanged: go back to a savepoint and complete the events later
    """
    remembered, numbers = vars(env.registry), (plan.revision, latest_revision)
    if latest_revision in (None, plan.revision) or remembered.get(CHECKED_KEY) == numbers:
        return
    try:
        # A row that changed after our snapshot refuses this lock.
        env.cr.execute(
            "SELECT FROM integration_capture_revision WHERE id = 1 FOR SHARE SKIP LOCKED",
            log_exceptions=False,
        )
    except psycopg2.errors.SerializationFailure as conflict:
        raise RoutesChanged from conflict
    if env.cr.rowcount:
        remembered[CHECKED_KEY] = numbers
