"""What an event type may be: a name to rely on, a model that can be watched, fields that exist."""

import re

from odoo import api, models
from odoo.exceptions import ValidationError

from ..capture.record_filter import check_domain

TECHNICAL_NAME_RE = re.compile(r"[a-z][a-z0-9_]*(\.[a-z0-9_]+)+")


class IntegrationEventType(models.Model):
    _inherit = "integration.event.type"

    @api.constrains("technical_name")
    def _check_technical_name(self):
        for event_type in self:
            if not TECHNICAL_NAME_RE.fullmatch(event_type.technical_name):
                raise ValidationError(
                    self.env._(
                        "The technical name must be lower-case words joined by dots, got “%(name)s”. "
                        "Example: odoo.account.invoice.posted.v1",
                        name=event_type.technical_name,
                    )
                )

    @api.constrains("model_id")
    def _check_model(self):
        for event_type in self.sudo():
            self._check_publishable_model(event_type.model_name)

    @api.constrains("model_id")
    def _check_model_of_events(self):
        """Events keep the type they have, and a retry renders them anew as records of its model."""
        for event_type in self.sudo():
            if (
                self.env["integration.event"]
                .sudo()
                .search_count(
                    [
                        ("event_type_id", "=", event_type.id),
                        ("res_model", "!=", event_type.model_name),
                    ],
                    limit=1,
                )
            ):
                raise ValidationError(
                    self.env._(
                        "“%(name)s” has recorded events, so its model must stay. Archive it and create "
                        "another event type for the other model.",
                        name=event_type.name,
                    )
                )

    @api.constrains("model_id", "trigger_field_ids")
    def _check_trigger_fields(self):
        for event_type in self.sudo():
            if event_type.trigger_field_ids.model_id - event_type.model_id:
                raise ValidationError(
                    self.env._(
                        "Every watched field of “%(name)s” must belong to its model.", name=event_type.name
                    )
                )

    @api.constrains("model_id", "filter_pre_domain", "filter_domain")
    def _check_filter_domains(self):
        for event_type in self.sudo():
            model = self.env[event_type.model_name]
            for domain in (event_type.filter_pre_domain, event_type.filter_domain):
                check_domain(domain, model)

    @api.constrains("model_id")
    def _check_field_list(self):
        self.field_ids._check_path()

    @api.model
    def _check_publishable_model(self, model_name):
        """Refuse models whose events would be about ourselves: each event would cause the next."""
        model = self.env[model_name]
        if model._original_module == self._original_module or model._name == "bus.bus":
            raise ValidationError(
                self.env._(
                    "“%(model)s” is part of the Integration Monitor itself and cannot be published: "
                    "every event would cause another. Choose a business model.",
                    model=model._description,
                )
            )
        if model._abstract or model._transient:
            raise ValidationError(
                self.env._(
                    "“%(model)s” holds no lasting records. Choose a business model.", model=model._description
                )
            )
        if not self._is_for_people(model_name):
            raise ValidationError(
                self.env._(
                    "“%(model)s” is for system administrators only and cannot be published: it may hold "
                    "passwords and settings, and receivers would see what colleagues may not. Choose a "
                    "business model.",
                    model=model._description,
                )
            )

    @api.model
    def _is_for_people(self, model_name):
        """Whether anybody but system administrators may read the model at all."""
        # sudo: who configures event types need not be allowed to read access rights
        accesses = (
            self.env["ir.model.access"]
            .sudo()
            .search([("model_id.model", "=", model_name), ("perm_read", "=", True)])
        )
        system = self.env.ref("base.group_system")
        return any(access.group_id != system for access in accesses)
