"""What belongs to a test delivery is out of sight: in no list, count or search that does not ask for tests.

Otherwise every number on every screen would have to remember to leave tests out. As with archived records, a
search asks for them by naming ``is_test``, or by the context ``active_test=False``. Statements in plain SQL
leave them out themselves.
"""

from odoo import api, fields, models
from odoo.fields import Domain


class IntegrationTestRow(models.AbstractModel):
    _name = "integration.test.row"
    _description = "Integration Test Row"

    # Empty in nearly all rows, and written by tests only: capture does not know of it.
    is_test = fields.Boolean(
        "Test",
        readonly=True,
        help="Sent by a person to try an endpoint. It is counted nowhere, never retried, and neither holds "
        "nor waits for other deliveries of its document.",
    )

    @api.model
    def _search(self, domain, offset=0, limit=None, order=None, *, active_test=True, **kwargs):
        domain = Domain(domain)
        is_hiding = active_test and self.env.context.get("active_test", True)
        if is_hiding and all(leaf.field_expr != "is_test" for leaf in domain.iter_conditions()):
            domain &= Domain("is_test", "=", False)
        return super()._search(domain, offset, limit, order, active_test=active_test, **kwargs)
