"""Every model and every public method of ours, called over RPC by every role, in two companies."""

from datetime import datetime, timedelta

from odoo.tests import tagged

from .rights_case import RightsCase
from .rights_table import GROUPS, RIGHTS

# base.user_admin: Odoo makes it in every database, right after its own account
ADMINISTRATOR_ID = 2
# Arguments after the ids; a dict: the named arguments of a method that takes no ids.
ARGUMENTS = {
    ("integration.delivery", "action_assign"): [ADMINISTRATOR_ID],
    ("integration.delivery", "action_cancel"): ["No longer needed"],
    ("integration.delivery", "get_document_timeline"): {"res_model": "res.partner", "res_id": 1},
    ("integration.delivery", "action_snooze"): [datetime.now() + timedelta(days=7)],
    ("integration.delivery", "get_exception_count"): {},
    ("integration.delivery", "get_overview"): {},
    ("integration.subscription", "count_matching"): {"event_type_id": 1},
    ("integration.event.type", "choose_fields"): [["name"]],
    ("integration.parked.message", "action_resolve"): ["A test script"],
    ("integration.setup", "get_state"): {},
    ("integration.setup", "get_sidecar"): {},
    ("integration.setup", "create_sidecar_key"): {"old_keys": "keep"},
    ("integration.setup", "create_endpoint"): {
        "values": {"name": "Payer", "url": "https://payer.example.org/hooks"}
    },
    ("integration.sidecar", "handshake"): {"worker": "worker-1", "version": "1.0.0"},
    ("integration.sidecar", "endpoints"): {"revision": 0},
    ("integration.sidecar", "claim"): {"worker": "worker-1", "limit": 10, "credits": {}},
    ("integration.sidecar", "published"): {"worker": "worker-1", "claims": []},
    ("integration.sidecar", "report"): {"outcomes": []},
    ("integration.sidecar", "park"): {"worker": "worker-1", "messages": []},
}
CHANGES = {
    "create": ("create", lambda row: [{}]),
    "write": ("write", lambda row: [row.ids, {}]),
    "web_save": ("write", lambda row: [row.ids, {}, {}]),
    "unlink": ("unlink", lambda row: [row.ids]),
    "copy": ("create", lambda row: [row.ids]),
}
OUR_MODULES = "odoo.addons.integration_monitor"


