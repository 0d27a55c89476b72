"""One event for one endpoint, from the moment it is due until it is over."""

from datetime import UTC, datetime

from odoo import api, fields, models
from odoo.exceptions import UserError

from .delivery_state_machine import FAILURE_CLASSES, ODOO_TRANSITIONS, STATES


class IntegrationDelivery(models.Model):
    _name = "integration.delivery"
    _description = "Integration Delivery"
    _order = "id desc"
    _rec_names_search = ["record_name"]

    # Every change of a delivery writes every index, so columns with few values and those that lead another
    # index have none of their own.
    event_id = fields.Many2one(
        "integration.event", "Event", required=True, readonly=True, ondelete="restrict"
    )
    endpoint_id = fields.Many2one(
        "integration.endpoint", "Endpoint", required=True, readonly=True, ondelete="restrict"
    )
    subscription_id = fields.Many2one(
        "integration.subscription",
        "Subscription",
        readonly=True,
        index="btree_not_null",
        ondelete="set null",
    )
    event_type_id = fields.Many2one(
        "integration.event.type", "Event Type", readonly=True, ondelete="restrict"
    )
    # Plain texts, because staff may see the names of endpoints and event types but not open them.
    endpoint_name = fields.Char("Receiver", related="endpoint_id.name", related_sudo=True)
    event_type_name = fields.Char("What Happened", related="event_type_id.name", related_sudo=True)
    business_domain = fields.Selection(related="event_type_id.business_domain", store=True)
    res_model = fields.Char("Document Model", required=True, readonly=True)
    res_id = fields.Integer("Document ID", required=True, readonly=True, aggregator=None)
    record_name = fields.Char("Document", readonly=True)
    company_id = fields.Many2one("res.company", "Company", readonly=True, ondelete="restrict")
    sequence = fields.Integer(
        "Sequence",
        readonly=True,
        aggregator=None,
        help="Commit order of the events of one document. An endpoint gets them in this order.",
    )
    lane = fields.Selection(
        [("urgent", "Urgent"), ("batch", "Batch")], "Lane", required=True, readonly=True, default="urgent"
    )
    state = fields.Selection(STATES, "Status", required=True, readonly=True, default="pending")
    attempt_count = fields.Integer("Attempts", readonly=True, default=0, help="Attempts that are finished.")
    schedule_start = fields.Integer(
        "Schedule Start",
        readonly=True,
        default=0,
        aggregator=None,
        help="Attempts that were finished when the retry schedule last began anew.",
    )
    next_attempt_at = fields.Datetime("Next Attempt", readonly=True, default=fields.Datetime.now)
    waiting_since = fields.Datetime(
        "Waiting Since",
        readonly=True,
        default=fields.Datetime.now,
        help="When it began to wait: when it was made, or last sent again by hand. The endpoint's maximum "
        "age counts from here.",
    )
    lease_worker = fields.Char("Leased By", readonly=True)
    lease_until = fields.Datetime("Leased Until", readonly=True)
    send_before = fields.Datetime(
        "Copy Sent Before",
        readonly=True,
        help="Until when the copy that was given out last may be sent. It tells that copy from earlier ones.",
    )
    queued_at = fields.Datetime("Queued At", readonly=True)
    delivered_at = fields.Datetime("Delivered At", readonly=True)
    last_attempt_at = fields.Datetime("Last Attempt", readonly=True)
    last_status_code = fields.Integer(
        "Last Status Code",
        readonly=True,
        aggregator=None,
        help="HTTP status, or the AMQP reply code of a broker. 0 when there was none.",
    )
    last_error = fields.Text("Last Error", readonly=True)
    failure_class = fields.Selection(FAILURE_CLASSES, "Kind of Failure", readonly=True)
    last_response = fields.Text("Last Answer", readonly=True, help="The beginning of the endpoint's answer.")
    state_changed_at = fields.Datetime("Changed At", readonly=True, default=fields.Datetime.now)
    state_changed_by = fields.Many2one("res.users", "Changed By", readonly=True, ondelete="set null")
    state_reason = fields.Char("Reason", readonly=True)
    attempt_ids = fields.One2many(
        "integration.delivery.attempt", "delivery_id", "Attempt History", readonly=True
    )
    transition_ids = fields.One2many(
        "integration.delivery.transition", "delivery_id", "Changes", readonly=True
    )

    _event_endpoint_unique = models.Constraint(
        "UNIQUE(event_id, endpoint_id)", "An endpoint gets an event only once."
    )
    # What is due, in the very order a claim takes it: "urgent" sorts after "batch", hence DESC. With it a
    # claim reads a window's worth of rows from a backlog of any size.
    _claim_index = models.Index(
        "(endpoint_id, lane DESC, next_attempt_at, sequence, id) WHERE state = 'pending'"
    )
    # What has waited too long?
    _age_index = models.Index("(endpoint_id, waiting_since) WHERE state = 'pending'")
    # Is there an earlier delivery of the same document in the way?
    _head_of_record_index = models.Index(
        "(endpoint_id, res_model, res_id, sequence) WHERE state IN ('pending', 'queued', 'failed')"
    )
    # Does an urgent delivery stand behind one of the batch lane? Asked by every save; empty most of the time,
    # whereas the deliveries a document ever had are many.
    _batch_of_record_index = models.Index(
        "(res_model, res_id, endpoint_id, sequence) WHERE state = 'pending' AND lane = 'batch'"
    )
    # What each endpoint has on the road; small, because a window bounds it.
    _in_flight_index = models.Index("(endpoint_id) WHERE state = 'queued' OR lease_until IS NOT NULL")
    _document_index = models.Index("(res_model, res_id)")
    _failed_index = models.Index("(endpoint_id, last_attempt_at) WHERE state = 'failed'")
    _delivered_index = models.Index(
        "(endpoint_id, delivered_at) WHERE state IN ('delivered', 'acknowledged')"
    )
    # When did somebody last take an event of this type, and how many lately? Asked by the catalogue.
    _type_delivered_index = models.Index(
        "(event_type_id, delivered_at) WHERE state IN ('delivered', 'acknowledged')"
    )
    _purge_index = models.Index(
        "(state_changed_at) WHERE state "
        "IN ('delivered', 'acknowledged', 'cancelled', 'superseded', 'expired')"
    )

    @api.depends("record_name", "endpoint_id")
    def _compute_display_name(self):
        for delivery in self:
            record_name = delivery.record_name or f"{delivery.res_model},{delivery.res_id}"
            delivery.display_name = f"{record_name} → {delivery.endpoint_name}"

    # ------------------------------------------------------------------
    # Changing state inside Odoo
    # ------------------------------------------------------------------

    def _transition(self, to_state, *, reason=False, values=None, ways=ODOO_TRANSITIONS):
        """Bring these deliveries into ``to_state``: the only place inside Odoo that does.

        Callers have checked the user's right already. A change that the state machine does not know is
        refused for the whole batch, so that nothing is half done.

        :param str to_state: a key of ``ways``
        :param dict ways: ``ODOO_TRANSITIONS``, or ``REPLAY_TRANSITIONS`` for a replay
        :param str reason: why, in the user's words; kept on the delivery and in its history
        :param dict values: further values to write with the state
        :raise UserError: IM_TRANSITION_REFUSED
        """
        allowed_from = ways[to_state]
        for delivery in self:
            if delivery.state not in allowed_from:
                raise UserError(
                    self.env._(
                        "IM_TRANSITION_REFUSED: %(delivery)s is %(state)s and cannot become %(to_state)s. "
                        "Reload the page to see what happened meanwhile.",
                        delivery=delivery.display_name,
                        state=self._state_label(delivery.state),
                        to_state=self._state_label(to_state),
                    )
                )
        # sudo: nobody has write access to deliveries, so that every change passes here.
        deliveries = self.sudo()
        now = self._now()
        self.env["integration.delivery.transition"]._record(deliveries, to_state, reason, now)
        # A lease survives pending → pending: the attempt under way must not be doubled by a second one.
        lease = {} if to_state == "pending" else {"lease_worker": False, "lease_until": False}
        deliveries.write(
            {
                "state": to_state,
                "state_changed_at": now,
                "state_changed_by": self.env.uid,
                "state_reason": reason,
                **lease,
                **(values or {}),
            }
        )
        deliveries._announce_changes()

    def _announce_changes(self):
        """Tell open screens that these deliveries changed."""
        if self:
            bus = self.env["integration.bus"]
            bus._hint_documents({(delivery.res_model, delivery.res_id) for delivery in self})
            bus._hint_monitor()

    @api.model
    def _state_label(self, state):
        return dict(self._fields["state"]._description_selection(self.env))[state]

    @api.model
    def _now(self):
        """The present instant, UTC without zone as PostgreSQL stores it, with its microseconds.

        ``fields.Datetime.now()`` cuts them off, and a retry must not be due up to a second early.
        """
        return datetime.now(UTC).replace(tzinfo=None)
