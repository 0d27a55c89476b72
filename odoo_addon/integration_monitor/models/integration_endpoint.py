"""Where events go: an external system, how to reach it, and how patient to be with it."""

from odoo import api, fields, models
from odoo.exceptions import UserError

from ..endpoint.breaker_rules import CLOSED_BREAKER

# What decides whether and how events are routed to an endpoint.
ROUTING_FIELDS = {"name", "active", "company_id", "url", "state"}


class IntegrationEndpoint(models.Model):
    _name = "integration.endpoint"
    _description = "Integration endpoint"
    _inherit = ["mail.thread", "mail.activity.mixin", "integration.capture.source"]
    _order = "name, id"

    name = fields.Char(required=True, tracking=True, help="What people call the external system.")
    active = fields.Boolean(default=True, tracking=True, help="Archived endpoints get nothing.")
    company_id = fields.Many2one(
        "res.company",
        tracking=True,
        index="btree_not_null",
        help="Gets events of this company and its branches only. Empty: of all companies.",
    )
    kind = fields.Selection(
        [("http", "HTTP"), ("amqp", "AMQP broker")],
        required=True,
        default="http",
        tracking=True,
        help="How events are handed over. HTTP: posted to an address. AMQP broker: published to an exchange "
        "of a broker of the receiver's choice, such as RabbitMQ.",
    )
    url = fields.Char(
        string="URL",
        tracking=True,
        help="Absolute https address that events are posted to, or amqps://host/vhost of a broker. Plain "
        "http, amqp and addresses inside your network must be listed under Allowed Addresses.",
    )
    state = fields.Selection(
        [("draft", "Draft"), ("active", "Active"), ("paused", "Paused"), ("stopped", "Stopped")],
        required=True,
        default="draft",
        copy=False,
        tracking=True,
        help="Draft: gets nothing. Active: gets events. Paused: events wait. "
        "Stopped: events wait because the endpoint asked not to be called any more.",
    )
    environment_uuid = fields.Char(
        readonly=True,
        copy=False,
        help="The database this endpoint was activated in. In a copy of it the endpoint gets nothing "
        "until somebody activates it there.",
    )
    is_fenced = fields.Boolean(
        compute="_compute_is_fenced",
        string="Activated Elsewhere",
        help="This database is a copy: activate the endpoint here if it may send from here.",
    )
    state_reason = fields.Char(readonly=True, copy=False, help="Why the endpoint is in this state.")
    owner_id = fields.Many2one(
        "res.users",
        ondelete="set null",
        default=lambda self: self.env.user,
        tracking=True,
        help="Who is told when deliveries fail.",
    )
    auth_kind = fields.Selection(
        [
            ("none", "None"),
            ("header", "Header"),
            ("basic", "User name and password"),
            ("bearer", "Bearer token"),
            ("oauth2", "OAuth 2.0 (client credentials)"),
            ("mtls", "Client certificate (mutual TLS)"),
        ],
        required=True,
        default="none",
        tracking=True,
        string="Authentication",
        help="How we identify ourselves to the endpoint, besides the signature.",
    )
    auth_header_name = fields.Char(string="Header Name", tracking=True, help="For example X-Api-Key.")
    auth_username = fields.Char(string="User Name", tracking=True, help="For user name and password.")
    after_failure = fields.Selection(
        [("hold", "Hold later events of the record"), ("pass", "Let later events pass")],
        required=True,
        default="hold",
        tracking=True,
        help="What happens to later events of a record when one of its deliveries has failed.",
    )
    allowed_addresses = fields.Text(
        tracking=True,
        help="Hosts and address ranges, one per line, that may be called although they are not public or "
        "only speak plain http. Example: 10.20.0.0/16 or lab.example.org",
    )
    subscription_ids = fields.One2many(
        "integration.subscription", "endpoint_id", string="Subscriptions", copy=True
    )

    @api.model
    def _changes_plan(self, vals):
        return not ROUTING_FIELDS.isdisjoint(vals)

    @api.depends("state", "environment_uuid")
    def _compute_is_fenced(self):
        current = self._current_environment_uuid()
        for endpoint in self:
            endpoint.is_fenced = endpoint.state != "draft" and endpoint.environment_uuid != current

    @api.ondelete(at_uninstall=False)
    def _unlink_except_with_deliveries(self):
        used = (
            self.env["integration.delivery"]
            .sudo()
            ._read_group([("endpoint_id", "in", self.ids)], ["endpoint_id"])
        )
        if used:
            raise UserError(
                self.env._(
                    "%(names)s has deliveries, which must keep their endpoint. Archive it instead: then it "
                    "gets nothing any more.",
                    names=", ".join(endpoint.name for [endpoint] in used),
                )
            )

    def _check_manager(self):
        """Refuse who may not configure; a hidden button is no protection."""
        self.check_access("write")
        if not self.env.su and not self.env.user.has_group("integration_monitor.group_manager"):
            raise UserError(self.env._("Only integration administrators may change endpoints."))

    def action_activate(self):
        """Let the endpoints get events from this database, and only from this one."""
        self._check_manager()
        for endpoint in self:
            if not endpoint.url:
                raise UserError(
                    self.env._("Enter the URL of “%(name)s” before you activate it.", name=endpoint.name)
                )
            if endpoint.auth_kind not in ("none", "mtls") and not endpoint.has_auth_secret:
                raise UserError(
                    self.env._(
                        "Enter the password or token of “%(name)s” under Security before you activate it.",
                        name=endpoint.name,
                    )
                )
            if not endpoint.has_signing_secret:
                raise UserError(
                    self.env._(
                        "“%(name)s” has no signing secret. Generate one under Security and give it to the "
                        "receiver before you activate it.",
                        name=endpoint.name,
                    )
                )
        self.write(
            {
                "state": "active",
                "environment_uuid": self._current_environment_uuid(),
                "state_reason": False,
                **CLOSED_BREAKER,
            }
        )
        return True

    def action_pause(self):
        """Let deliveries wait until somebody resumes."""
        self._check_manager()
        for endpoint in self:
            if endpoint.state == "draft":
                raise UserError(self.env._("“%(name)s” is a draft and gets nothing yet.", name=endpoint.name))
        self.write(
            {
                "state": "paused",
                "state_reason": self.env._("Paused by %(user)s", user=self.env.user.name),
            }
        )
        return True

    def action_resume(self):
        """Send what waited. Also after the endpoint had asked us to stop."""
        self._check_manager()
        for endpoint in self:
            if endpoint.is_fenced or endpoint.state == "draft":
                raise UserError(
                    self.env._(
                        "“%(name)s” was not activated in this database. "
                        "Check its address and press Activate.",
                        name=endpoint.name,
                    )
                )
        self.write({"state": "active", "state_reason": False, **CLOSED_BREAKER})
        return True
