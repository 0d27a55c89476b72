"""What a person does to many deliveries at once: retry, cancel, replay, with progress, stop and resume.

::

    draft ──start──▶ running ──▶ done
    (preview)         │   ▲
                 stop ▼   │ resume
                     stopped

The preview makes the list of deliveries (``integration.bulk.item``); running takes it in chunks, each in a
transaction of its own, with the rights of the person who asked. There is no second way of changing a
delivery: chunks do what the buttons on a single delivery do.

Chunks write how far they are into a row of its own (``integration.bulk.progress``), and into the operation's
row only at the end, so that a person can stop it at any time.
"""

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

from .group_names import GROUP_OPERATOR

# So few are done while the person waits.
AT_ONCE_MAX = 200


class IntegrationBulkOperation(models.Model):
    _name = "integration.bulk.operation"
    _description = "Integration Bulk Operation"
    _order = "id desc"

    kind = fields.Selection(
        [
            ("retry", "Retry"),
            ("cancel", "Cancel"),
            ("replay_original", "Replay as it was"),
            ("replay_current", "Replay with current content"),
        ],
        "What",
        required=True,
        readonly=True,
    )
    state = fields.Selection(
        [("draft", "Preview"), ("running", "Running"), ("stopped", "Stopped"), ("done", "Done")],
        "Status",
        required=True,
        readonly=True,
        default="draft",
    )
    state_reason = fields.Char("Stopped Because", readonly=True)
    user_id = fields.Many2one("res.users", "Asked For By", readonly=True, ondelete="set null")
    company_ids = fields.Many2many("res.company", string="Companies", readonly=True)
    endpoint_id = fields.Many2one(
        "integration.endpoint", "Endpoint", readonly=True, ondelete="cascade", index="btree_not_null"
    )
    range_start = fields.Datetime("Delivered From", readonly=True)
    range_end = fields.Datetime("Delivered Until", readonly=True)
    reason = fields.Char(readonly=True)
    preview = fields.Html(readonly=True, help="What was counted, by endpoint and status.")
    total_count = fields.Integer(
        "Deliveries", readonly=True, help="How many it is about, counted in the preview."
    )
    unsuitable_count = fields.Integer(
        "Left Alone", readonly=True, help="Chosen, but in a status in which there is nothing to do."
    )
    forbidden_count = fields.Integer(
        "Not Allowed", readonly=True, help="Chosen, but the person may not change them."
    )
    started_at = fields.Datetime(readonly=True)
    finished_at = fields.Datetime(readonly=True)
    can_control = fields.Boolean(compute="_compute_can_control")

    _running_index = models.Index("(started_at) WHERE state = 'running'")

    @api.depends("kind", "total_count")
    @api.depends_context("lang")
    def _compute_display_name(self):
        kinds = dict(self._fields["kind"]._description_selection(self.env))
        for operation in self:
            operation.display_name = f"{kinds[operation.kind]} · {operation.total_count:,}"

    @api.depends_context("uid")
    def _compute_can_control(self):
        for operation in self:
            operation.can_control = operation._is_controllable()

    def _is_controllable(self):
        return self.env.su or self.user_id == self.env.user or self.env.user.has_group(GROUP_OPERATOR)

    def _check_control(self):
        """Refuse who neither asked for these operations nor is an operator.

        :raise AccessError: IM_BULK_NOT_ALLOWED
        """
        self.check_access("read")
        for operation in self:
            if not operation._is_controllable():
                raise AccessError(
                    self.env._(
                        "IM_BULK_NOT_ALLOWED: only %(user)s, who asked for it, or an integration operator "
                        "may stop or resume this.",
                        user=operation.user_id.name or self.env._("the person"),
                    )
                )

    def action_stop(self):
        """Stop after the chunk that is being done; what was done stays done."""
        self._check_control()
        # sudo: the right was checked just above; write access to operations is given to nobody
        running = self.sudo().filtered(lambda operation: operation.state == "running")
        reason = self.env._("%(user)s stopped it.", user=self.env.user.name)
        running.write({"state": "stopped", "state_reason": reason})
        self.env["integration.bus"]._hint_monitor()
        return True

    def action_resume(self):
        """Go on where it was stopped, with the rights of the person who asked for it."""
        self._check_control()
        stopped = self.sudo().filtered(lambda operation: operation.state == "stopped")
        stopped.write({"state": "running", "state_reason": False})
        self._wake_runner()
        self.env["integration.bus"]._hint_monitor()
        return True

    def _start(self, reason=False):
        """Do what was previewed: a few at once, more in the background.

        :param str reason: why, needed to cancel
        :raise AccessError: IM_BULK_NOT_ALLOWED
        :raise UserError: IM_BULK_EMPTY, IM_BULK_STARTED, IM_CANCEL_REASON_MISSING
        """
        self.ensure_one()
        # sudo: write access to operations is given to nobody
        operation = self.sudo()
        if operation.user_id != self.env.user:
            raise AccessError(
                self.env._("IM_BULK_NOT_ALLOWED: only %(user)s may start this.", user=operation.user_id.name)
            )
        if operation.state != "draft":
            raise UserError(
                self.env._(
                    "IM_BULK_STARTED: this was started already. Look at its progress under Bulk operations."
                )
            )
        if not operation.total_count:
            raise UserError(
                self.env._("IM_BULK_EMPTY: there is nothing to do. Choose other deliveries or another time.")
            )
        if operation.kind == "cancel":
            operation.reason = self.env["integration.delivery"]._clean_reason(reason)
        operation.write({"state": "running", "started_at": fields.Datetime.now()})
        if operation.total_count > AT_ONCE_MAX:
            self._wake_runner()
            return
        while operation.state == "running":
            operation._run_chunk()

    def _open(self):
        """The action that shows this operation with its progress."""
        return {
            "type": "ir.actions.act_window",
            "res_model": self._name,
            "res_id": self.id,
            "views": [(False, "form")],
            "target": "current",
        }
