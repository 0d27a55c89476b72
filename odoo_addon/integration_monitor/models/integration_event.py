"""The outbox and the ledger: what happened, as it was committed.

    captured ──▶ recorded     content and deliveries are complete
        └──────▶ error        something has to be corrected; a retry then makes it recorded

A row is captured by plain SQL at the moment its rule fires, so it shares the fate of
its transaction and of every savepoint in it. It is completed just before the commit,
from the final values. Completion only ever completes rows that are there.
"""

import logging

from odoo import SUPERUSER_ID, api, fields, models
from odoo.tools import SQL

from ..capture.commit_hook import (
    complete_before_commit,
    find_captured_models,
    find_created,
    remember_created,
)
from ..capture.completion import ALL_ROWS, complete_all, complete_own, prepare_events
from ..capture.delivery_rows import STORE_EVENTS_FUNCTION
from ..capture.event_content import render_events
from ..capture.event_rows import CapturedEvent, delete_void, fetch_captured, insert_captured, store_snapshots
from ..payload.envelope import render_envelope

_logger = logging.getLogger(__name__)


class IntegrationEvent(models.Model):
    _name = "integration.event"
    _description = "Integration event"
    _order = "id desc"
    _rec_name = "record_name"

    event_id = fields.Char(
        string="Event ID", required=True, readonly=True, help="Receivers recognise repeats by it."
    )
    event_type_id = fields.Many2one(
        "integration.event.type", required=True, readonly=True, ondelete="restrict", index=True
    )
    res_model = fields.Char(string="Record Model", required=True, readonly=True)
    res_id = fields.Many2oneReference(
        string="Record ID", model_field="res_model", required=True, readonly=True, index=True
    )
    record_name = fields.Char(readonly=True)
    company_id = fields.Many2one("res.company", readonly=True, ondelete="set null", index="btree_not_null")
    payload = fields.Text(readonly=True, help="The data part of the event, JSON.")
    occurred_at = fields.Datetime(required=True, readonly=True, help="When the rule fired.")
    recorded_at = fields.Datetime(readonly=True, help="When the event was completed, just before the commit.")
    actor_id = fields.Many2one("res.users", string="Caused By", readonly=True, ondelete="set null")
    correlation_id = fields.Char(readonly=True, help="The same for all events of one transaction.")
    sequence = fields.Integer(
        readonly=True, aggregator=None, help="Ascending in commit order for each record."
    )
    state = fields.Selection(
        [("captured", "Captured"), ("recorded", "Recorded"), ("error", "Error")],
        required=True,
        readonly=True,
        default="captured",
        index=True,
    )
    error = fields.Text(readonly=True, help="What has to be corrected before this event can be sent.")
    capture_transaction = fields.Char(readonly=True, copy=False)
    capture_matches = fields.Text(readonly=True, copy=False)
    delivery_ids = fields.One2many("integration.delivery", "event_id", string="Deliveries", readonly=True)

    _event_id_unique = models.Constraint("UNIQUE(event_id)", "An event identifier is used once.")
    _capture_unique = models.UniqueIndex(
        "(capture_transaction, event_type_id, res_id) WHERE state = 'captured'"
    )

    def init(self):
        self.env.cr.execute("CREATE SEQUENCE IF NOT EXISTS integration_event_sequence")
        self.env.cr.execute(STORE_EVENTS_FUNCTION)

    @api.model
    def _capture(self, event_type_id, records, error=None, is_deletion=False):
        """Record that something happens to `records`, once per transaction, type and record.

        Costs one statement for any number of records and needs no rights.

        :param str error: why it is not sure that the event should happen, or None
        :param bool is_deletion: the records are about to go; their content is kept now
        """
        cr = self.env.cr
        record_ids = set(records.ids)
        if is_deletion:
            # Nobody outside ever heard of a record that goes in the transaction it came in.
            record_ids -= find_created(cr, records._name)
        if not record_ids:
            return
        inserted = insert_captured(
            cr, event_type_id, records._name, sorted(record_ids), self.env.uid, error, is_deletion
        )
        complete_before_commit(cr, _complete_on_commit, records._name)
        if is_deletion and inserted:
            self._snapshot(event_type_id, inserted)

    @api.model
    def _remember_created(self, records):
        """Remember until the commit which records are new, where their deletion would be an event."""
        plan = self.env["integration.capture.revision"]._find_plan()
        if records._name in plan.deletion_models:
            remember_created(self.env.cr, _complete_on_commit, records._name, records.ids)

    @api.model
    def _snapshot(self, event_type_id, row_ids):
        """Render and match now what cannot be read at the commit; numbers and deliveries still come then.

        Numbers wait for the commit because they are given out under a lock, which a
        transaction must not hold while it goes on working.
        """
        self.env.flush_all()
        env = self._completion_env()
        events = fetch_captured(env.cr, SQL("id = ANY(%s)", row_ids), len(row_ids))
        plan = env["integration.capture.revision"]._find_plan()
        void = prepare_events(env, plan.event_types[event_type_id], events)
        if void:
            delete_void(env.cr, void)
        if kept := [event for event in events if event.id not in void]:
            store_snapshots(env.cr, kept)

    @api.model
    def _complete_captured(self):
        """Complete the captured events of this transaction; return how many there were."""
        self.env.flush_all()
        return complete_own(self._completion_env(), find_captured_models(self.env.cr))

    @api.model
    def _complete_orphans(self):
        """Complete committed events that no commit completed; return how many there were.

        Such rows exist only if a commit went past Odoo's cursor. Costs one cheap
        statement when there are none, so every claim asks.
        """
        self.env.cr.execute(SQL("SELECT 1 FROM integration_event WHERE %s LIMIT 1", ALL_ROWS))
        if not self.env.cr.rowcount:
            return 0
        self.env.flush_all()
        return complete_all(self._completion_env())

    @api.model
    def _completion_env(self):
        """Superuser without language or companies: a payload must not depend on who saved."""
        return api.Environment(self.env.cr, SUPERUSER_ID, {})

    def _rerender(self):
        """Make erroneous events sendable if what was wrong has been corrected.

        Content that was rendered at the commit is kept; missing content is rendered
        from the records as they are now.

        :return: those of self that are sendable
        """
        self.env.flush_all()
        env = self._completion_env()
        for event_type, erroneous in (
            self.with_env(env).filtered(lambda event: event.state == "error").grouped("event_type_id").items()
        ):
            missing = erroneous.filtered(lambda event: not event.payload)
            if missing:
                missing._render_missing(event_type)
            (erroneous - missing).write({"state": "recorded", "error": False})
        sendable = self.sudo().filtered(lambda event: event.state == "recorded" and event.payload)
        return sendable.with_env(self.env)

    def _render_missing(self, event_type):
        """Render the content of these events of one type; several may be about one record."""
        records = self.env[event_type.model_name].browse(set(self.mapped("res_id"))).exists()
        content = {
            record.id: CapturedEvent(0, event_type.id, records._name, record.id, None, None, None, None, None)
            for record in records
        }
        plan = self.env["integration.capture.revision"]._find_plan()
        render_events(self.env, plan.event_types[event_type.id], content, records)
        for event in self:
            rendered = content.get(event.res_id)
            if rendered is None:
                event.error = self.env._("The record no longer exists, so its content cannot be sent.")
            elif rendered.error:
                event.error = rendered.error
            else:
                event.write(
                    {
                        "payload": rendered.payload,
                        "record_name": rendered.record_name,
                        "state": "recorded",
                        "error": False,
                    }
                )

    @api.model
    def _render_body(self, row):
        """Return the CloudEvent JSON text of one event, without any query.

        :param dict row: columns of integration_event (event_id, res_model, res_id, occurred_at,
            recorded_at, sequence, correlation_id, actor_id, payload) and the type's technical_name
        """
        return render_envelope(row, self.env["integration.endpoint"]._current_environment_uuid())

    @api.model
    def _render_bodies(self, rows):
        """Render the bodies of claimed deliveries.

        :return: ``({delivery id: text}, {delivery id: kind of fault})``
        """
        bodies, faults = {}, {}
        for row in rows:
            try:
                bodies[row["delivery_id"]] = self._render_body(row)
            except (ValueError, TypeError, AttributeError) as fault:
                _logger.error("event_envelope.failed event=%s", row["event_id"], exc_info=fault)
                faults[row["delivery_id"]] = type(fault).__name__
        return bodies, faults


def _complete_on_commit(cr):
    return api.Environment(cr, SUPERUSER_ID, {})["integration.event"]._complete_captured()
