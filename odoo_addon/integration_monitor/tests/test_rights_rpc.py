"""Every model and every public method of the addon, called over RPC by every role."""

from odoo import Command
from odoo.exceptions import UserError
from odoo.service.model import call_kw
from odoo.tests import new_test_user, tagged
from odoo.tools import mute_logger

from ..models.parked_arguments import parse_parked_message
from .delivery_case import DeliveryCase
from .test_parked_message import build_message

GROUPS = {
    "public": "base.group_public",
    "portal": "base.group_portal",
    "employee": "base.group_user",
    "clerk": "base.group_user,base.group_partner_manager",
    "viewer": "integration_monitor.group_user",
    "operator": "integration_monitor.group_operator",
    "manager": "integration_monitor.group_manager",
    "sidecar": "integration_monitor.group_sidecar",
}
NOBODY = set()
MANAGERS = {"manager"}
OPERATORS = {"operator", "manager"}
MEMBERS = {"viewer", "operator", "manager"}
STAFF = MEMBERS | {"employee", "clerk"}
SEEING = MEMBERS | {"clerk"}
CHANGING = {"clerk", "operator", "manager"}
SIDECAR = {"sidecar"}

# model -> who reads rows of it, who creates, writes and deletes them
ACCESS = {
    "integration.bulk.item": (NOBODY, NOBODY),
    "integration.bulk.operation": (OPERATORS, NOBODY),
    "integration.bulk.progress": (NOBODY, NOBODY),
    "integration.capture.revision": (NOBODY, NOBODY),
    "integration.claim.gate": (NOBODY, NOBODY),
    "integration.delivery": (SEEING, NOBODY),
    "integration.delivery.attempt": (SEEING, NOBODY),
    "integration.delivery.hour": (NOBODY, NOBODY),
    "integration.delivery.hour.mark": (NOBODY, NOBODY),
    "integration.delivery.transition": (SEEING, NOBODY),
    "integration.endpoint": (MEMBERS, MANAGERS),
    "integration.endpoint.pace": (NOBODY, NOBODY),
    "integration.event": (MEMBERS, NOBODY),
    "integration.event.type": (MEMBERS, MANAGERS),
    "integration.event.type.field": (MEMBERS, MANAGERS),
    "integration.parked.message": (MEMBERS, NOBODY),
    "integration.service.tier": (MEMBERS, MANAGERS),
    "integration.subscription": (MEMBERS, MANAGERS),
    "integration.worker": (MEMBERS, NOBODY),
}
WIZARDS = {
    "integration.bulk.wizard",
    "integration.delivery.cancel.wizard",
    "integration.explain.wizard",
    "integration.parked.message.wizard",
}

