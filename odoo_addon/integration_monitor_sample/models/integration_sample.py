"""Completes the sample company and points its endpoints at a receiver."""

from urllib.parse import urlsplit

from odoo import Command, api, models

# sample endpoint -> path of its hook at the sample receiver
HOOK_PATHS = {
    "steady": "/hooks/steady",
    "switchable": "/hooks/switchable",
}

SAMPLE_LOGINS = ["accountant", "buyer", "warehouse", "sales", "integration_admin"]


class IntegrationSample(models.AbstractModel):
    _name = "integration.sample"
    _description = "Integration Sample"

    @api.model
    def _prepare(self):
        """Do once what data files cannot: everything that needs a chart of accounts or a search."""
        company = self.env.ref("base.main_company")
        if not company.chart_template:
            self.env["account.chart.template"].try_loading("generic_coa", company, install_demo=False)
        self = self.with_company(company)
        self._silence_greetings()
        self._subscribe_endpoints()
        self._stock_products(company)
        self._create_draft_invoice()
        self._create_draft_purchase_order()
        self._create_draft_sale_order()

    @api.model
    def _configure(self, receiver_url):
        """Point the sample endpoints at the receiver and activate them; safe to repeat.

        :param str receiver_url: where the receiver listens, e.g. ``http://127.0.0.1:8099``
        :returns: signing secrets by hook, ``{"steady": "whsec_…", "switchable": "whsec_…"}``, for the
            receiver to verify signatures with
        :rtype: dict
        """
        secrets = {}
        for hook, path in HOOK_PATHS.items():
            endpoint = self._endpoint(hook)
            # The receiver stands in for a system inside the network, so its address is allowed by name.
            endpoint.write(
                {
                    "url": receiver_url.rstrip("/") + path,
                    "allowed_addresses": urlsplit(receiver_url).hostname,
                }
            )
            if endpoint.state != "active" or endpoint.is_fenced:
                endpoint.action_activate()
            # Nobody reads a secret through the ORM, but the receiver has to know it.
            secrets[hook] = endpoint._read_secret("signing_secret")
        return secrets

    @api.model
    def _endpoint(self, hook):
        return self.env.ref(f"integration_monitor_sample.integration_endpoint_{hook}")

    @api.model
    def _silence_greetings(self):
        """Keep the chat bot from greeting the sample users: its counter looks like work to do."""
        users = self.env["res.users"].search([("login", "in", SAMPLE_LOGINS)])
        if "odoobot_state" in users._fields:
            users.odoobot_state = "disabled"

    @api.model
    def _subscribe_endpoints(self):
        """Subscribe both endpoints to every event type of the catalogue."""
        event_types = self.env["integration.event.type"].search([])
        self.env["integration.subscription"].create(
            [
                {"endpoint_id": self._endpoint(hook).id, "event_type_id": event_type.id}
                for hook in HOOK_PATHS
                for event_type in event_types - self._endpoint(hook).subscription_ids.event_type_id
            ]
        )

    @api.model
    def _stock_products(self, company):
        """Put goods on the shelf, so that a sales order can be shipped at once."""
        warehouse = self.env["stock.warehouse"].search([("company_id", "=", company.id)], limit=1)
        warehouse.name = "Central Store"
        for name, quantity in (("gloves", 400), ("test_strips", 250), ("infusion_set", 120)):
            self.env["stock.quant"]._update_available_quantity(
                self.env.ref(f"integration_monitor_sample.product_{name}"), warehouse.lot_stock_id, quantity
            )

    @api.model
    def _create_draft_invoice(self):
        self.env["account.move"].create(
            {
                "move_type": "out_invoice",
                "partner_id": self.env.ref("integration_monitor_sample.partner_payer").id,
                "ref": "CLM-2026-000417",
                "invoice_user_id": self.env.ref("integration_monitor_sample.user_accountant").id,
                "invoice_line_ids": [
                    self._line("consultation", quantity=1),
                    self._line("mri_scan", quantity=1),
                ],
            }
        )

    @api.model
    def _create_draft_purchase_order(self):
        self.env["purchase.order"].create(
            {
                "partner_id": self.env.ref("integration_monitor_sample.partner_medical_supplies").id,
                "partner_ref": "Q-20871",
                "user_id": self.env.ref("integration_monitor_sample.user_buyer").id,
                "order_line": [
                    self._line("gloves", product_qty=60, price_unit=4.85),
                    self._line("test_strips", product_qty=40, price_unit=11.2),
                ],
            }
        )

    @api.model
    def _create_draft_sale_order(self):
        self.env["sale.order"].create(
            {
                "partner_id": self.env.ref("integration_monitor_sample.partner_clinic").id,
                "client_order_ref": "WARD-3-0092",
                "user_id": self.env.ref("integration_monitor_sample.user_sales").id,
                "order_line": [
                    self._line("gloves", product_uom_qty=12),
                    self._line("infusion_set", product_uom_qty=8),
                ],
            }
        )

    @api.model
    def _line(self, product_name, **values):
        product = self.env.ref(f"integration_monitor_sample.product_{product_name}")
        return Command.create({"product_id": product.id, **values})
