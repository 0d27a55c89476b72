"""Running bulk operations: chunk by chunk, each with a commit, so that nothing else has to wait."""

import logging

from psycopg2.errors import DeadlockDetected, LockNotAvailable, SerializationFailure

from odoo import api, fields, models
from odoo.tools import SQL

_logger = logging.getLogger(__name__)

# Enough to be fast, few enough that sidecars and people never wait long for the rows of one.
CHUNK = 500
# Rendering content takes longer, and saving these records waits for the end of the chunk.
CHUNK_CURRENT = 100
# A sidecar or a person was faster on one of the rows: look again.
CONFLICTS = (DeadlockDetected, LockNotAvailable, SerializationFailure)
TRIES_MAX = 10
ENDED_STATES = {"cancelled", "expired", "superseded"}


class IntegrationBulkOperation(models.Model):
    _inherit = "integration.bulk.operation"

    @api.model
    def _wake_runner(self):
        # sudo: people who may start an operation need no rights on scheduled actions
        self.env.ref("integration_monitor.ir_cron_bulk").sudo()._trigger()

    @api.model
    def _cron_run(self):
        """Take a chunk of each running operation in turn, until nothing is left or the time is up."""
        while operations := self.search([("state", "=", "running")], order="started_at, id"):
            for operation in operations:
                settled_count = operation._run_chunk_safely()
                remaining = sum(o.total_count - o.done_count - o.skipped_count for o in operations)
                if not self.env["ir.cron"]._commit_progress(settled_count, remaining=max(remaining, 1)):
                    # Out of time. Woken explicitly, because Odoo would come back only in a minute.
                    self._wake_runner()
                    self.env["ir.cron"]._commit_progress(remaining=1)
                    return
        self.env["ir.cron"]._commit_progress(remaining=0)

    def _run_chunk_safely(self):
        """Run a chunk; after a conflict again, after a fault of our own stop the operation and say so.

        :return: how many deliveries were dealt with
        """
        for _try in range(TRIES_MAX):
            try:
                return self._run_chunk()
            except CONFLICTS:
                self.env.cr.rollback()
                self.env.invalidate_all()
            except Exception as fault:  # noqa: BLE001 - whatever it was, other operations must go on
                self.env.cr.rollback()
                self.env.invalidate_all()
                _logger.exception("integration.bulk_failed operation=%s", self.id)
                self.write(
                    {
                        "state": "stopped",
                        "state_reason": self.with_context(lang=self.user_id.lang).env._(
                            "A fault stopped it (%(kind)s); the server's log says more. What was done stays "
                            "done, and Resume goes on from there.",
                            kind=type(fault).__name__,
                        ),
                    }
                )
                return 0
        return 0

    def _run_chunk(self):
        """Do the next deliveries of the list, in this transaction.

        :return: how many were dealt with
        """
        self.env.flush_all()
        if not self._lock_running():
            self.invalidate_recordset()
            return 0
        state_by_id = self._take_items()
        delivery_ids = list(state_by_id)
        if delivery_ids:
            # In the language of the person, who reads later why something was skipped.
            skipped = self.with_context(lang=self.user_id.lang)._deal_with(state_by_id)
            self._settle_items(delivery_ids, skipped)
        if len(delivery_ids) < self._chunk_size():
            self.write({"state": "done", "finished_at": fields.Datetime.now()})
        self.env["integration.bus"]._hint_monitor()
        return len(delivery_ids)

    def _lock_running(self):
        """Return whether it is running still, for this runner alone.

        A second runner waits for the progress row and then fails. The operation's row is locked as well,
        since PostgreSQL refuses that if it was stopped after our snapshot; but let go at once, so that nobody
        who presses Stop waits for a chunk.

        :raise SerializationFailure: look again in a new transaction
        """
        self.env.cr.execute(
            SQL("SELECT FROM integration_bulk_progress WHERE operation_id = %s FOR NO KEY UPDATE", self.id),
            log_exceptions=False,
        )
        savepoint = self.env.cr.savepoint(flush=False)
        try:
            self.env.cr.execute(
                SQL("SELECT state FROM integration_bulk_operation WHERE id = %s FOR SHARE", self.id),
                log_exceptions=False,
            )
            return self.env.cr.fetchone() == ("running",)
        finally:
            savepoint.close(rollback=True)

    def _chunk_size(self):
        return CHUNK_CURRENT if self.kind == "replay_current" else CHUNK

    def _take_items(self):
        """The next deliveries of the list, in ascending order: that is also their order per record.

        :return: ``{delivery id: state when it was counted}``
        """
        rows = self.env.execute_query(
            SQL(
                """
                SELECT i.delivery_id, i.state
                  FROM integration_bulk_progress p
                  JOIN integration_bulk_item i
                    ON i.operation_id = p.operation_id AND i.delivery_id > p.last_id
                 WHERE p.operation_id = %s
              ORDER BY i.delivery_id LIMIT %s
                """,
                self.id,
                self._chunk_size(),
            )
        )
        return dict(rows)

    def _deal_with(self, state_by_id):
        """Do it for these deliveries, with the rights of the person who asked.

        :param dict state_by_id: delivery id → state when it was counted
        :return: ``{delivery id: why it was left alone}``
        """
        user = self.user_id
        companies = self.company_ids & user.company_ids
        if not user or not (user.active or user._is_superuser()) or not companies:
            why = self.env._("The person who asked for this may no longer do it.")
            return dict.fromkeys(state_by_id, why)
        changed = self._lock_deliveries(state_by_id)
        deliveries = (
            self.env["integration.delivery"]
            .with_user(user)
            .with_context(allowed_company_ids=companies.ids, lang=user.lang)
            .browse(id_ for id_ in state_by_id if id_ not in changed)
        )
        if self.kind == "retry":
            skipped = deliveries._bulk_retry()
        elif self.kind == "cancel":
            skipped = deliveries._bulk_cancel(self.reason)
        elif self.kind == "replay_original":
            skipped = deliveries._bulk_replay()
        else:
            skipped = deliveries._bulk_replay_current(self.endpoint_id)
        return {**changed, **skipped}

    def _lock_deliveries(self, state_by_id):
        """Lock the deliveries, in the order in which reports do.

        :return: ``{delivery id: why not}`` of those that are gone, or that were ended after the preview: a
            bulk retry must not revive what somebody cancelled meanwhile
        """
        rows = self.env.execute_query(
            SQL(
                "SELECT id, state FROM integration_delivery WHERE id = ANY(%s) ORDER BY id FOR NO KEY UPDATE",
                list(state_by_id),
            )
        )
        state_now = dict(rows)
        changed = {id_: self.env._("It was deleted.") for id_ in state_by_id if id_ not in state_now}
        label = self.env["integration.delivery"]._state_label
        for id_, state in rows:
            if state in ENDED_STATES and state != state_by_id[id_]:
                changed[id_] = self.env._("It is %(state)s by now.", state=label(state))
        return changed