@tagged("post_install", "-at_install")
class TestRightsRpc(RightsCase):
    def rights(self, kind):
        return [right for right in RIGHTS if right.kind == kind]

    def our_models(self):
        return {
            name: model
            for name, model in self.registry.items()
            if model._original_module == "integration_monitor" and not model._abstract
        }

    def test_the_table_names_every_model_of_ours(self):
        listed = {right.model for right in self.rights("rows")}
        self.assertEqual(set(self.our_models()), listed, "add the missing models to rights.csv")

    def test_the_table_names_every_public_method_of_ours(self):
        """Those that Odoo's own classes have too are left out: they are asked as rows, or by Odoo."""
        found = set()
        for model in self.registry.values():
            ours = [part for part in model.__mro__ if part.__module__.startswith(OUR_MODULES)]
            others = [part for part in model.__mro__ if not part.__module__.startswith(OUR_MODULES)]
            known = {name for part in others for name in vars(part) if part.__module__ != "odoo.orm.registry"}
            for part in ours:
                for name, value in vars(part).items():
                    is_public = callable(value) and not name.startswith("_") and not isinstance(value, type)
                    if is_public and name not in known:
                        found.add((part._name, name))
        listed = {(right.model, right.name) for right in self.rights("method")}
        self.assertEqual(found, listed, "add the missing methods to rights.csv")

    def test_rows_are_read_by_the_roles_of_the_table_only(self):
        for right in self.rights("rows"):
            if right.name == "read":
                self.check_each_role(right, "read")

    def test_rows_are_changed_by_the_roles_of_the_table_only(self):
        for right in self.rights("rows"):
            if right.name != "change":
                continue
            row = self.own_record(right.model, "administrator")
            self.assertTrue(row, right.model)
            for method, (operation, arguments) in CHANGES.items():
                for role in GROUPS:
                    with self.subTest(model=right.model, method=method, role=role):
                        may = right.cells[role] == "yes"
                        self.assertEqual(row.with_user(self.users[role]).has_access(operation), may)
                        if not may:
                            self.assertEqual(self.try_call(role, right.model, method, arguments(row)), "no")
                        elif right.by_company and method != "create":
                            foreign = self.company_record(right.model)
                            self.assertEqual(
                                self.try_call(role, right.model, method, arguments(foreign)), "no"
                            )

    def test_a_wizard_is_used_by_who_opened_it_and_by_nobody_else(self):
        for right in self.rights("rows"):
            if right.name != "use":
                continue
            for role in GROUPS:
                own, foreign = self.own_record(right.model, role), self.foreign_record(right.model, role)
                for method, args in (("read", [["create_uid"]]), ("write", [{}]), ("web_save", [{}, {}])):
                    with self.subTest(model=right.model, method=method, role=role):
                        cell = "yes" if right.cells[role] == "own" else right.cells[role]
                        self.assertEqual(self.try_call(role, right.model, method, [own.ids, *args]), cell)
                        self.assertEqual(self.try_call(role, right.model, method, [foreign.ids, *args]), "no")
                found = self.env[right.model].with_user(self.users[role])
                self.assertEqual(found.has_access("create"), right.cells[role] == "own")
                self.assertFalse(found.has_access("unlink"))
                if found.has_access("read"):
                    self.assertFalse(found.search([]) & foreign)

    def test_methods_are_called_by_the_roles_of_the_table_only(self):
        for right in self.rights("method"):
            arguments = self.find_arguments(right)
            if isinstance(arguments, dict):
                for role, cell in right.cells.items():
                    with self.subTest(model=right.model, method=right.name, role=role):
                        self.assertEqual(self.try_call(role, right.model, right.name, [], arguments), cell)
            else:
                self.check_each_role(right, right.name, *arguments)

    def find_arguments(self, right):
        of_endpoint = {
            "choose_events": {"endpoint_id": self.endpoint.id, "event_type_ids": self.event_type.ids},
            "renew_signing_secret": {"endpoint_id": self.endpoint.id},
        }
        if right.model == "integration.setup" and right.name in of_endpoint:
            return of_endpoint[right.name]
        return ARGUMENTS.get((right.model, right.name), [])

    def check_each_role(self, right, method, *arguments):
        """Each role calls the method on its own record, on somebody else's, and on the other company's."""
        for role, cell in right.cells.items():
            own = self.own_record(right.model, role)
            self.assertTrue(own, right.model)
            self.check_answer(right, role, own, method, arguments, "yes" if cell == "own" else cell)
            if cell not in ("yes", "own"):
                continue  # who is refused on his own record has nothing to do with the others either
            if foreign := self.foreign_record(right.model, role):
                self.check_answer(right, role, foreign, method, arguments, "yes" if cell == "yes" else None)
            if right.by_company:
                self.check_answer(right, role, self.company_record(right.model), method, arguments, "no")

    def check_answer(self, right, role, record, method, arguments, expected):
        """:param str expected: the answer; None: any refusal"""
        self.prepare(record, method)
        answer = self.try_call(role, record._name, method, [record.ids, *arguments])
        with self.subTest(model=right.model, method=method, role=role, record=record):
            if expected is None:
                self.assertNotEqual(answer, "yes")
            else:
                self.assertEqual(answer, expected)

    def prepare(self, record, method):
        """Bring a delivery into a state in which the method has something to do."""
        if record._name == "integration.delivery":
            record.sudo().state = "delivered" if method == "action_replay" else "failed"
            self.env.flush_all()
