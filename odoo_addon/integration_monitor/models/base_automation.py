"""Automation rules that publish integration events: set-based, and never in the way.

Core runs a rule's actions once per record, as the user, and lets their errors end
the business operation. Rules that do nothing but publish go their own way: creations,
changes and deletions through ``capture/watch.py``; messages, times and whatever else
can run a rule through core's ways, made set-based here. One INSERT for all records,
checks as superuser, and a filter that cannot be evaluated (a field was removed) becomes
an event with an error instead of an error for whoever saved the record. Errors of the
database itself always surface: the transaction is lost then, and Odoo's retry of
conflicts depends on them.
"""

from collections import defaultdict

import psycopg2

from odoo import SUPERUSER_ID, api, models
from odoo.exceptions import UserError, ValidationError
from odoo.tools.safe_eval import safe_eval

from ..capture.capture_plan import HOOKS
from ..capture.model_hooks import uncover_model, watch_model
from ..capture.rule_token import CaptureError, mark_run_by_rule
from ..capture.watch import explain_filter_error

FILTER_ERROR_KEY = "integration_filter_error"
# What ``base.automation`` of core puts on models, and takes off them again.
CORE_HOOKS = ("create", "write", "_compute_field_value", "unlink", "_onchange_methods", "message_post")
HOOKS_KEY = "integration_monitor.rule_hooks"


# What changes about a rule without changing when it fires. Core writes the time of its last run.
INDIFFERENT_FIELDS = {"name", "description", "last_run", "log_webhook_calls", "record_getter"}


