"""Whom a report tells what: open documents by the bus, the sidecar by the answer."""

from unittest.mock import patch

from odoo.tests import tagged

from .delivery_case import DeliveryCase, build_endpoint, build_outcome


@tagged("post_install", "-at_install")
class TestSidecarReportHints(DeliveryCase):
    def test_open_documents_are_told_of_few_changes_one_by_one_and_of_many_together(self):
        bus = type(self.env["bus.bus"])
        for count, expected in ((20, 20), (21, 1)):
            deliveries = [self.deliver_to(record=partner) for partner in self.new_partners(count)]
            with patch.object(bus, "_sendone") as send:
                self.report(*(build_outcome(delivery.id) for delivery in deliveries))
            hints = [call.args for call in send.call_args_list if call.args[1].endswith("document_changed")]
            self.assertEqual(len(hints), expected)
        self.assertEqual(hints[0][0], "integration_monitor.documents_res.partner")
        self.assertEqual(hints[0][2], {"res_model": "res.partner", "res_id": 0})

    def test_the_answer_says_whether_the_endpoint_has_more_to_send(self):
        first, second = self.deliver_to(), self.deliver_to()
        elsewhere = self.deliver_to(build_endpoint(self.env, "Elsewhere"))
        self.assertTrue(self.report(build_outcome(first.id))["is_more_due"])
        self.assertFalse(self.report(build_outcome(second.id))["is_more_due"], elsewhere)