# (model, method) -> arguments after the ids, who may call it on the test's records
METHODS = {
    ("integration.bulk.operation", "action_stop"): ([], OPERATORS),
    ("integration.bulk.operation", "action_resume"): ([], OPERATORS),
    ("integration.bulk.wizard", "action_preview"): ([], OPERATORS),
    ("integration.bulk.wizard", "action_start"): ([], STAFF),
    ("integration.delivery", "action_bulk_retry"): ([], SEEING),
    ("integration.delivery", "action_bulk_cancel"): ([], SEEING),
    ("integration.delivery", "action_replay"): ([], CHANGING),
    ("integration.delivery", "action_retry"): ([], CHANGING),
    ("integration.delivery", "action_cancel"): (["No longer needed"], CHANGING),
    ("integration.delivery", "action_open_document"): ([], SEEING),
    ("integration.delivery", "action_explain"): ([], SEEING),
    ("integration.delivery", "get_exception_count"): (None, STAFF),
    ("integration.delivery", "get_overview"): (None, MEMBERS),
    ("integration.delivery.cancel.wizard", "action_confirm"): ([], CHANGING),
    ("integration.document.mixin", "action_view_integration_deliveries"): ([], STAFF),
    ("integration.document.mixin", "action_integration_retry"): ([], CHANGING),
    ("integration.document.mixin", "action_integration_explain"): ([], STAFF),
    ("integration.endpoint", "action_explain"): ([], MEMBERS),
    ("integration.endpoint", "action_activate"): ([], MANAGERS),
    ("integration.endpoint", "action_pause"): ([], MANAGERS),
    ("integration.endpoint", "action_resume"): ([], MANAGERS),
    ("integration.endpoint", "action_close_breaker"): ([], OPERATORS),
    ("integration.endpoint", "action_replay"): ([], OPERATORS),
    ("integration.endpoint", "action_inherit_policy"): ([], MANAGERS),
    ("integration.endpoint", "action_generate_signing_secret"): ([], MANAGERS),
    ("integration.endpoint", "action_generate_signing_key"): ([], MANAGERS),
    ("integration.endpoint", "action_remove_signing_key"): ([], MANAGERS),
    ("integration.endpoint", "action_end_signing_overlap"): ([], MANAGERS),
    ("integration.parked.message", "action_resolve"): (["A test script"], OPERATORS),
    ("integration.parked.message.wizard", "action_confirm"): ([], OPERATORS),
    ("integration.sidecar", "handshake"): (None, SIDECAR),
    ("integration.sidecar", "endpoints"): (None, SIDECAR),
    ("integration.sidecar", "claim"): (None, SIDECAR),
    ("integration.sidecar", "published"): (None, SIDECAR),
    ("integration.sidecar", "report"): (None, SIDECAR),
    ("integration.sidecar", "park"): (None, SIDECAR),
}
NAMED_ARGUMENTS = {
    "handshake": {"worker": "worker-1", "version": "1.0.0"},
    "endpoints": {"revision": 0},
    "claim": {"worker": "worker-1", "limit": 10, "credits": {}},
    "published": {"worker": "worker-1", "claims": []},
    "report": {"outcomes": []},
    "park": {"worker": "worker-1", "messages": []},
}
# Overrides of what Odoo has anyway: ACCESS covers them.
ORM_METHODS = {"create", "write", "unlink", "copy_data", "default_get", "init"}


