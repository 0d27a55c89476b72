"""Sending a test: who may, what must be in place, and about which records."""

from odoo import models
from odoo.exceptions import AccessError, UserError
from odoo.tools import str2bool

from ..payload.record_render import find_company
from .group_names import GROUP_OPERATOR


class IntegrationEndpoint(models.Model):
    _inherit = "integration.endpoint"

    def action_send_test(self):
        """Ask which event of which record to send as a test.

        :raise AccessError: IM_ENDPOINT_TEST_NOT_ALLOWED
        :raise UserError: IM_ENDPOINT_TEST_IMPOSSIBLE
        """
        self.ensure_one()
        self._check_may_test()
        return self.env["integration.endpoint.test.wizard"]._prepare(self)._reopen()

    def _send_test(self, event_type, record):
        """Send one event of this type about the record, as a test; return its delivery.

        :raise AccessError: IM_ENDPOINT_TEST_NOT_ALLOWED, or the user may not read the record
        :raise UserError: IM_ENDPOINT_TEST_IMPOSSIBLE
        """
        self._check_may_test()
        # The person's own rights count, whoever found the record.
        record = record.with_env(self.env)
        record.check_access("read")
        if record._name != event_type.sudo().model_name or not record.exists():
            raise UserError(
                self.env._(
                    "IM_ENDPOINT_TEST_IMPOSSIBLE: choose a record that exists and that the event is about."
                )
            )
        obstacle = self._explain_other_company(record)
        if obstacle:
            raise UserError(self.env._("IM_ENDPOINT_TEST_IMPOSSIBLE: %(why)s", why=obstacle))
        # sudo: nobody has write access to deliveries; operators may not write endpoints. Checked above.
        deliveries = self.env["integration.delivery"].sudo()
        deliveries._find_tests(self)._drop_waiting_tests()
        return deliveries._make_test(self.sudo(), event_type.sudo(), record.sudo()).with_env(self.env)

    def _check_may_test(self):
        """:raise AccessError, UserError: IM_ENDPOINT_TEST_NOT_ALLOWED, IM_TEST_IMPOSSIBLE"""
        self.check_access("read")
        if not (self.env.su or self.env.user.has_group(GROUP_OPERATOR)):
            raise AccessError(
                self.env._(
                    "IM_ENDPOINT_TEST_NOT_ALLOWED: only integration operators and administrators may send "
                    "tests, because a test carries the data of a real record. Ask one of them."
                )
            )
        obstacle = self._explain_test_obstacle()
        if obstacle:
            raise UserError(self.env._("IM_ENDPOINT_TEST_IMPOSSIBLE: %(why)s", why=obstacle))

    def _explain_test_obstacle(self):
        """Why no test can be sent to the endpoint, with what to do; False if it can."""
        # sudo: reading this one switch reveals nothing
        parameters = self.env["ir.config_parameter"].sudo()
        if str2bool(parameters.get_param("database.is_neutralized") or "", False):
            return self.env._("this is a neutralised copy of a database, which sends nothing at all.")
        if not self.active:
            return self.env._("the endpoint is archived. Restore it first.")
        if self.is_fenced:
            return self.env._(
                "this database looks like a copy, so nothing is sent to this endpoint. If this one really is "
                "to send, press “Activate here” first."
            )
        if not self.url:
            return self.env._("the endpoint has no address yet. Enter it and save.")
        if self.auth_kind not in ("none", "mtls") and not self.has_auth_secret:
            return self.env._("the password or token is missing. Enter it under Security and save.")
        if not self.has_signing_secret:
            return self.env._("there is no signing secret. Generate one under Security.")
        return False

    def _explain_other_company(self, record):
        """Why a real event of the record would never go to this endpoint: other company; False if it may."""
        company = find_company(record)
        # sudo: the parents of a company that the user works for
        if not company or not self.company_id or self.company_id in company.sudo().parent_ids:
            return False
        return self.env._(
            "“%(endpoint)s” gets events of %(company)s only, and this record belongs to %(other)s. "
            "Choose another record.",
            endpoint=self.name,
            company=self.company_id.sudo().name,
            other=company.sudo().name,
        )
