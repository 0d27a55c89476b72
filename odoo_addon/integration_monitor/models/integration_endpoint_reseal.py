"""Brings all stored secrets under the server's current key."""

import logging

from odoo import api, models
from odoo.tools import SQL

from ..endpoint.secret_box import SecretUnreadable, is_sealed
from .integration_endpoint_secret import KEY_OPTION, SECRET_FIELDS

_logger = logging.getLogger(__name__)


class IntegrationEndpoint(models.Model):
    _inherit = "integration.endpoint"

    @api.model
    def _count_secrets(self):
        """Return how many secrets are (under the current key, under another key, unencrypted)."""
        box = self._open_box()
        current = box.current_prefix if box else None
        stored = [value for _id, _name, value in self._read_stored_secrets()]
        sealed = [value for value in stored if is_sealed(value)]
        is_current = [value for value in sealed if current and value.startswith(current)]
        return len(is_current), len(sealed) - len(is_current), len(stored) - len(sealed)

    @api.model
    def _reseal_secrets(self):
        """Bring every secret under the current key: old keys' and unencrypted ones. Without a key, warn.

        :return: number of secrets that were encrypted anew
        """
        box = self._open_box()
        if not box:
            plain_count = self._count_secrets()[2]
            if plain_count:
                _logger.warning(
                    "IM_SECRET_KEY_MISSING: %s secrets of endpoints are unencrypted. Set %s in odoo.conf.",
                    plain_count,
                    KEY_OPTION,
                )
            return 0
        resealed_count = 0
        for endpoint_id, field_name, stored in self._read_stored_secrets():
            if stored.startswith(box.current_prefix):
                continue
            endpoint = self.browse(endpoint_id)
            place = endpoint._place(field_name)
            try:
                secret = box.open(stored, place) if is_sealed(stored) else stored
            except SecretUnreadable as error:
                _logger.error("IM_SECRET_UNREADABLE: %s of endpoint %s: %s", field_name, endpoint_id, error)
                continue
            # Straight to the column: the secret is the same, so neither chatter nor sidecar need to know.
            self.env.cr.execute(
                SQL(
                    "UPDATE integration_endpoint SET %(name)s = %(sealed)s "
                    "WHERE id = %(id)s AND %(name)s = %(stored)s",
                    name=SQL.identifier(field_name),
                    sealed=box.seal(secret, place),
                    id=endpoint_id,
                    stored=stored,
                )
            )
            resealed_count += self.env.cr.rowcount
        self.invalidate_model(SECRET_FIELDS)
        return resealed_count

    @api.model
    def _read_stored_secrets(self):
        """Return [(endpoint id, field name, stored text)] of all secrets there are."""
        self.env["integration.endpoint"].flush_model(SECRET_FIELDS)
        columns = SQL(", ").join(SQL("(%s, %s)", name, SQL.identifier("e", name)) for name in SECRET_FIELDS)
        return self.env.execute_query(
            SQL(
                "SELECT e.id, s.name, s.value FROM integration_endpoint e "
                "CROSS JOIN LATERAL (VALUES %s) AS s(name, value) "
                "WHERE s.value IS NOT NULL AND s.value <> '' ORDER BY e.id, s.name",
                columns,
            )
        )
