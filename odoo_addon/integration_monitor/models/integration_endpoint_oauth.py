"""OAuth 2.0 client credentials (RFC 6749 §4.4): what the sidecar needs to get access tokens."""

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError

from ..endpoint.url_rules import UrlRefused, check_url


class IntegrationEndpoint(models.Model):
    _inherit = "integration.endpoint"

    oauth_token_url = fields.Char(
        string="Token Address",
        tracking=True,
        help="Where access tokens are asked for, for example https://login.example.org/oauth2/token",
    )
    oauth_client_id = fields.Char(
        string="Client ID", tracking=True, help="What the authorization server knows us by."
    )
    oauth_client_auth = fields.Selection(
        [("basic", "In the header (Basic)"), ("body", "In the request body")],
        string="Client Secret Is Sent",
        required=True,
        default="basic",
        tracking=True,
        help="How the authorization server takes client id and secret. Try the header first.",
    )
    oauth_scope = fields.Char(
        string="Scope", tracking=True, help="Scopes separated by spaces; empty if none is asked for."
    )
    oauth_audience = fields.Char(
        string="Audience",
        tracking=True,
        help="Sent as “audience”. Some authorization servers need it to know which system the token is for.",
    )

    @api.constrains("oauth_token_url", "allowed_addresses")
    def _check_oauth_token_url(self):
        for endpoint in self:
            if not endpoint.oauth_token_url:
                continue
            try:
                check_url(endpoint.oauth_token_url, endpoint.allowed_addresses)
            except UrlRefused as refusal:
                raise ValidationError(
                    self.env._("Token address: %(reason)s", reason=endpoint._explain_refusal(refusal))
                ) from refusal

    def action_activate(self):
        for endpoint in self:
            if endpoint.auth_kind == "oauth2":
                endpoint._check_oauth_complete()
        return super().action_activate()

    def _check_oauth_complete(self):
        missing = [
            name
            for name, value in (
                (self.env._("token address"), self.oauth_token_url),
                (self.env._("client id"), self.oauth_client_id),
                (self.env._("client secret"), self.has_auth_secret),
            )
            if not value
        ]
        if missing:
            raise UserError(
                self.env._(
                    "OAuth 2.0 needs more before “%(name)s” can be activated: %(missing)s.",
                    name=self.name,
                    missing=", ".join(missing),
                )
            )

    def _export_oauth(self):
        """The settings; False for other kinds. The client secret travels as the endpoint's secret."""
        if self.auth_kind != "oauth2":
            return False
        return {
            "token_url": self.oauth_token_url or False,
            "client_id": self.oauth_client_id or False,
            "client_auth": self.oauth_client_auth,
            "scope": self.oauth_scope or False,
            "audience": self.oauth_audience or False,
        }