@tagged("post_install", "-at_install")
class TestRightsRpc(DeliveryCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.users = {
            role: new_test_user(cls.env, f"rpc_{role}", groups=groups, email=False)
            for role, groups in GROUPS.items()
        }
        cls.delivery = cls.deliver_to(state="failed", last_error="Refused")
        cls.env["integration.delivery.attempt"].create(
            {
                "delivery_id": cls.delivery.id,
                "attempt_number": 1,
                "started_at": "2026-11-20",
                "outcome": "failed",
            }
        )
        cls.env["integration.delivery.transition"].create(
            {
                "delivery_id": cls.delivery.id,
                "from_state": "failed",
                "to_state": "pending",
                "at": "2026-11-20",
            }
        )
        cls.event_type.field_ids = [Command.create({"path": "name"})]
        cls.env["integration.subscription"].create(
            {"endpoint_id": cls.endpoint.id, "event_type_id": cls.event_type.id}
        )
        cls.env["integration.endpoint.pace"].create({"endpoint_id": cls.endpoint.id, "full_at": "2026-11-20"})
        cls.env["integration.worker"]._record_heartbeat("worker-1", "1.0.0")
        cls.env["integration.delivery.hour"].create({"hour": "2026-11-20", "endpoint_id": cls.endpoint.id})
        # Somebody else's: of their own operations, people see the progress (test_bulk_operation.py).
        cls.operation = cls.env["integration.bulk.operation"]._prepare(
            "retry", [("id", "=", cls.delivery.id)]
        )
        cls.env["integration.parked.message"]._park([parse_parked_message(build_message())], "worker-1")
        cls.parked = cls.env["integration.parked.message"].search([], limit=1)
        cls.env.flush_all()

    def our_models(self):
        return {
            name: model
            for name, model in self.registry.items()
            if model._original_module == "integration_monitor" and name.startswith("integration.")
        }

    def may(self, role, model, method, args=(), kwargs=None):
        """Whether the role may call the method; what it changed is undone."""
        env = self.env(user=self.users[role].id, context={})
        savepoint = self.env.cr.savepoint()
        try:
            call_kw(env[model], method, list(args), dict(kwargs or {}))
        except UserError:
            return False  # AccessError, or told that there is nothing for this role
        finally:
            savepoint.close(rollback=True)
        return True

    def who_may(self, *call):
        with mute_logger("odoo.addons.base.models.ir_model", "odoo.addons.base.models.ir_rule"):
            return {role for role in GROUPS if self.may(role, *call)}

    def test_the_tables_below_name_every_model_and_method_of_ours(self):
        models = {name for name, model in self.our_models().items() if not model._abstract}
        self.assertEqual(models, ACCESS.keys() | WIZARDS)
        methods = {
            (name, method)
            for name, model in self.our_models().items()
            for part in model.__mro__
            if part.__module__.startswith("odoo.addons.integration_monitor.")
            for method, value in vars(part).items()
            if callable(value) and not method.startswith("_") and not isinstance(value, type)
        }
        self.assertEqual({(n, m) for n, m in methods if m not in ORM_METHODS}, set(METHODS))

    def test_rows_are_read_and_changed_by_the_roles_in_the_table_only(self):
        for model, (readers, writers) in ACCESS.items():
            row = self.env[model].search([], limit=1)
            if "delivery_id" in self.env[model]._fields and model != "integration.bulk.item":
                row = self.env[model].search([("delivery_id", "=", self.delivery.id)], limit=1)
            if model == "integration.delivery":
                row = self.delivery
            self.assertTrue(row, model)
            self.assertEqual(self.who_may(model, "read", [row.ids]), readers, model)
            for method, args in (
                ("create", [{}]),
                ("write", [row.ids, {}]),
                ("web_save", [row.ids, {}, {}]),
                ("unlink", [row.ids]),
                ("copy", [row.ids]),
            ):
                with self.subTest(model=model, method=method):
                    callers = self.who_may_change(model, method, args)
                    self.assertEqual(callers, writers)

    def who_may_change(self, model, method, args):
        """As who_may(), where another complaint than missing rights means that the right was there."""
        allowed = set()
        for role in GROUPS:
            rows = self.env[model].with_user(self.users[role])
            operation = {"create": "create", "copy": "create", "unlink": "unlink"}.get(method, "write")
            if rows.has_access(operation):
                allowed.add(role)
            else:
                self.assertFalse(self.may(role, model, method, args), role)
        return allowed

    def test_methods_are_called_by_the_roles_in_the_table_only(self):
        records = {
            "integration.bulk.operation": self.operation,
            "integration.delivery": self.delivery,
            "integration.document.mixin": self.partner,
            "integration.endpoint": self.endpoint,
            "integration.parked.message": self.parked,
        }
        for (model, method), (args, roles) in METHODS.items():
            with self.subTest(model=model, method=method):
                if model in WIZARDS:
                    continue
                self.delivery.state = "delivered" if method == "action_replay" else "failed"
                self.env.flush_all()
                if args is None:
                    callers = self.who_may(model, method, [], NAMED_ARGUMENTS.get(method))
                else:
                    callers = self.who_may(records[model]._name, method, [records[model].ids, *args])
                self.assertEqual(callers, roles)

    def test_the_bulk_wizard_starts_what_one_may_change_and_previews_replays_for_operators(self):
        for method in ("action_preview", "action_start"):
            callers = set()
            for role, user in self.users.items():
                wizards = self.env["integration.bulk.wizard"].with_user(user)
                if not wizards.has_access("create"):
                    continue
                wizard = wizards.sudo().create({"endpoint_id": self.endpoint.id})
                if method == "action_start":
                    operations = self.env["integration.bulk.operation"].with_user(user)
                    operation = operations._prepare("retry", [("id", "=", self.delivery.id)])
                    wizard.sudo().operation_id = operation
                    if not operation.total_count:
                        continue  # nothing that this role may change: there is nothing to start
                if self.may(role, wizards._name, method, [wizard.ids]):
                    callers.add(role)
            expected = METHODS["integration.bulk.wizard", method][1]
            self.assertEqual(callers, expected & CHANGING, method)

    def test_the_cancel_wizard_cancels_for_those_who_may_cancel(self):
        callers = set()
        for role, user in self.users.items():
            wizards = self.env["integration.delivery.cancel.wizard"].with_user(user)
            if not wizards.has_access("create"):
                continue
            wizard = wizards.sudo().create({"delivery_ids": self.delivery.ids, "reason": "No longer needed"})
            if self.may(role, wizards._name, "action_confirm", [wizard.ids]):
                callers.add(role)
        self.assertEqual(callers, METHODS["integration.delivery.cancel.wizard", "action_confirm"][1])
