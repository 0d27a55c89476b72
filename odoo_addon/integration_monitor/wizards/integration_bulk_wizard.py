"""Shows what a bulk operation will do before it does it; for a replay it first asks for the time range."""

from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError


class IntegrationBulkWizard(models.TransientModel):
    _name = "integration.bulk.wizard"
    _description = "Preview of a bulk operation"

    operation_id = fields.Many2one("integration.bulk.operation", readonly=True, ondelete="cascade")
    # With the person's rights, because a client may name any operation.
    kind = fields.Selection(related="operation_id.kind", related_sudo=False)
    summary = fields.Char(related="operation_id.summary", related_sudo=False)
    preview = fields.Html(related="operation_id.preview", related_sudo=False)
    total_count = fields.Integer(related="operation_id.total_count", related_sudo=False)
    unsuitable_count = fields.Integer(related="operation_id.unsuitable_count", related_sudo=False)
    forbidden_count = fields.Integer(related="operation_id.forbidden_count", related_sudo=False)
    reason = fields.Char(help="Stays visible on each cancelled delivery, with your name and the time.")

    endpoint_id = fields.Many2one("integration.endpoint", readonly=True, ondelete="cascade")
    range_start = fields.Datetime(
        "Delivered From",
        default=lambda self: fields.Datetime.now() - timedelta(days=1),
        help="What the endpoint took from this moment on.",
    )
    range_end = fields.Datetime(
        "Until", default=fields.Datetime.now, help="What the endpoint took up to this moment."
    )
    event_type_ids = fields.Many2many(
        "integration.event.type", string="Only These Events", help="Empty: events of all types."
    )
    content = fields.Selection(
        [
            ("replay_original", "As it was sent: the same events with the same ids"),
            ("replay_current", "As it is now: new events, one per document"),
        ],
        default="replay_original",
        required=True,
        help="As it was: a receiver that lost data gets it again and recognises what it still has. As it is "
        "now: a receiver that needs today's content gets one new event for each document.",
    )

    @api.model
    def _show(self, operation):
        """Open the preview of this draft."""
        return self.create({"operation_id": operation.id})._reopen()

    def _reopen(self):
        titles = {"retry": self.env._("Retry deliveries"), "cancel": self.env._("Don't send")}
        replay_title = self.env._("Replay to %(endpoint)s", endpoint=self.endpoint_id.name)
        return {
            "type": "ir.actions.act_window",
            "name": titles.get(self.operation_id.kind, replay_title),
            "res_model": self._name,
            "res_id": self.id,
            "views": [(False, "form")],
            "target": "new",
        }

    def action_preview(self):
        """Count what was delivered in the time range and show it.

        :raise AccessError: IM_REPLAY_NOT_ALLOWED
        :raise UserError: IM_REPLAY_RANGE
        """
        self.ensure_one()
        if not self.range_start or not self.range_end or self.range_start >= self.range_end:
            raise UserError(
                self.env._("IM_REPLAY_RANGE: enter a time range whose beginning is before its end.")
            )
        self.operation_id = self.env["integration.bulk.operation"]._prepare_replay(
            self.content, self.endpoint_id, self.range_start, self.range_end, self.event_type_ids
        )
        return self._reopen()

    def action_start(self):
        """Do it; with many deliveries, show the progress.

        :raise UserError: IM_CANCEL_REASON_MISSING, IM_BULK_EMPTY, IM_BULK_STARTED
        """
        self.ensure_one()
        operation = self.operation_id
        operation._start(self.reason)
        if operation.state != "done" or operation.skipped_count:
            return operation._open()
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "success",
                "message": self.env._("Done: %(operation)s", operation=operation.display_name),
                "next": {"type": "ir.actions.act_window_close"},
            },
        }
