"""Secrets of an endpoint: written by people, read by nobody but the sidecar."""

from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.fields import NO_ACCESS

from ..endpoint.signing_secret import generate_signing_secret, is_signing_secret


class IntegrationEndpoint(models.Model):
    _inherit = "integration.endpoint"

    auth_secret = fields.Char(string="Stored Password or Token", groups=NO_ACCESS, copy=False, prefetch=False)
    signing_secret = fields.Char(string="Stored Signing Secret", groups=NO_ACCESS, copy=False, prefetch=False)
    auth_secret_input = fields.Char(
        string="Password or Token", compute="_compute_secret_inputs", inverse="_inverse_auth_secret_input",
        help="Enter it to replace the stored one. It is never shown again.",
    )
    signing_secret_input = fields.Char(
        string="Signing Secret", compute="_compute_secret_inputs", inverse="_inverse_signing_secret_input",
        help="Enter a secret you agreed on elsewhere: whsec_ and 24 to 64 bytes in base64. "
             "It is never shown again.",
    )
    has_auth_secret = fields.Boolean(compute="_compute_has_secrets", string="Password or Token Stored")
    has_signing_secret = fields.Boolean(compute="_compute_has_secrets", string="Signing Secret Stored")

    def _compute_secret_inputs(self):
        self.auth_secret_input = False
        self.signing_secret_input = False

    @api.depends("auth_secret", "signing_secret")
    def _compute_has_secrets(self):
        # sudo: whether there is a secret is no secret
        for endpoint, stored in zip(self, self.sudo(), strict=True):
            endpoint.has_auth_secret = bool(stored.auth_secret)
            endpoint.has_signing_secret = bool(stored.signing_secret)

    def _inverse_auth_secret_input(self):
        for endpoint in self:
            # Forms send an empty value for a field nobody touched; it must not erase the secret.
            if endpoint.auth_secret_input:
                endpoint._store_secret("auth_secret", endpoint.auth_secret_input)

    def _inverse_signing_secret_input(self):
        for endpoint in self:
            secret = (endpoint.signing_secret_input or "").strip()
            if not secret:
                continue
            if not is_signing_secret(secret):
                raise ValidationError(self.env._(
                    "The signing secret must be whsec_ followed by 24 to 64 random bytes in base64. "
                    "Leave it empty and press Generate to get one."
                ))
            endpoint._store_secret("signing_secret", secret)

    def _store_secret(self, field_name, secret):
        # sudo: nobody has access to the stored secrets; who may write the endpoint may replace them
        self.check_access("write")
        self.sudo().write({field_name: secret})

    @api.model_create_multi
    def create(self, vals_list):
        endpoints = super().create(vals_list)
        for endpoint in endpoints.sudo():
            if not endpoint.signing_secret:
                endpoint.signing_secret = generate_signing_secret()
        # Nothing typed in may stay readable in this transaction's memory.
        endpoints.invalidate_recordset(["auth_secret_input", "signing_secret_input"])
        return endpoints

    def write(self, vals):
        result = super().write(vals)
        if {"auth_secret_input", "signing_secret_input"} & set(vals):
            self.invalidate_recordset(["auth_secret_input", "signing_secret_input"])
        return result

    def action_generate_signing_secret(self):
        """Replace the signing secret and show the new one, this once."""
        self.ensure_one()
        self._check_manager()
        secret = generate_signing_secret()
        self._store_secret("signing_secret", secret)
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "title": self.env._("New signing secret of %(name)s. Copy it now: it is not shown again",
                                    name=self.name),
                "message": secret,
                "type": "warning",
                "sticky": True,
            },
        }
