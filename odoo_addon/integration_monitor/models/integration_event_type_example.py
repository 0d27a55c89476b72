"""What an event of a type looks like: a real one where there is one to show, else a made-up one."""

import json

from odoo import api, models
from odoo.exceptions import AccessError, MissingError, UserError

from ..capture.record_filter import read_domain
from ..payload.field_tree import FieldListError, build_field_tree
from ..payload.payload_schema import describe_payload
from ..payload.record_render import render_records
from ..payload.sample_render import make_up_payload
from .group_names import GROUP_USER

NOTHING_TO_SHOW = {"source": False, "record_name": False, "payload": False, "schema": False}


class IntegrationEventType(models.Model):
    _inherit = "integration.event.type"

    def get_example(self, record_id=False):
        """Return an example of what receivers get.

        Without ``record_id``: the last event that was recorded, if it was made with the fields of now; else
        the newest record that the user may read and that meets the condition; else made-up values.

        :param int record_id: render this record, which the user must be allowed to read
        :return: source (``event``, ``record`` or ``invented``), record_name (False when invented), payload
            and schema (JSON texts, indented), error (why there is none: a sentence; then both are False)
        :raise AccessError: outside ``group_user``
        """
        self.ensure_one()
        self._check_may_see_samples()
        # Payloads carry no translations, so neither do their samples.
        event_type = self.with_context(lang=None)
        try:
            tree = build_field_tree(
                event_type.env[event_type.model_name], event_type.field_ids.sorted().mapped("path")
            )
        except (FieldListError, KeyError) as error:
            return {**NOTHING_TO_SHOW, "error": str(error)}
        sample = (
            event_type._render_record(tree, record_id)
            if record_id
            else event_type._sample_event()
            or event_type._sample_record(tree)
            or event_type._sample_invented(tree)
        )
        schema = describe_payload(
            event_type.env[event_type.model_name], tree, self.technical_name or "", self.description
        )
        return {
            **sample,
            "payload": _lay_out(sample["payload"]),
            "schema": _lay_out(schema),
            "error": False,
        }

    @api.model
    def _check_may_see_samples(self):
        self.browse().check_access("read")
        if not self.env.user.has_group(GROUP_USER):
            raise AccessError(self.env._("Samples of events are for members of the Integration Monitor."))

    def _sample_event(self):
        """The last recorded event that the user may see, unless the fields were changed since."""
        event = self.env["integration.event"].search(
            [("event_type_id", "=", self.id), ("state", "=", "recorded"), ("payload", "!=", False)],
            limit=1,
        )
        changed_at = max([self.write_date, *self.field_ids.mapped("write_date")], default=False)
        if not event or not event.recorded_at or changed_at and event.recorded_at < changed_at:
            return None
        return {
            "source": "event",
            "record_name": event.record_name,
            "payload": json.loads(event.payload),
        }

    def _sample_record(self, tree):
        """The newest record that the user may read, with all that the payload carries; None without one."""
        model = self.env[self.model_name]
        if not model.has_access("read"):
            return None
        try:
            record = model.search(read_domain(self.filter_domain), limit=1, order="id desc")
            return self._render_record(tree, record.id) if record else None
        except UserError:
            # Something that the payload carries is not for this person; the made-up sample says as much.
            return None

    def _render_record(self, tree, record_id):
        """Render with the rights of the user: a sample must not show more than the person may read."""
        record = self.env[self.model_name].browse(record_id)
        if not record.exists():
            raise MissingError(self.env._("The record of the sample no longer exists. Choose another one."))
        record.check_access("read")
        payload = render_records(record, tree)[record.id]
        return {"source": "record", "record_name": record.display_name, "payload": payload}

    def _sample_invented(self, tree):
        payload = make_up_payload(self.env[self.model_name], tree)
        return {"source": "invented", "record_name": False, "payload": payload}


def _lay_out(content):
    return json.dumps(content, indent=2, ensure_ascii=False)
