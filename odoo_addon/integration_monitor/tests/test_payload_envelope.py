"""The CloudEvent that is sent byte for byte."""

import json

from odoo.tests import tagged

from .common import CaptureCase


@tagged("post_install", "-at_install")
class TestPayloadEnvelope(CaptureCase):
    def render_body(self, event):
        self.env.cr.execute(
            """SELECT e.*, t.technical_name FROM integration_event e
                 JOIN integration_event_type t ON t.id = e.event_type_id WHERE e.id = %s""",
            (event.id,),
        )
        [row] = self.env.cr.dictfetchall()
        return self.env["integration.event"]._render_body(row)

    def test_the_body_is_a_cloud_event(self):
        event_type = self.new_event_type(paths=("name",))
        partner = self.env["res.partner"].create({"name": "Ünï"})
        self.complete()
        event = self.events_of(event_type)
        body = self.render_body(event)
        self.assertIn('"name":"Ünï"', body, "compact, and not escaped")
        cloud_event = json.loads(body)
        self.assertEqual(cloud_event.pop("data"), self.payload_of(event))
        self.assertRegex(cloud_event.pop("time"), r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$")
        self.assertRegex(cloud_event.pop("recordedtime"), r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$")
        environment_uuid = self.env["integration.endpoint"]._current_environment_uuid()
        self.assertEqual(
            cloud_event,
            {
                "specversion": "1.0",
                "id": event.event_id,
                "source": f"/odoo/{environment_uuid}",
                "type": event_type.technical_name,
                "subject": f"res.partner/{partner.id}",
                "datacontenttype": "application/json",
                "partitionkey": f"res.partner/{partner.id}",
                "sequence": f"{event.sequence:012d}",
                "correlationid": event.correlation_id,
                "authtype": "system",
                "authid": "1",
            },
        )

    def test_a_person_is_named_by_id_only(self):
        event_type = self.new_event_type(paths=("name",))
        admin = self.env.ref("base.user_admin")
        self.env["res.partner"].with_user(admin).create({"name": "Ada"})
        self.complete()
        body = json.loads(self.render_body(self.events_of(event_type)))
        self.assertEqual((body["authtype"], body["authid"]), ("user", str(admin.id)))

    def test_the_same_event_always_gives_the_same_bytes(self):
        event_type = self.new_event_type(paths=("name", "email"))
        partner = self.env["res.partner"].create({"name": "Ada"})
        self.complete()
        event = self.events_of(event_type)
        first = self.render_body(event)
        partner.email = "later@example.org"
        self.assertEqual(self.render_body(event), first)

    def test_rendering_bodies_asks_the_database_nothing(self):
        event_type = self.new_event_type(paths=("name",))
        self.env["res.partner"].create({"name": "Ada"})
        self.complete()
        event = self.events_of(event_type)
        row = {**event.read()[0], "technical_name": "t", "actor_id": 1}
        self.env["integration.event"]._render_body(row)
        with self.assertQueryCount(0):
            self.env["integration.event"]._render_body(row)
