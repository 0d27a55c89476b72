"""Changing an endpoint's signing secrets: old and new ones sign for a while, then the old are deleted."""

from datetime import timedelta

from odoo import api, fields, models

from ..endpoint.secret_box import SecretUnreadable
from ..endpoint.signing_secret import derive_public_key


class IntegrationEndpoint(models.Model):
    _inherit = "integration.endpoint"

    def _replace_signing(self, field_name, secret):
        """Store a new secret or key; the old one goes on signing for the overlap.

        :param str field_name: "signing_secret" or "signing_key"
        """
        until = self._keep_previous(field_name)
        self._store_secret(field_name, secret)
        if field_name == "signing_key":
            self.signing_public_key = derive_public_key(secret)
        what = self._fields[field_name]._description_string(self.env)
        if until:
            body = self.env._(
                "%(what)s replaced. The old one signs as well until %(until)s UTC.",
                what=what,
                until=fields.Datetime.to_string(until),
            )
        else:
            body = self.env._("%(what)s replaced. No old one signs any more.", what=what)
        self.message_post(body=body)

    def _keep_previous(self, field_name):
        """Move the present secret aside for the overlap.

        :return: until when it signs; False if it does not: it has signed nothing yet, or cannot be read
        """
        until = False
        old = False
        if self.state != "draft" and self.signing_overlap_h:
            try:
                old = self._read_secret(field_name)
            except SecretUnreadable:
                # Nothing can be signed with it; replacing it is the way out.
                old = False
        if old:
            until = fields.Datetime.now() + timedelta(hours=self.signing_overlap_h)
        self._store_secret(f"{field_name}_previous", old)
        self[f"{field_name}_previous_until"] = until
        return until

    def _drop_signing_key(self):
        for field_name in ("signing_key", "signing_key_previous"):
            self._store_secret(field_name, False)
        self.write({"signing_public_key": False, "signing_key_previous_until": False})

    def _drop_previous(self):
        for field_name in ("signing_secret_previous", "signing_key_previous"):
            self._store_secret(field_name, False)
        self.write({"signing_secret_previous_until": False, "signing_key_previous_until": False})

    def _export_signing_secrets(self):
        """Return what the sidecar signs with now: new before old, the shared secret before the key pair.

        :raise SecretUnreadable: one of them cannot be decrypted
        """
        now = fields.Datetime.now()
        names = []
        for field_name in ("signing_secret", "signing_key"):
            names.append(field_name)
            until = self[f"{field_name}_previous_until"]
            if until and until > now:
                names.append(f"{field_name}_previous")
        return [secret for secret in map(self._read_secret, names) if secret]

    @api.model
    def _cron_tend_secrets(self):
        """Forget old secrets whose overlap is over, and bring all others under the current key."""
        now = fields.Datetime.now()
        # sudo: a scheduled job tends the secrets of every company
        endpoints = self.sudo().with_context(active_test=False)
        for field_name in ("signing_secret", "signing_key"):
            over = endpoints.search([(f"{field_name}_previous_until", "<=", now)])
            over._store_secret(f"{field_name}_previous", False)
            over.write({f"{field_name}_previous_until": False})
        self._reseal_secrets()
