"""What the tests of the bridges share: one endpoint that hears everything, and ends of transactions."""

from odoo import SUPERUSER_ID
from odoo.tests import TransactionCase, new_test_user


class DocumentCase(TransactionCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.endpoint = cls._as_root()["integration.endpoint"].create(
            {"name": "Test receiver", "url": "https://receiver.example/hook"}
        )
        cls.endpoint.action_activate()

    @classmethod
    def _as_root(cls):
        """An environment that may look at events, whoever the test case runs as."""
        return cls.env(user=SUPERUSER_ID)

    @classmethod
    def subscribe(cls, xml_id):
        """Subscribe the endpoint to the event type ``xml_id`` and return the event type."""
        event_type = cls._as_root().ref(xml_id)
        cls._as_root()["integration.subscription"].create(
            {"endpoint_id": cls.endpoint.id, "event_type_id": event_type.id}
        )
        return event_type

    @classmethod
    def new_user(cls, login, groups, **values):
        return new_test_user(cls._as_root(), login, groups=groups, **values)

    def end_transaction(self):
        """Do what a commit does to captured events, so that what follows counts as a new transaction."""
        self._as_root()["integration.event"]._complete_captured()
        self.env.invalidate_all()

    def events(self, event_type, record):
        """All events of this type about this record, oldest first."""
        self.end_transaction()
        return self._as_root()["integration.event"].search(
            [
                ("event_type_id", "=", event_type.id),
                ("res_model", "=", record._name),
                ("res_id", "=", record.id),
            ],
            order="id",
        )

    def deliveries(self, event_type, record):
        return self.events(event_type, record).delivery_ids.filtered(
            lambda delivery: delivery.endpoint_id == self.endpoint
        )

    def refuse(self, deliveries, error="Content refused by the receiver"):
        """Bring deliveries into the state that a final refusal by the endpoint leads to."""
        deliveries.sudo().write({"state": "failed", "last_error": error, "failure_class": "contract"})
        self.end_transaction()
