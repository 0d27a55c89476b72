"""The guided set-up: what is there already, and the steps that take more than an ordinary form.

Nothing about its progress is stored: each step is done when what it makes is there. So it can be left at any
moment, by anybody, and goes on where it stands.
"""

from odoo import Command, api, models
from odoo.exceptions import AccessError, UserError

from ..endpoint.signing_secret import generate_signing_secret

GROUP_MANAGER = "integration_monitor.group_manager"
# What the set-up asks about a new endpoint; the rest stays as the model has it.
ENDPOINT_FIELDS = {"name", "url", "allowed_addresses", "company_id"}


class IntegrationSetup(models.AbstractModel):
    _name = "integration.setup"
    _description = "Integration Set-up"

    @api.model
    def get_state(self):
        """Return what there is of a working integration.

        :return: secret_key_problem (a sentence or False), sidecar (see ``get_sidecar``), endpoints and
            catalogue, both lists
        :raise AccessError: outside ``group_manager``
        """
        self._check_may_set_up()
        return {
            "secret_key_problem": self.env["integration.endpoint"]._find_key_problem(),
            "sidecar": self.get_sidecar(),
            "endpoints": self._list_endpoints(),
            "catalogue": self._list_catalogue(),
        }

    @api.model
    def get_sidecar(self):
        """Return who runs and what a sidecar needs to connect; asked again and again while one is awaited.

        :return: may_connect, account (False when there is none), workers, connection ``{url, database}``,
            server_time
        :raise AccessError: outside ``group_manager``
        """
        self._check_may_set_up()
        deliveries = self.env["integration.delivery"]
        # sudo: the address of this very server, which the person has in the browser anyway
        url = self.env["ir.config_parameter"].sudo().get_param("web.base.url")
        return {
            "may_connect": self._may_connect(),
            "account": self._describe_account(),
            "workers": self.env["integration.worker"]._describe_for_overview(deliveries._now()),
            "connection": {"url": url, "database": self.env.cr.dbname},
            "server_time": deliveries._now().isoformat(timespec="milliseconds") + "Z",
        }

    @api.model
    def create_endpoint(self, values):
        """Create an endpoint that sends nothing yet, with a signing secret of its own.

        :param dict values: name and url, maybe allowed_addresses and company_id
        :return: id of the endpoint and secret, which is not told again
        :raise UserError: IM_SETUP_INVALID; ValidationError of the endpoint's own checks
        """
        self._check_may_set_up()
        unknown = set(values) - ENDPOINT_FIELDS
        if unknown or not values.get("name") or not values.get("url"):
            raise UserError(
                self.env._(
                    "IM_SETUP_INVALID: an endpoint needs a name and an address. Example: Claims portal, "
                    "https://erp.example.org/hooks"
                )
            )
        secret = generate_signing_secret()
        endpoint = self.env["integration.endpoint"].create({**values, "signing_secret_input": secret})
        return {"id": endpoint.id, "secret": secret}

    @api.model
    def renew_signing_secret(self, endpoint_id):
        """Replace the signing secret of an endpoint; the old one signs too for as long as the endpoint says.

        :return: secret, which is not told again
        """
        self._check_may_set_up()
        endpoint = self._browse_endpoint(endpoint_id)
        secret = generate_signing_secret()
        endpoint._replace_signing("signing_secret", secret)
        return {"secret": secret}

    @api.model
    def choose_events(self, endpoint_id, event_type_ids):
        """Make the endpoint receive exactly these event types.

        Subscriptions that were there keep their settings; what is not chosen is archived, not deleted.

        :param list event_type_ids: ids of ``integration.event.type``
        """
        self._check_may_set_up()
        endpoint = self._browse_endpoint(endpoint_id)
        chosen = self.env["integration.event.type"].browse(event_type_ids).exists()
        subscriptions = (
            self.env["integration.subscription"]
            .with_context(active_test=False)
            .search([("endpoint_id", "=", endpoint.id)])
        )
        kept = subscriptions.filtered(lambda subscription: subscription.event_type_id in chosen)
        kept.filtered(lambda subscription: not subscription.active).active = True
        (subscriptions - kept).filtered("active").active = False
        missing = chosen - subscriptions.event_type_id
        endpoint.subscription_ids = [Command.create({"event_type_id": found.id}) for found in missing]
        return True

    @api.model
    def _check_may_set_up(self):
        if not self.env.user.has_group(GROUP_MANAGER):
            raise AccessError(
                self.env._(
                    "Setting up integrations takes the role Integration Monitor / Administrator. "
                    "Ask whoever administers Odoo to give it to you."
                )
            )

    @api.model
    def _browse_endpoint(self, endpoint_id):
        endpoint = self.env["integration.endpoint"].browse(endpoint_id).exists()
        if not endpoint:
            raise UserError(self.env._("This endpoint no longer exists. Reload the page."))
        endpoint._check_manager()
        return endpoint

    @api.model
    def _read_test_states(self, endpoints):
        """Return ``{endpoint id: state of the last test}`` of those that were tested."""
        deliveries = self.env["integration.delivery"].search(
            [("endpoint_id", "in", endpoints.ids), ("is_test", "=", True)], order="id"
        )
        return {delivery.endpoint_id.id: delivery.state for delivery in deliveries}

    @api.model
    def _list_endpoints(self):
        endpoints = self.env["integration.endpoint"].search([], order="id desc")
        test_states = self._read_test_states(endpoints)
        return [
            {
                "id": endpoint.id,
                "name": endpoint.name,
                "kind": endpoint.kind,
                "url": endpoint.url or False,
                "state": "fenced" if endpoint.is_fenced else endpoint.state,
                "has_signing_secret": endpoint.has_signing_secret,
                "event_type_ids": endpoint.subscription_ids.event_type_id.ids,
                "test_state": test_states.get(endpoint.id, False),
                "last_delivered_at": endpoint.last_delivered_at
                and endpoint.last_delivered_at.isoformat(timespec="milliseconds") + "Z",
            }
            for endpoint in endpoints
        ]

    @api.model
    def _list_catalogue(self):
        """The event types by business domain, in the order in which the domains are declared."""
        event_types = self.env["integration.event.type"].search([])
        labels = dict(event_types._fields["business_domain"]._description_selection(self.env))
        order = list(labels)
        return [
            {
                "id": event_type.id,
                "name": event_type.name,
                "technical_name": event_type.technical_name,
                "description": event_type.description or False,
                "domain": event_type.business_domain,
                "domain_label": labels[event_type.business_domain],
            }
            for event_type in event_types.sorted(
                lambda found: (order.index(found.business_domain), found.name)
            )
        ]
