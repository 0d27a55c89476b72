"""What an event of a type looks like, for people who write mappings or choose events."""

import json
import uuid

import psycopg2

from odoo import api, models
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Domain

from ..capture.record_filter import read_domain
from ..payload.envelope import dump_json, render_envelope
from ..payload.field_tree import FieldListError, build_field_tree
from ..payload.payload_schema import describe_payload
from ..payload.sample_render import make_up_payload, render_sample
from .bounded_reading import bounded_reading
from .group_names import GROUP_USER

LOOKUP_S = 2
# Anything that is no event of ours.
SAMPLE_EVENT_ID = str(uuid.UUID(int=0))


class IntegrationEventType(models.Model):
    _inherit = "integration.event.type"

    def get_sample(self, res_id=False, filter_domain=False):
        """Render the event that this type would make of a record, as far as the user may read the record.

        :param int res_id: the record; False for the latest one that fits, or made-up values if there is none
        :param str filter_domain: a subscription's record filter, to choose the latest one by
        :return: event (JSON text of the whole CloudEvent), schema (JSON text: the JSON Schema of its data),
            source ``record`` or ``made_up``, res_id, record_name, res_model, why_made_up (``no_access``,
            ``no_record`` or False), hidden (fields left empty for want of rights), labels
            ``{path below data: what people call it}``
        :raise AccessError: outside ``group_user``, and where the record may not be read
        :raise UserError: IM_SAMPLE_UNAVAILABLE
        """
        self.ensure_one()
        self._check_may_see_samples()
        model = self._find_sample_model()
        try:
            tree = build_field_tree(model, self.field_ids.mapped("path"))
        except FieldListError as error:
            raise UserError(
                self.env._("IM_SAMPLE_UNAVAILABLE: the field list no longer fits. %(reason)s", reason=error)
            ) from error
        payload, hidden, record, why_made_up = self._make_sample(model, tree, res_id, filter_domain)
        schema = describe_payload(model, tree, self.technical_name or "", self.description)
        return {
            "event": self._render_sample_event(payload),
            "schema": json.dumps(schema, ensure_ascii=False),
            "source": "record" if record else "made_up",
            "why_made_up": why_made_up,
            "res_id": record.id,
            "record_name": record.display_name if record else False,
            "res_model": model._name,
            "hidden": hidden,
            "labels": dict(_walk_labels(self.env[model._name], tree)),
        }

    @api.model
    def _check_may_see_samples(self):
        self.browse().check_access("read")
        if not self.env.user.has_group(GROUP_USER):
            raise AccessError(self.env._("Samples of events are for members of the Integration Monitor."))

    def _find_sample_model(self):
        """The model with the user's own rights, and texts as events have them: without a language."""
        name = self.model_name
        if name not in self.env:
            raise UserError(
                self.env._(
                    "IM_SAMPLE_UNAVAILABLE: the documents of “%(event_type)s” are not installed here. "
                    "Install their app, or choose another event type.",
                    event_type=self.name,
                )
            )
        return self.env(context={})[name]

    def _make_sample(self, model, tree, res_id=False, filter_domain=False):
        """Return ``(payload, fields left empty for want of rights, record or none, why there is none)``."""
        record, why_made_up = self._choose_sample_record(model, res_id, filter_domain)
        if not record:
            return make_up_payload(model, tree), [], record, why_made_up
        return *render_sample(record, tree), record, False

    def _choose_sample_record(self, model, res_id=False, filter_domain=False):
        """Return ``(record or none, why there is none)``."""
        if res_id:
            record = model.browse(res_id).exists()
            if not record:
                raise UserError(
                    self.env._("IM_SAMPLE_UNAVAILABLE: this document was deleted. Choose another one.")
                )
            return record, False
        if not model.has_access("read"):
            return model, "no_access"
        # What the search would flush otherwise would be undone with it.
        self.env.flush_all()
        for text in dict.fromkeys((filter_domain, False)):
            try:
                domain = Domain(read_domain(self.filter_domain)) & Domain(read_domain(text))
                with bounded_reading(self.env.cr, LOOKUP_S):
                    record = model.search(domain, order="id desc", limit=1)
            except (psycopg2.errors.QueryCanceled, UserError, ValidationError, ValueError, SyntaxError):
                # Too slow, or wrong while somebody edits it: the latest of the type does as well.
                continue
            if record:
                return record, False
        return model, "no_record"

    def _render_sample_event(self, payload):
        now = self.env["integration.delivery"]._now()
        row = {
            "event_id": SAMPLE_EVENT_ID,
            "technical_name": self.technical_name,
            "res_model": self.model_name,
            "res_id": payload["id"],
            "occurred_at": now,
            "recorded_at": now,
            "sequence": 0,
            "correlation_id": SAMPLE_EVENT_ID,
            "actor_id": self.env.uid,
            "payload": dump_json(payload),
        }
        environment_uuid = self.env["integration.endpoint"].sudo()._current_environment_uuid()
        # Read once more, because nobody's preview should show what could not be sent.
        return json.dumps(json.loads(render_envelope(row, environment_uuid)), ensure_ascii=False)


def _walk_labels(model, tree, path="", label=""):
    for name, subtree in tree.items():
        field = model._fields[name]
        own_path = f"{path}{name}"
        own_label = f"{label}{field._description_string(model.env)}"
        yield own_path, own_label
        if subtree and field.comodel_name:
            yield from _walk_labels(model.env[field.comodel_name], subtree, f"{own_path}.", f"{own_label} › ")
