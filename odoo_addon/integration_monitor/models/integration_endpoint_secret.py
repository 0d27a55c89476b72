"""Secrets of an endpoint: written by people, read by nobody but the sidecar, encrypted in the database.

The key is the server's (``odoo.conf`` or environment), so a dump of the database reveals no secret. Without
a key new secrets are refused, unless the system parameter ALLOW_PLAIN_PARAMETER says otherwise: a person
decides that, not a default.
"""

import os

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import NO_ACCESS
from odoo.tools import config, str2bool

from ..endpoint.secret_box import (
    SecretBox,
    SecretKeyInvalid,
    SecretUnreadable,
    is_sealed,
    parse_keys,
)

KEY_OPTION = "integration_monitor_secret_key"
KEY_VARIABLE = "INTEGRATION_MONITOR_SECRET_KEY"
ALLOW_PLAIN_PARAMETER = "integration_monitor.allow_unencrypted_secrets"

# Every column that holds a secret; data/neutralize.sql empties the same ones.
SECRET_FIELDS = (
    "auth_secret",
    "signing_secret",
    "signing_secret_previous",
    "signing_key",
    "signing_key_previous",
    "tls_key",
)

# A field that takes a secret in: its inverse stores what was typed, and it reads as empty.
SECRET_INPUT = {"store": False, "copy": False}


class IntegrationEndpoint(models.Model):
    _inherit = "integration.endpoint"

    auth_secret = fields.Char(string="Stored Password or Token", groups=NO_ACCESS, copy=False, prefetch=False)
    auth_secret_input = fields.Char(
        string="Password or Token",
        **SECRET_INPUT,
        inverse="_inverse_auth_secret_input",
        help="Enter it to replace the stored one. It is never shown again.",
    )
    has_auth_secret = fields.Boolean(compute="_compute_has_secrets", string="Password or Token Stored")
    secret_key_problem = fields.Char(
        compute="_compute_secret_key_problem",
        string="Secrets Cannot Be Stored",
        help="What keeps this server from storing secrets.",
    )

    @api.depends("auth_secret", "signing_secret", "tls_key")
    def _compute_has_secrets(self):
        # sudo: whether there is a secret is no secret
        for endpoint, stored in zip(self, self.sudo(), strict=True):
            endpoint.has_auth_secret = bool(stored.auth_secret)
            endpoint.has_signing_secret = bool(stored.signing_secret)
            endpoint.has_tls_key = bool(stored.tls_key)

    def _compute_secret_key_problem(self):
        problem = self._find_key_problem()
        self.secret_key_problem = problem

    def _inverse_auth_secret_input(self):
        for endpoint in self:
            # Forms send an empty value for a field nobody touched; it must not erase the secret.
            if endpoint.auth_secret_input:
                endpoint._store_secret("auth_secret", endpoint.auth_secret_input)

    @api.model_create_multi
    def create(self, vals_list):
        endpoints = super().create(vals_list)
        endpoints._forget_inputs()
        return endpoints

    def write(self, vals):
        result = super().write(vals)
        if any(name.endswith("_input") for name in vals):
            self._forget_inputs()
        return result

    def _forget_inputs(self):
        """Nothing typed in may stay readable in this transaction's memory."""
        self.invalidate_recordset([name for name in self._fields if name.endswith("_input")])

    def _store_secret(self, field_name, secret):
        """Encrypt and store a secret; False removes it.

        :raise UserError: IM_SECRET_KEY_MISSING, IM_SECRET_KEY_INVALID
        """
        self.check_access("write")
        for endpoint in self:
            sealed = endpoint._seal(field_name, secret) if secret else False
            # sudo: nobody has access to the stored secrets; who may write the endpoint may replace them
            endpoint.sudo().write({field_name: sealed})

    def _read_secret(self, field_name):
        """Return a secret as it was entered, False if there is none.

        :raise SecretUnreadable: its key is not configured, or it is damaged
        """
        self.ensure_one()
        # sudo: callers answer for who gets to know it
        stored = self.sudo()[field_name]
        if not stored or not is_sealed(stored):
            return stored
        box = self._open_box()
        if not box:
            raise SecretUnreadable("no key is configured")
        return box.open(stored, self._place(field_name))

    def _seal(self, field_name, secret):
        problem = self._find_key_problem()
        if problem:
            raise UserError(problem)
        box = self._open_box()
        return box.seal(secret, self._place(field_name)) if box else secret

    def _place(self, field_name):
        return f"integration.endpoint,{self.id},{field_name}"

    @api.model
    def _open_box(self):
        """The box for the configured keys; None without usable keys."""
        try:
            keys = parse_keys(read_key_setting())
        except SecretKeyInvalid:
            return None
        return SecretBox(keys) if keys else None

    @api.model
    def _find_key_problem(self):
        """Why secrets cannot be stored, as text for a person; False if they can."""
        try:
            if parse_keys(read_key_setting()):
                return False
        except SecretKeyInvalid as error:
            return self.env._(
                "IM_SECRET_KEY_INVALID: %(option)s must be base64 of 32 bytes, but %(reason)s. "
                "Ask whoever runs the server to correct it and to restart Odoo.",
                option=KEY_OPTION,
                reason=str(error),
            )
        # sudo: reading this one switch reveals nothing
        parameters = self.env["ir.config_parameter"].sudo()
        if str2bool(parameters.get_param(ALLOW_PLAIN_PARAMETER) or "", False):
            return False
        return self.env._(
            "IM_SECRET_KEY_MISSING: secrets are stored encrypted only, and this server has no key for that. "
            "Ask whoever runs it to set %(option)s in odoo.conf (for example the output of “openssl rand "
            "-base64 32”) and to restart Odoo.",
            option=KEY_OPTION,
        )


def read_key_setting():
    """The configured keys as text; odoo.conf comes before the environment."""
    return config.get(KEY_OPTION) or os.environ.get(KEY_VARIABLE) or ""
