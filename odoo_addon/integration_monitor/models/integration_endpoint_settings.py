"""What the sidecar gets to know of endpoints, and how it notices a change."""

import logging
import uuid

from odoo import SUPERUSER_ID, api, models, tools
from odoo.sql_db import db_connect
from odoo.tools import SQL

from ..endpoint.secret_box import SecretUnreadable

_logger = logging.getLogger(__name__)

# Changes of anything else (owner, reason, followers) are none of the sidecar's business.
SIDECAR_FIELDS = {
    "name",
    "active",
    "kind",
    "url",
    "amqp_exchange",
    "amqp_routing_key",
    "state",
    "environment_uuid",
    "auth_kind",
    "auth_header_name",
    "auth_username",
    "auth_secret",
    "oauth_token_url",
    "oauth_client_id",
    "oauth_client_auth",
    "oauth_scope",
    "oauth_audience",
    "tls_ca",
    "tls_certificate",
    "tls_key",
    "signing_secret",
    "signing_secret_previous_until",
    "signing_key",
    "signing_key_previous_until",
    "timeout_s",
    "concurrency",
    "window",
    "max_attempts",
    "retry_base_s",
    "retry_cap_s",
    "retry_after_max_s",
    "allowed_addresses",
    "tier_id",
    "policy_overrides",
}
BUMP_KEY = "integration_monitor.endpoint_revision"
NEXT_REVISION = "SELECT nextval('integration_endpoint_revision')"


class IntegrationEndpoint(models.Model):
    _inherit = "integration.endpoint"

    def init(self):
        self.env.cr.execute("CREATE SEQUENCE IF NOT EXISTS integration_endpoint_revision")
        # Every update of the addon encrypts what an older version, or an older key, has left behind.
        self._reseal_secrets()

    @api.model
    def _current_environment_uuid(self):
        """Return what tells this database from every copy of it: a UUID as text.

        A copy on the same server has another name, a copy by file another system
        identifier or none that can be read, a duplicate made by Odoo another uuid.
        """
        database_uuid = self.env["ir.config_parameter"].sudo().get_param("database.uuid")
        return self._compose_environment_uuid(database_uuid)

    @api.model
    @tools.ormcache("database_uuid")
    def _compose_environment_uuid(self, database_uuid):
        cr = self.env.cr
        system_identifier = ""
        cr.execute("SELECT has_function_privilege('pg_control_system()', 'execute')")
        if cr.fetchone()[0]:
            cr.execute("SELECT system_identifier FROM pg_control_system()")
            system_identifier = cr.fetchone()[0]
        return str(uuid.uuid5(uuid.NAMESPACE_OID, f"{database_uuid}/{cr.dbname}/{system_identifier}"))

    @api.model
    def _current_revision(self):
        """Return the number that is higher after every change of an endpoint."""
        [[revision]] = self.env.execute_query(
            SQL("SELECT CASE WHEN is_called THEN last_value ELSE 0 END FROM integration_endpoint_revision")
        )
        return revision

    @api.model
    def _bump_revision(self):
        """Raise the revision now and once more after the commit.

        Sequences are outside transactions: a sidecar that asks between now and the
        commit sees the new number with the old settings. The second step makes it ask again.
        """
        self.env.cr.execute(NEXT_REVISION)
        postcommit = self.env.cr.postcommit
        if BUMP_KEY not in postcommit.data:
            postcommit.data[BUMP_KEY] = True
            dbname = self.env.cr.dbname
            postcommit.add(lambda: _take_next_revision(dbname))

    @api.model_create_multi
    def create(self, vals_list):
        self._bump_revision()
        return super().create(vals_list)

    def write(self, vals):
        if SIDECAR_FIELDS & set(vals):
            self._bump_revision()
        return super().write(vals)

    def unlink(self):
        self._bump_revision()
        return super().unlink()

    @api.model
    def _export_for_sidecar(self):
        """Return the settings of every endpoint that is not archived, secrets included, without nulls.

        The revision is newer than what the transaction sees if an endpoint changed since it began. The
        sidecar would keep the old settings for good then; PostgreSQL refuses such a lock, and Odoo repeats
        the call.
        """
        self.env.cr.execute("SELECT FROM integration_endpoint FOR SHARE")
        endpoints = self.sudo().with_context(active_test=True).search([], order="id")
        return [endpoint._export_settings() for endpoint in endpoints]

    def _export_settings(self):
        secrets = self._export_secrets()
        return {
            "id": self.id,
            "name": self.name,
            "state": "fenced" if self.is_fenced else self.state,
            "kind": self.kind,
            "url": self.url or False,
            "amqp": self._export_amqp(),
            "auth": {
                "kind": self.auth_kind,
                "header_name": self.auth_header_name or False,
                "username": self.auth_username or False,
                "secret": secrets["auth_secret"],
                "oauth": self._export_oauth(),
            },
            "tls": secrets["tls"],
            "signing_secrets": secrets["signing_secrets"],
            "timeout_ms": self.timeout_s * 1000,
            "concurrency": self.concurrency,
            "window": self.window,
            "max_attempts": self.max_attempts,
            "retry_base_s": self.retry_base_s,
            "retry_cap_s": self.retry_cap_s,
            "retry_after_max_s": self.retry_after_max_s,
            "allowed_addresses": (self.allowed_addresses or "").replace(",", " ").replace(";", " ").split(),
        }

    def _export_secrets(self):
        """Decrypt what the sidecar needs. What cannot be decrypted stops the endpoint; deliveries wait."""
        try:
            return {
                "auth_secret": self._read_secret("auth_secret") or False,
                "signing_secrets": self._export_signing_secrets(),
                "tls": self._export_tls(),
            }
        except SecretUnreadable as error:
            self._stop_for_unreadable_secret(error)
            return {
                "auth_secret": False,
                "signing_secrets": [],
                "tls": {"ca": False, "certificate": False, "key": False},
            }

    def _stop_for_unreadable_secret(self, error):
        _logger.error("IM_SECRET_UNREADABLE: a secret of endpoint %s: %s", self.id, error)
        if self.state != "active":
            return
        reason = self.env._(
            "IM_SECRET_UNREADABLE: a stored secret cannot be decrypted (%(reason)s). Have the server's key "
            "restored, or enter the secrets again; then press Resume.",
            reason=str(error),
        )
        # The system stops it, not the service account that asked for the settings.
        endpoint = self.with_user(SUPERUSER_ID)
        endpoint._track_set_log_message(reason)
        endpoint.write({"state": "stopped", "state_reason": reason})


def _take_next_revision(dbname):
    # A cursor of its own: the committed one must not begin its next transaction here.
    with db_connect(dbname).cursor() as cr:
        cr.execute(NEXT_REVISION)
