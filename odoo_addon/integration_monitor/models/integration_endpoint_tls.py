"""Own certificate authority and client certificate of an endpoint (mutual TLS), as PEM texts."""

from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.fields import NO_ACCESS

from ..endpoint.secret_box import SecretUnreadable
from ..endpoint.tls_material import (
    TlsMaterialInvalid,
    check_pair,
    find_expiry,
    parse_certificates,
    parse_private_key,
)
from .integration_endpoint_secret import SECRET_INPUT

EXPIRY_NOTICE = timedelta(days=30)


class IntegrationEndpoint(models.Model):
    _inherit = "integration.endpoint"

    tls_ca = fields.Text(
        string="Own Certificate Authority",
        help="PEM certificates. If set, the endpoint's certificate must be issued by one of them; public "
        "authorities are then not trusted for it. Empty: the public authorities.",
    )
    tls_certificate = fields.Text(
        string="Client Certificate",
        copy=False,
        help="PEM: our certificate for this endpoint first, then intermediate ones.",
    )
    tls_key = fields.Text(string="Stored Client Key", groups=NO_ACCESS, copy=False, prefetch=False)
    tls_key_input = fields.Text(
        string="Client Key",
        **SECRET_INPUT,
        inverse="_inverse_tls_key_input",
        help="PEM, without a passphrase. Enter it to replace the stored one. It is never shown again.",
    )
    has_tls_key = fields.Boolean(compute="_compute_has_secrets", string="Client Key Stored")
    tls_warning = fields.Char(
        compute="_compute_tls_warning",
        string="Certificate Warning",
        help="Says when a certificate has expired or soon will.",
    )

    @api.depends("tls_ca", "tls_certificate")
    def _compute_tls_warning(self):
        for endpoint in self:
            warnings = [
                endpoint._warn_of_expiry(label, endpoint[name])
                for name, label in (
                    ("tls_certificate", self.env._("client certificate")),
                    ("tls_ca", self.env._("certificate authority")),
                )
                if endpoint[name]
            ]
            endpoint.tls_warning = " ".join(filter(None, warnings)) or False

    def _warn_of_expiry(self, label, pem):
        try:
            expires_at = find_expiry(pem)
        except TlsMaterialInvalid:
            # While somebody types; saving refuses it.
            return False
        now = fields.Datetime.now()
        day = fields.Date.to_string(expires_at)
        if expires_at <= now:
            return self.env._("The %(label)s expired on %(day)s.", label=label, day=day)
        if expires_at <= now + EXPIRY_NOTICE:
            return self.env._("The %(label)s expires on %(day)s.", label=label, day=day)
        return False

    def _inverse_tls_key_input(self):
        for endpoint in self:
            key = (endpoint.tls_key_input or "").strip()
            # Forms send an empty value for a field nobody touched; it must not erase the key.
            if not key:
                continue
            try:
                parse_private_key(key)
            except TlsMaterialInvalid as refusal:
                raise ValidationError(endpoint._explain_tls_refusal(refusal)) from refusal
            endpoint._store_secret("tls_key", f"{key}\n")

    @api.constrains("tls_ca")
    def _check_tls_ca(self):
        for endpoint in self:
            if endpoint.tls_ca:
                try:
                    parse_certificates(endpoint.tls_ca)
                except TlsMaterialInvalid as refusal:
                    raise ValidationError(endpoint._explain_tls_refusal(refusal)) from refusal

    # With the input among the names, Odoo checks after both are stored when both change at once.
    @api.constrains("tls_certificate", "tls_key_input")
    def _check_tls_pair(self):
        for endpoint in self:
            if not endpoint.tls_certificate:
                continue
            try:
                parse_certificates(endpoint.tls_certificate)
                key = endpoint._read_secret("tls_key")
                if key:
                    check_pair(endpoint.tls_certificate, key)
            except TlsMaterialInvalid as refusal:
                raise ValidationError(endpoint._explain_tls_refusal(refusal)) from refusal
            except SecretUnreadable:
                # It has to be entered again anyway; that checks the pair.
                continue

    def _explain_tls_refusal(self, refusal):
        texts = {
            "private_key_in_certificate": self.env._(
                "A private key stands among the certificates, where everybody could read it. "
                "Remove it there and enter it as client key."
            ),
            "certificate": self.env._(
                "This is not a certificate in PEM form. Expected: -----BEGIN CERTIFICATE----- and so on."
            ),
            "key": self.env._(
                "The client key is not a private key in PEM form. Expected: -----BEGIN PRIVATE KEY----- and "
                "so on."
            ),
            "key_encrypted": self.env._(
                "The client key is protected by a passphrase. Remove it first, for example with “openssl "
                "pkey -in key.pem -out plain.pem”; here it is stored encrypted."
            ),
            "pair": self.env._(
                "Client key and client certificate do not belong together: the key must match the first "
                "certificate. Enter both again."
            ),
        }
        return texts[refusal.code]

    def action_activate(self):
        for endpoint in self:
            if endpoint.auth_kind == "mtls" and not (endpoint.tls_certificate and endpoint.has_tls_key):
                raise UserError(
                    self.env._(
                        "Enter client certificate and client key of “%(name)s” before you activate it.",
                        name=endpoint.name,
                    )
                )
        return super().action_activate()

    def _export_tls(self):
        """What every connection to the endpoint uses, whatever the kind of authentication.

        :raise SecretUnreadable: the key cannot be decrypted
        """
        key = self._read_secret("tls_key")
        is_pair = bool(key and self.tls_certificate)
        return {
            "ca": self.tls_ca or False,
            "certificate": self.tls_certificate if is_pair else False,
            "key": key if is_pair else False,
        }
