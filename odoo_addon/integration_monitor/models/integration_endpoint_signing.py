"""Signing secrets: their making, and their change without a moment in which receivers refuse.

Two kinds, both signed with where both exist: a shared secret (``whsec_``, signature ``v1``) and an ed25519
key pair (``whsk_``/``whpk_``, signature ``v1a``), whose public half is no secret.

A change keeps the old one for the overlap: each delivery then carries a signature of both, so the receiver
may switch at any moment of it. Only one old one is kept; a further change ends an older one at once.
"""

import logging

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.fields import NO_ACCESS

from ..endpoint.confirmation import PATH as CONFIRMATION_PATH
from ..endpoint.secret_box import SecretUnreadable
from ..endpoint.signing_secret import (
    generate_signing_key,
    generate_signing_secret,
    is_signing_key,
    is_signing_secret,
)
from .integration_endpoint_secret import SECRET_INPUT

_logger = logging.getLogger(__name__)

OVERLAP_H = 24


class IntegrationEndpoint(models.Model):
    _inherit = "integration.endpoint"

    signing_secret = fields.Char(string="Stored Signing Secret", groups=NO_ACCESS, copy=False, prefetch=False)
    signing_secret_previous = fields.Char(
        string="Previous Signing Secret", groups=NO_ACCESS, copy=False, prefetch=False
    )
    signing_secret_previous_until = fields.Datetime(
        string="Old Secret Signs Until",
        readonly=True,
        copy=False,
        help="Until then deliveries carry a signature made with the old secret as well.",
    )
    signing_key = fields.Char(string="Stored Signing Key", groups=NO_ACCESS, copy=False, prefetch=False)
    signing_key_previous = fields.Char(
        string="Previous Signing Key", groups=NO_ACCESS, copy=False, prefetch=False
    )
    signing_key_previous_until = fields.Datetime(
        string="Old Key Signs Until",
        readonly=True,
        copy=False,
        help="Until then deliveries carry a signature made with the old key as well.",
    )
    signing_public_key = fields.Char(
        string="Public Key",
        readonly=True,
        copy=False,
        help="Give it to receivers that verify v1a signatures. It is no secret.",
    )
    signing_overlap_h = fields.Integer(
        string="Old Secret Stays Valid (h)",
        default=OVERLAP_H,
        required=True,
        tracking=True,
        help="Hours in which deliveries are signed with the old and the new secret after a change. "
        "0 ends the old one at once.",
    )
    signing_secret_input = fields.Char(
        string="Signing Secret",
        **SECRET_INPUT,
        inverse="_inverse_signing_secret_input",
        help="Enter a secret you agreed on elsewhere: whsec_ and 24 to 64 bytes in base64, or whsk_ and an "
        "ed25519 key. It is never shown again.",
    )
    confirmation_url = fields.Char(
        string="Confirmations Go To",
        compute="_compute_confirmation_url",
        help="Where this receiver may say afterwards that it processed an event, or rejects it after all, "
        "signed with the shared secret. How is told in “Receiving events”.",
    )
    has_signing_secret = fields.Boolean(compute="_compute_has_secrets", string="Signing Secret Stored")

    _signing_overlap_check = models.Constraint(
        "CHECK(signing_overlap_h BETWEEN 0 AND 720)",
        "The old signing secret may stay valid for 0 to 720 hours.",
    )

    def _compute_confirmation_url(self):
        for endpoint in self:
            endpoint.confirmation_url = endpoint.get_base_url() + CONFIRMATION_PATH

    def _inverse_signing_secret_input(self):
        for endpoint in self:
            secret = (endpoint.signing_secret_input or "").strip()
            if not secret:
                continue
            if is_signing_secret(secret):
                endpoint._replace_signing("signing_secret", secret)
            elif is_signing_key(secret):
                endpoint._replace_signing("signing_key", secret)
            else:
                raise ValidationError(
                    self.env._(
                        "The signing secret must be whsec_ followed by 24 to 64 random bytes in base64, "
                        "or whsk_ followed by an ed25519 key in base64. Leave it empty and press Generate "
                        "to get one."
                    )
                )

    @api.model_create_multi
    def create(self, vals_list):
        endpoints = super().create(vals_list)
        problem = self._find_key_problem()
        for endpoint in endpoints:
            # Without a key to encrypt with there is none yet; the form says so, and activation insists.
            if not problem and not endpoint.has_signing_secret:
                endpoint._store_secret("signing_secret", generate_signing_secret())
        return endpoints

    def _list_signing_secrets(self):
        """The shared secrets that sign for this endpoint now; one that cannot be read is left out."""
        self.ensure_one()
        # sudo: callers answer for who gets to know them
        endpoint = self.sudo()
        names = ["signing_secret"]
        overlap_ends = endpoint.signing_secret_previous_until
        if overlap_ends and overlap_ends > fields.Datetime.now():
            names.append("signing_secret_previous")
        secrets = []
        for name in names:
            try:
                secrets.append(endpoint._read_secret(name))
            except SecretUnreadable as error:
                _logger.warning("signing_secret.unreadable endpoint=%s reason=%s", self.id, error)
        return [secret for secret in secrets if secret]

    def action_activate(self):
        self._check_manager()
        problem = self._find_key_problem()
        if problem and not all(endpoint.has_signing_secret for endpoint in self):
            raise UserError(problem)
        return super().action_activate()

    def action_generate_signing_secret(self):
        """Replace the signing secret and show the new one, this once."""
        self.ensure_one()
        self._check_manager()
        secret = generate_signing_secret()
        self._replace_signing("signing_secret", secret)
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "title": self.env._(
                    "New signing secret of %(name)s. Copy it now: it is not shown again", name=self.name
                ),
                "message": secret,
                "type": "warning",
                "sticky": True,
            },
        }

    def action_generate_signing_key(self):
        """Make a new ed25519 key pair; its public half is shown on the form from then on."""
        self.ensure_one()
        self._check_manager()
        self._replace_signing("signing_key", generate_signing_key())
        return True

    def action_remove_signing_key(self):
        """Sign with the shared secret only, from now on."""
        self._check_manager()
        self._drop_signing_key()
        for endpoint in self:
            endpoint.message_post(body=self.env._("The signing key was removed: no v1a signatures any more."))
        return True

    def action_end_signing_overlap(self):
        """Stop signing with old secrets now, for example because one leaked."""
        self._check_manager()
        self._drop_previous()
        for endpoint in self:
            endpoint.message_post(body=self.env._("Old signing secrets stopped signing at once."))
        return True