class BaseAutomation(models.Model):
    _name = "base.automation"
    _inherit = ["base.automation", "integration.capture.source"]

    @api.model
    def _changes_plan(self, vals):
        return not INDIFFERENT_FIELDS.issuperset(vals)

    @api.constrains("model_id")
    def _check_integration_model(self):
        for rule in self.sudo():
            model = self.env.get(rule.model_name)
            if model is not None and model._original_module == "integration_monitor":
                raise ValidationError(
                    self.env._(
                        "Automation rules cannot run on “%(model)s”: it records what rules cause, "
                        "so every run would cause another. Choose a business model.",
                        model=model._description,
                    )
                )

    @api.ondelete(at_uninstall=False)
    def _unlink_except_of_event_type(self):
        event_type = (
            self.env["integration.event.type"]
            .sudo()
            .with_context(active_test=False)
            .search([("automation_id", "in", self.ids)], limit=1)
        )
        if event_type:
            raise UserError(
                self.env._(
                    "This rule belongs to the integration event type “%(name)s” and would be missed. "
                    "Archive the event type instead.",
                    name=event_type.name,
                )
            )

    def _update_registry(self):
        """Hook in the rules of spreadsheets too, and look again when the transaction has ended.

        Core hooks rules into the models at once and leaves it at that, whether the change of the
        rule is rolled back, or undone by a savepoint of a transaction that goes on.
        """
        super(BaseAutomation, self.with_context(import_file=False))._update_registry()
        registry, cr = self.env.registry, self.env.cr
        if registry.ready and HOOKS_KEY not in cr.postrollback.data:
            for end in (cr.postrollback, cr.postcommit):
                end.data[HOOKS_KEY] = True
                end.add(lambda: _restore_hooks(registry))

    def _unregister_hook(self):
        """Take core's hooks off the models and leave ours on, as long as the registry lives.

        They cost next to nothing where no rule is left. Taking them off and on again would lose the events
        of whoever saves in another thread meanwhile. That is why core's method is not called: it empties
        the only place on the class that a hook can be put.
        """
        for model_class in self.env.registry.values():
            uncover_model(model_class, CORE_HOOKS)

    def _register_hook(self):
        """Put our hooks on every model that has rules of these triggers.

        Not only where a rule publishes now: core does not renew the hooks when somebody adds
        an action to a rule.
        """
        super()._register_hook()
        hook_names = defaultdict(set)
        for rule in self.with_context({}).search([]):
            for hook, triggers in HOOKS.items():
                if rule.trigger in triggers:
                    hook_names[rule.model_name].add(hook)
        for model_name, names in hook_names.items():
            if model_name not in self.env.registry:
                continue
            if "write" in names:
                names.add("_compute_field_value")
            if "unlink" in names:
                names.add("create")  # to know what is deleted in the transaction that created it
            watch_model(self.env.registry[model_name], sorted(names))

    def _get_actions(self, records, triggers):
        """Leave out the rules that ``capture/watch.py`` runs, without a search where no other is left."""
        plan = self.env["integration.capture.revision"]._find_plan()
        if plan.other_triggers.get(records._name, frozenset()).isdisjoint(triggers):
            return self.browse()
        rules = super()._get_actions(records, triggers)
        return rules.browse(rule_id for rule_id in rules._ids if rule_id not in plan.watching_ids)

    def _evaluate_condition(self, text):
        """Return the value of a rule's domain as core does; only administrators enter such text."""
        context = self.sudo()._get_eval_context()
        context["model"] = context["model"].with_env(self.env)
        return safe_eval(text, context)

    def _get_publication(self):
        """Return (event types the rule publishes, whether it does nothing else).

        Not in an ormcache: that one does not follow the rollback of a savepoint, and a
        stale "publishes nothing" would lose events. The record cache does follow.
        """
        actions = self.sudo().action_server_ids
        publishing = actions.filtered(lambda action: action.state == "integration_event")
        event_types = publishing.integration_event_type_id.filtered("active")
        return event_types, bool(publishing) and publishing == actions

    def _only_publishes(self):
        return len(self) == 1 and self._get_publication()[1]

    def _filter_pre(self, records, feedback=False):
        if not self._only_publishes():
            return super()._filter_pre(records, feedback=feedback)
        try:
            return super()._filter_pre(records, feedback=feedback)
        except psycopg2.Error:
            raise
        except Exception as error:  # noqa: BLE001 kept as the event's error; saving must go on
            return self._keep_unfiltered(records, error)

    def _filter_post_export_domain(self, records, feedback=False):
        if not self._only_publishes():
            return super()._filter_post_export_domain(records, feedback=feedback)
        try:
            return super()._filter_post_export_domain(records, feedback=feedback)
        except psycopg2.Error:
            raise
        except Exception as error:  # noqa: BLE001 kept as the event's error; saving must go on
            return self._keep_unfiltered(records, error), None

    def _keep_unfiltered(self, records, error):
        """Return all records, marked with why they could not be filtered."""
        sentence = explain_filter_error(self, records, error)
        return records.with_context(**{FILTER_ERROR_KEY: sentence})

    def _process(self, records, domain_post=None):
        if not self:
            return super()._process(records, domain_post=domain_post)
        event_types, only_publishes = self._get_publication()
        if not only_publishes:
            if event_types:
                marked = mark_run_by_rule(self, self.sudo().trigger)
                return super(BaseAutomation, marked)._process(records, domain_post=domain_post)
            return super()._process(records, domain_post=domain_post)
        # Core's "already done" memory is left out: it stops rules that write from running
        # in circles. Capturing writes nothing on business records, and repeats collapse.
        error = records.env.context.get(FILTER_ERROR_KEY)
        changed = records.filtered("id").sudo().filtered(self._check_trigger_fields)
        for event_type in event_types if changed else ():
            self.env["integration.event"]._capture(
                event_type.id,
                changed.with_env(self.env),
                error=str(error) if isinstance(error, CaptureError) else None,
                is_deletion=self.sudo().trigger == "on_unlink",
            )
        return None


def _restore_hooks(registry):
    with registry.cursor() as cr:
        rules = api.Environment(cr, SUPERUSER_ID, {})["base.automation"]
        rules._unregister_hook()
        rules._register_hook()
