"""One of everything in two companies, for the tests that go over the table of rights."""

from odoo import Command
from odoo.exceptions import AccessError, UserError
from odoo.service.model import call_kw
from odoo.tests import new_test_user
from odoo.tools import mute_logger

from ..models.parked_arguments import parse_parked_message
from .delivery_case import DeliveryCase, build_delivery, build_endpoint, build_event_type
from .rights_table import GROUPS
from .test_parked_message import build_message


class RightsCase(DeliveryCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.users = {
            role: new_test_user(cls.env, f"rights_{role}", groups=groups, email=False)
            for role, groups in GROUPS.items()
        }
        cls.other_company = cls.env["res.company"].create({"name": "Sister clinic"})
        cls.finance_type = build_event_type(cls.env, domain="finance", name="odoo.test.finance.v1")
        cls.event_type.field_ids = [Command.create({"path": "name"})]
        cls.home = cls.build_world(cls.event_type, cls.endpoint, cls.partner)
        cls.foreign_area = cls.build_world(
            cls.finance_type, build_endpoint(cls.env, "Payer"), cls.new_partners(1)
        )
        stranger = cls.env["res.partner"].create({"name": "Theirs", "company_id": cls.other_company.id})
        cls.foreign_company = cls.build_world(
            cls.event_type,
            build_endpoint(cls.env, "Elsewhere", company_id=cls.other_company.id),
            stranger,
            company_id=cls.other_company.id,
        )
        cls.prepare_operation(cls.env.user)
        cls.env["integration.delivery.hour"].create({"hour": "2026-11-20", "endpoint_id": cls.endpoint.id})
        cls.env["integration.digest"].create({"user_id": cls.env.uid, "made_on": "2026-11-20"})
        cls.env["integration.worker"]._record_heartbeat("worker-1", "1.0.0")
        cls.env["integration.parked.message"]._park([parse_parked_message(build_message())], "worker-1")
        cls.env.flush_all()

    @classmethod
    def build_world(cls, event_type, endpoint, document, **values):
        """Return {model: record} of one failed delivery of this document and all that belongs to it."""
        delivery = build_delivery(
            cls.env, event_type, endpoint, document, state="failed", last_error="Refused", **values
        )
        attempt = cls.env["integration.delivery.attempt"].create(
            {"delivery_id": delivery.id, "attempt_number": 1, "started_at": "2026-11-20", "outcome": "failed"}
        )
        transition = cls.env["integration.delivery.transition"].create(
            {"delivery_id": delivery.id, "from_state": "failed", "to_state": "pending", "at": "2026-11-20"}
        )
        subscription = cls.env["integration.subscription"].create(
            {"endpoint_id": endpoint.id, "event_type_id": event_type.id}
        )
        pace = cls.env["integration.endpoint.pace"].create(
            {"endpoint_id": endpoint.id, "full_at": "2026-11-20"}
        )
        records = (delivery, attempt, transition, subscription, pace, endpoint, delivery.event_id, event_type)
        return {record._name: record for record in records} | {"integration.document.mixin": document}

    # ------------------------------------------------------------------
    # Records
    # ------------------------------------------------------------------

    def remember(self, make, *key):
        """What ``make`` returns, made once per test: each call is undone, so a record serves many calls."""
        records = vars(self).setdefault("records_by_key", {})
        if (make.__name__, *key) not in records:
            records[make.__name__, *key] = make(*key)
        return records[make.__name__, *key]

    def own_record(self, model, role):
        return self.remember(self.make_own_record, model, role)

    def foreign_record(self, model, role):
        return self.remember(self.make_foreign_record, model, role)

    def company_record(self, model):
        return self.remember(self.make_company_record, model)

    def make_own_record(self, model, role):
        """A record of this model in the role's company, of its area, and made by it where it makes any."""
        if model in self.home:
            return self.home[model]
        if model == "integration.bulk.operation":
            return self.prepare_operation(self.users[role])
        if self.env[model].is_transient():
            return self.build_wizard(model, self.users[role])
        return self.env[model].search([], limit=1)

    def make_foreign_record(self, model, role):
        """A record of the same company that another area or another person has to do with; maybe none."""
        if model in self.foreign_area:
            return self.foreign_area[model]
        somebody = self.users["administrator" if role == "operator" else "operator"]
        if model == "integration.bulk.operation":
            return self.prepare_operation(somebody)
        if self.env[model].is_transient():
            return self.build_wizard(model, somebody)
        return self.env[model]

    def make_company_record(self, model):
        """A record of the other company."""
        if model == "integration.bulk.operation":
            operation = self.prepare_operation(self.env.user)
            operation.sudo().company_ids = self.other_company
            return operation
        return self.foreign_company[model]

    @classmethod
    def prepare_operation(cls, user):
        operations = cls.env["integration.bulk.operation"].with_user(user)
        if not operations.has_access("read"):
            operations = cls.env["integration.bulk.operation"]
        return operations._prepare("retry", [("id", "=", cls.home["integration.delivery"].id)])

    def build_wizard(self, model, user):
        """An open wizard of this user, filled in as its screen does it."""
        delivery = self.home["integration.delivery"]
        values = {
            "integration.bulk.wizard": lambda: {
                "endpoint_id": self.endpoint.id,
                "operation_id": self.prepare_operation(user).id,
            },
            "integration.delivery.cancel.wizard": lambda: {
                "delivery_ids": delivery.ids,
                "reason": "No longer needed",
            },
            "integration.case.wizard": lambda: {"delivery_ids": delivery.ids, "kind": "snooze"},
            "res.config.settings": dict,
            "integration.endpoint.test.wizard": lambda: {
                "endpoint_id": self.endpoint.id,
                "event_type_id": self.event_type.id,
                "res_id": self.partner.id,
            },
            "integration.explain.wizard": lambda: {"delivery_id": delivery.id},
            "integration.parked.message.wizard": lambda: {
                "message_ids": self.env["integration.parked.message"].search([], limit=1).ids,
                "note": "A test script",
            },
        }[model]()
        # sudo: whether this user may have such a wizard is what is asked afterwards
        return self.env[model].with_user(user).sudo().create(values)

    # ------------------------------------------------------------------
    # Asking
    # ------------------------------------------------------------------

    def try_call(self, role, model, method, args=(), kwargs=None):
        """Call the method over RPC as this role; what it changed is undone.

        :return: "yes", "no" (AccessError), the code of another refusal, or its text where it has none
        """
        env = self.env(user=self.users[role].id, context={})
        # A call over RPC begins with an empty cache, and the cache asks nobody for his rights.
        self.env.invalidate_all()
        savepoint = self.env.cr.savepoint()
        try:
            with mute_logger("odoo.addons.base.models.ir_model", "odoo.addons.base.models.ir_rule"):
                call_kw(env[model], method, list(args), dict(kwargs or {}))
        except AccessError:
            return "no"
        except UserError as refusal:
            code, colon, _rest = str(refusal).partition(":")
            return code if colon and code.startswith("IM_") else str(refusal)
        finally:
            savepoint.close(rollback=True)
        return "yes"
