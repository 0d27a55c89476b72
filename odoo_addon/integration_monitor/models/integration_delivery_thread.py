"""Comments on a delivery: Odoo's own chatter, for whoever may see the delivery.

Nothing is tracked and nobody follows by himself: deliveries are inserted and moved on by SQL, and that must
not cost anything more.
"""

from odoo import api, models
from odoo.tools import SQL


class IntegrationDelivery(models.Model):
    _name = "integration.delivery"
    _inherit = ["integration.delivery", "mail.thread"]
    # Nobody may write deliveries; who sees one may comment on it.
    _mail_post_access = "read"

    @api.model_create_multi
    def create(self, vals_list):
        quiet = self.with_context(mail_create_nolog=True, mail_create_nosubscribe=True)
        return super(IntegrationDelivery, quiet).create(vals_list).with_env(self.env)

    def _log_for_all(self, text):
        """Note the same sentence on each of these deliveries, in the name of the user."""
        self._message_log_batch(
            dict.fromkeys(self._ids, text), author_id=self.env.user.partner_id.id, message_type="notification"
        )

    @api.model
    def _purge_comments(self, delivery_ids):
        """Delete what hangs on deliveries that were deleted by SQL, as ``unlink`` would."""
        if not delivery_ids:
            return
        ours = [("res_model", "=", self._name), ("res_id", "in", delivery_ids)]
        # sudo: called by the purge; files first, because they need Odoo to go from the disk.
        self.env["ir.attachment"].sudo().search(ours).unlink()
        for table, column in (("mail_message", "model"), ("mail_followers", "res_model")):
            self.env.cr.execute(
                SQL(
                    "DELETE FROM %s WHERE %s = %s AND res_id = ANY(%s)",
                    SQL.identifier(table),
                    SQL.identifier(column),
                    self._name,
                    delivery_ids,
                )
            )
