"""Endpoints of kind AMQP: events are published to an exchange of a broker of the receiver's choice."""

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError

from ..endpoint.broker_rules import (
    PLACEHOLDERS,
    SHORT_STRING_BYTES_MAX,
    BrokerSettingRefused,
    check_exchange,
    check_routing_key,
)

# A broker asks who we are once, when the connection opens; it knows no headers and no access tokens.
BROKER_AUTH_KINDS = ("basic", "mtls")


class IntegrationEndpoint(models.Model):
    _inherit = "integration.endpoint"

    amqp_exchange = fields.Char(
        string="Exchange",
        tracking=True,
        help="Exchange of the receiver's broker that events are published to. It must exist there. Empty: "
        "the default exchange, which hands each event to the queue named like the routing key.",
    )
    amqp_routing_key = fields.Char(
        string="Routing Key",
        default="{event_type}",
        tracking=True,
        help="Text in which {event_type}, {record_model} and {company_id} are replaced by those of the "
        "event; the company is 0 if there is none. Example: odoo.{company_id}.{event_type}",
    )

    @api.onchange("kind")
    def _onchange_kind(self):
        if self.kind == "amqp" and self.auth_kind not in BROKER_AUTH_KINDS:
            self.auth_kind = "basic"

    def _explain_broker_refusal(self, refusal):
        texts = {
            "absolute": self.env._(
                "IM_AMQP_ADDRESS_INVALID: a broker's address has the form amqps://host[:port]/vhost, got "
                "“%(value)s”. Write a slash in the virtual host as %%2F. "
                "Example: amqps://broker.example.org/orders",
                value=refusal.value,
            ),
            "plain_http": self.env._(
                "IM_AMQP_ADDRESS_INVALID: amqp:// would send documents and password readable for everyone on "
                "the way. Use amqps://, or list “%(value)s” under Allowed Addresses.",
                value=refusal.value,
            ),
        }
        return texts.get(refusal.code) or f"IM_AMQP_ADDRESS_INVALID: {self._explain_refusal(refusal)}"

    @api.constrains("kind", "auth_kind", "url")
    def _check_amqp_auth(self):
        for endpoint in self.filtered(lambda endpoint: endpoint.kind == "amqp"):
            if endpoint.auth_kind not in BROKER_AUTH_KINDS:
                kinds = dict(self._fields["auth_kind"]._description_selection(self.env))
                raise ValidationError(
                    self.env._(
                        "IM_AMQP_AUTH_INVALID: a broker takes “%(basic)s” or “%(mtls)s”, got “%(kind)s”. "
                        "Choose one of the two under Security.",
                        basic=kinds["basic"],
                        mtls=kinds["mtls"],
                        kind=kinds[endpoint.auth_kind],
                    )
                )
            if endpoint.auth_kind == "mtls" and (endpoint.url or "").lower().startswith("amqp:"):
                raise ValidationError(
                    self.env._(
                        "IM_AMQP_AUTH_INVALID: a client certificate needs an encrypted connection, got "
                        "“%(url)s”. Use amqps://, or a user name and password.",
                        url=endpoint.url,
                    )
                )

    @api.constrains("kind", "amqp_exchange", "amqp_routing_key")
    def _check_amqp_target(self):
        for endpoint in self.filtered(lambda endpoint: endpoint.kind == "amqp"):
            try:
                check_exchange(endpoint.amqp_exchange)
            except BrokerSettingRefused as refusal:
                raise ValidationError(
                    self.env._(
                        "IM_AMQP_EXCHANGE_INVALID: %(reason)s", reason=endpoint._explain_setting(refusal)
                    )
                ) from refusal
            try:
                check_routing_key(endpoint.amqp_routing_key, endpoint.amqp_exchange)
            except BrokerSettingRefused as refusal:
                raise ValidationError(
                    self.env._(
                        "IM_AMQP_ROUTING_KEY_INVALID: %(reason)s", reason=endpoint._explain_setting(refusal)
                    )
                ) from refusal

    def _explain_setting(self, refusal):
        known = ", ".join(f"{{{name}}}" for name in PLACEHOLDERS)
        texts = {
            "control": self.env._(
                "expected plain text, got a line break or another control character in %(value)s. Remove it.",
                value=refusal.value,
            ),
            "length": self.env._(
                "AMQP allows %(limit)s bytes, got %(size)s. Make it shorter.",
                limit=SHORT_STRING_BYTES_MAX,
                size=len(refusal.value.encode()),
            ),
            "placeholder": self.env._(
                "the placeholder %(value)s is unknown. Known are %(known)s.", value=refusal.value, known=known
            ),
            "brace": self.env._(
                "a curly bracket belongs to no placeholder in “%(value)s”. Known are %(known)s.",
                value=refusal.value,
                known=known,
            ),
            "queue_missing": self.env._(
                "the default exchange needs the name of a queue as routing key, got none. "
                "Enter the queue, or an exchange."
            ),
        }
        return texts[refusal.code]

    def action_activate(self):
        for endpoint in self:
            if endpoint.kind == "amqp" and endpoint.auth_kind == "basic" and not endpoint.auth_username:
                raise UserError(
                    self.env._(
                        "Enter the user name of “%(name)s” under Security before you activate it.",
                        name=endpoint.name,
                    )
                )
        return super().action_activate()

    def _export_amqp(self):
        """Where the events go at the broker; False for other kinds."""
        if self.kind != "amqp":
            return False
        return {"exchange": self.amqp_exchange or False, "routing_key": self.amqp_routing_key or False}
