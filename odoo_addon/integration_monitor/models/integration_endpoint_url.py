"""Which URLs an endpoint may have, and why one is refused."""

from odoo import api, models
from odoo.exceptions import ValidationError

from ..endpoint.broker_rules import check_broker_url
from ..endpoint.url_rules import UrlRefused, check_url, split_allowed


class IntegrationEndpoint(models.Model):
    _inherit = "integration.endpoint"

    @api.constrains("kind", "url", "allowed_addresses")
    def _check_url(self):
        for endpoint in self:
            is_broker = endpoint.kind == "amqp"
            check = check_broker_url if is_broker else check_url
            try:
                split_allowed(endpoint.allowed_addresses)
                if endpoint.url:
                    check(endpoint.url, endpoint.allowed_addresses)
            except UrlRefused as refusal:
                explain = endpoint._explain_broker_refusal if is_broker else endpoint._explain_refusal
                raise ValidationError(explain(refusal)) from refusal

    def _explain_refusal(self, refusal):
        texts = {
            "absolute": self.env._(
                "The URL must be an absolute https address, got “%(value)s”. "
                "Example: https://erp.example.org/hooks",
                value=refusal.value,
            ),
            "userinfo": self.env._(
                "The URL of %(value)s must not contain a user name or password: it is shown on screens. "
                "Enter them under Authentication.",
                value=refusal.value,
            ),
            "host": self.env._(
                "“%(value)s” is not a host name or address. Example: https://erp.example.org/hooks",
                value=refusal.value,
            ),
            "plain_http": self.env._(
                "Plain http would send documents readable for everyone on the way. "
                "Use https, or list “%(value)s” under Allowed Addresses.",
                value=refusal.value,
            ),
            "address": self.env._(
                "“%(value)s” is not a public address. List it under Allowed Addresses if this "
                "endpoint may reach into your network.",
                value=refusal.value,
            ),
            "allowed_address": self.env._(
                "“%(value)s” under Allowed Addresses is neither a host nor an address range. "
                "Example: 10.20.0.0/16 or lab.example.org",
                value=refusal.value,
            ),
        }
        return texts[refusal.code]
