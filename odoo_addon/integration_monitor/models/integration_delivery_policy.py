"""The fields of a policy: how patient, how fast and how long. A tier has them, an endpoint inherits them."""

from odoo import fields, models


class IntegrationDeliveryPolicy(models.AbstractModel):
    _name = "integration.delivery.policy"
    _description = "Integration Delivery Policy"

    timeout_s = fields.Integer(
        string="Timeout (s)", required=True, help="Seconds to wait for the whole answer."
    )
    concurrency = fields.Integer(
        required=True,
        help="Requests at the same time, all sidecars together.",
    )
    window = fields.Integer(
        required=True,
        help="Most deliveries on their way at once, of all sidecars together; others wait in Odoo.",
    )
    max_attempts = fields.Integer(required=True, help="Attempts before a person has to look at a delivery.")
    retry_base_s = fields.Integer(
        string="First Retry After (s)",
        required=True,
        help="Seconds before the second attempt; each further wait is about twice as long.",
    )
    retry_cap_s = fields.Integer(
        string="Longest Wait (s)",
        required=True,
        help="Seconds that a wait between attempts is never longer than.",
    )
    retry_after_max_s = fields.Integer(
        string="Obey Retry-After up to (s)", required=True, help="Seconds the endpoint may ask us to wait."
    )
    rate_limit_per_s = fields.Float(
        string="Deliveries per Second",
        required=True,
        digits=(16, 4),
        help="Most deliveries per second, of all sidecars together, spread evenly. Decimals are fine: 0.5 is "
        "one every two seconds. 0: no limit.",
    )
    breaker_threshold = fields.Integer(
        string="Rest After Failures",
        required=True,
        help="After so many attempts in a row that found the endpoint out of service, deliveries wait and "
        "one at a time is tried until one is answered. 0: never rest.",
    )
    max_age_hours = fields.Integer(
        string="Maximum Age (h)",
        required=True,
        help="Hours after which a delivery that still waits is not worth sending any more. It becomes "
        "Expired and a person may send it again. 0: never.",
    )
