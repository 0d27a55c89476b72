"""Asking a person: one open activity per document and endpoint as long as a delivery is failed.

Never one per attempt or per delivery: a second failure finds the first activity open. Nothing is written to
the document itself, so users who edit it are not disturbed.
"""

import logging

from psycopg2 import OperationalError

from odoo import api, fields, models

_logger = logging.getLogger(__name__)

ACTIVITY_TYPE = "integration_monitor.mail_activity_type_delivery_failed"


class IntegrationDelivery(models.Model):
    _inherit = "integration.delivery"

    def _schedule_activities(self):
        """Open the missing activities for these failed deliveries."""
        activity_type = self.env.ref(ACTIVITY_TYPE, raise_if_not_found=False)
        deliveries = self.sudo()._filter_with_activities()
        if not activity_type or not deliveries:
            return
        is_open = {
            (activity.res_model, activity.res_id, activity.integration_endpoint_id.id)
            for activity in deliveries._find_open_activities()
        }
        values_list = []
        for delivery in deliveries.sorted("sequence"):
            key = (delivery.res_model, delivery.res_id, delivery.endpoint_id.id)
            if key not in is_open:
                is_open.add(key)
                values_list.append(delivery._prepare_activity_values(activity_type))
        self._create_activities([values for values in values_list if values])

    def _complete_activities(self, feedback):
        """Mark the open activities of these deliveries done, where nothing failed is left."""
        deliveries = self.sudo()
        activities = deliveries._find_open_activities()
        if not activities:
            return
        still_failed = {
            (res_model, res_id, endpoint.id)
            for res_model, res_id, endpoint in deliveries._read_group(
                [
                    ("state", "=", "failed"),
                    ("res_model", "in", list(set(deliveries.mapped("res_model")))),
                    ("res_id", "in", list(set(deliveries.mapped("res_id")))),
                    ("endpoint_id", "in", deliveries.endpoint_id.ids),
                ],
                ["res_model", "res_id", "endpoint_id"],
            )
        }
        done = activities.filtered(
            lambda a: (a.res_model, a.res_id, a.integration_endpoint_id.id) not in still_failed
        )
        # Set-based: `action_feedback` would post a message on each document, hundreds when an endpoint is
        # back. The archived activity keeps the feedback.
        done.write({"active": False, "feedback": feedback})

    @api.model
    def _has_open_activities(self, endpoint_ids):
        """Whether a person was asked about any document because of these endpoints; costs one index look."""
        self.env["mail.activity"].flush_model(["integration_endpoint_id", "active"])
        self.env.cr.execute(
            "SELECT 1 FROM mail_activity WHERE integration_endpoint_id = ANY(%s) AND active LIMIT 1",
            [list(endpoint_ids)],
        )
        return bool(self.env.cr.rowcount)

    def _filter_with_activities(self):
        """The deliveries whose documents exist and can carry activities."""
        kept = self.browse()
        for res_model, deliveries in self.grouped("res_model").items():
            if res_model in self.env and "activity_ids" in self.env[res_model]._fields:
                documents = self.env[res_model].browse(set(deliveries.mapped("res_id"))).exists()
                kept |= deliveries.filtered(lambda d, ids=set(documents.ids): d.res_id in ids)
        return kept

    def _find_open_activities(self):
        keys = self._activity_keys()
        activities = self.env["mail.activity"].search(
            [
                ("integration_endpoint_id", "in", self.endpoint_id.ids),
                ("res_model", "in", list(set(self.mapped("res_model")))),
                ("res_id", "in", list(set(self.mapped("res_id")))),
            ]
        )
        return activities.filtered(
            lambda activity: (
                (activity.res_model, activity.res_id, activity.integration_endpoint_id.id) in keys
            )
        )

    def _activity_keys(self):
        return {(delivery.res_model, delivery.res_id, delivery.endpoint_id.id) for delivery in self}

    def _prepare_activity_values(self, activity_type):
        """The activity for one failed delivery, or None when nobody can be asked."""
        owner = self._find_owner()
        if not owner:
            return None
        return {
            "activity_type_id": activity_type.id,
            "res_model_id": self.env["ir.model"]._get_id(self.res_model),
            "res_id": self.res_id,
            "integration_endpoint_id": self.endpoint_id.id,
            "user_id": owner.id,
            "date_deadline": fields.Date.context_today(self),
            # Neither the endpoint's name nor its words: who may read the document reads its activities,
            # whatever his business. Who may see the delivery finds both on the document.
            "summary": self.env._("Not delivered to another system"),
            "note": self.env._("Open the document to see which one, what it said, and to send it again."),
            "automated": True,
        }

    def _find_owner(self, fits=lambda user: True):
        """Who is asked: the document's owner, else the owner of the event type or of the endpoint.

        :param fits: whether a user is asked at all
        """
        # One prefetch for the documents of all deliveries at hand, instead of a query for each.
        same_model = self.browse(self._prefetch_ids).filtered(lambda d: d.res_model == self.res_model)
        document = self.env[self.res_model].browse(self.res_id).with_prefetch(same_model.mapped("res_id"))
        has_hook = hasattr(document, "_integration_owner")
        owner = document._integration_owner() if has_hook else document.create_uid
        for user in (owner, self.event_type_id.owner_id, self.endpoint_id.owner_id):
            if user.active and user._is_internal() and not user._is_superuser() and fits(user):
                return user
        return self.env["res.users"]

    def _create_activities(self, values_list):
        if not values_list:
            return
        try:
            with self.env.cr.savepoint():
                # No mail for each of them: the activity menu counts them, and an outage can cause hundreds.
                quiet = self.env["mail.activity"].sudo().with_context(mail_activity_quick_update=True)
                quiet.create(values_list)
        except OperationalError:
            raise  # Odoo repeats the whole call
        except Exception:  # noqa: BLE001 - foreign code runs here, and the report must not be lost for it
            _logger.exception("integration.activity_failed count=%s", len(values_list))
