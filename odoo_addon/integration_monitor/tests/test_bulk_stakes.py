"""The preview of a bulk operation says which documents, how much money and how many systems."""

from odoo.tests import tagged

from .delivery_case import DeliveryCase, build_endpoint


@tagged("post_install", "-at_install")
class TestBulkStakes(DeliveryCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.portal = build_endpoint(cls.env, "Claims portal")
        cls.dollar, cls.euro = cls.env.ref("base.USD"), cls.env.ref("base.EUR")
        (cls.dollar | cls.euro).active = True

    def fail(self, record, endpoint=None, amount=0, currency=None):
        return self.deliver_to(
            endpoint=endpoint,
            record=record,
            state="failed",
            amount=amount,
            currency_id=currency and currency.id,
        )

    def summarise(self, deliveries):
        return (
            self.env["integration.bulk.operation"]._prepare("retry", [("id", "in", deliveries.ids)]).summary
        )

    def test_a_document_counts_once_however_many_systems_get_it(self):
        first, second = self.new_partners(2)
        deliveries = (
            self.fail(first, amount=43000, currency=self.dollar)
            + self.fail(first, self.portal, 43000, self.dollar)
            + self.fail(second, amount=120.5, currency=self.dollar)
        )
        self.assertEqual(self.summarise(deliveries), "2 contacts, 43,120.50 USD to 2 systems")

    def test_currencies_are_never_added_up(self):
        first, second = self.new_partners(2)
        deliveries = self.fail(first, amount=10, currency=self.dollar) + self.fail(
            second, amount=20, currency=self.euro
        )
        self.assertEqual(self.summarise(deliveries), "2 contacts, 20.00 EUR and 10.00 USD to 1 system")

    def test_documents_without_an_amount_say_none(self):
        self.assertEqual(self.summarise(self.fail(self.partner)), "1 contact to 1 system")

    def test_kinds_of_documents_are_named_the_most_frequent_first(self):
        country = self.env.ref("base.be")
        deliveries = self.fail(self.new_partners(1)) + self.fail(self.new_partners(1)) + self.fail(country)
        self.assertEqual(self.summarise(deliveries), "2 contacts and 1 document to 1 system")

    def test_nothing_to_do_has_no_summary(self):
        self.assertFalse(self.summarise(self.deliver_to(state="delivered")))
