"""Whose document a delivery is about, and how much money is at stake."""

from odoo import fields, models


class IntegrationDelivery(models.Model):
    _inherit = "integration.delivery"

    # Kept as they were when the event was recorded, so that lists and sums never open the documents.
    partner_id = fields.Many2one(
        "res.partner",
        "Contact",
        readonly=True,
        index="btree_not_null",
        ondelete="set null",
        help="The contact of the document when the event was recorded.",
    )
    amount = fields.Monetary(
        "Amount at Stake",
        readonly=True,
        help="What the document amounted to when the event was recorded. Empty: it has no amount.",
    )
    currency_id = fields.Many2one("res.currency", "Currency", readonly=True, ondelete="restrict")
