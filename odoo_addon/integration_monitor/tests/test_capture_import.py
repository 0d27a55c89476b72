"""The import dialog: its test run causes nothing, the real one an event per row."""

from odoo.tests import tagged

from .common import CaptureCase

OPTIONS = {"quoting": '"', "separator": ",", "has_headers": True}


@tagged("post_install", "-at_install")
class TestCaptureImport(CaptureCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.event_type = cls.new_event_type(paths=("name", "ref"))
        cls.subscribe(cls.new_endpoint(), cls.event_type)
        cls.env.flush_all()

    def run_import(self, dryrun):
        wizard = self.env["base_import.import"].create(
            {
                "res_model": "res.partner",
                "file": b"name,ref\nAda,A1\nGrace,G1\n",
                "file_type": "text/csv",
                "file_name": "partners.csv",
            }
        )
        result = wizard.execute_import(["name", "ref"], ["name", "ref"], dict(OPTIONS), dryrun=dryrun)
        self.assertFalse(result["messages"])
        self.complete()
        return self.events_of(self.event_type)

    def test_a_dry_run_leaves_no_event(self):
        self.assertFalse(self.run_import(dryrun=True))

    def test_an_import_records_one_event_per_row(self):
        events = self.run_import(dryrun=False)
        self.assertEqual([self.payload_of(event)["ref"] for event in events], ["A1", "G1"])
        self.assertEqual(set(events.delivery_ids.mapped("state")), {"pending"})
