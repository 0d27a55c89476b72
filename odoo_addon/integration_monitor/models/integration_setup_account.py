"""The sidecar's account and its API keys: made for the person who sets up, shown once, stored hashed by Odoo.

Only a system administrator may make a key. With it one can fetch the settings of all endpoints, their secrets
included, and the events of all companies; an administrator of integrations may replace secrets but never read
them (decision 0023). Odoo asks for the person's password first, as for every API key.
"""

from datetime import timedelta

from odoo import Command, api, fields, models
from odoo.addons.base.models.res_users import check_identity
from odoo.exceptions import AccessError, UserError

from .integration_sidecar import GROUP_SIDECAR

SERVICE_LOGIN = "integration_sidecar"
# What XML-RPC and JSON-2 ask for; a key without a scope would open more.
KEY_SCOPE = "rpc"
OVERLAP_H = 24
OLD_KEYS = {"overlap", "now", "keep"}


class IntegrationSetup(models.AbstractModel):
    _inherit = "integration.setup"

    @api.model
    def create_sidecar_key(self, old_keys="overlap"):
        """Make an API key for the sidecar's account, and the account if there is none.

        :param str old_keys: what becomes of the keys there are: ``overlap`` ends them in 24 hours, ``now`` at
            once, ``keep`` leaves them to further sidecars
        :return: client action that hands the key to the open page; nothing else ever tells it
        :raise AccessError: IM_SETUP_NOT_ALLOWED
        :raise UserError: IM_SETUP_INVALID, IM_SERVICE_ACCOUNT_RIGHTS
        """
        self._check_may_connect(old_keys)
        return self._create_sidecar_key_of_somebody_known(old_keys)

    @api.model
    @check_identity
    def _create_sidecar_key_of_somebody_known(self, old_keys):
        return self._create_sidecar_key(old_keys)

    @api.model
    def _check_may_connect(self, old_keys):
        self._check_may_set_up()
        if not self._may_connect():
            raise AccessError(
                self.env._(
                    "IM_SETUP_NOT_ALLOWED: only a system administrator (Administration: Settings) may make "
                    "a key for the sidecar, because it opens the secrets of all endpoints. Ask one to do "
                    "this step."
                )
            )
        if old_keys not in OLD_KEYS:
            raise UserError(
                self.env._(
                    "IM_SETUP_INVALID: old_keys must be overlap, now or keep, got “%(value)s”. "
                    "Example: overlap",
                    value=old_keys,
                )
            )

    @api.model
    def _create_sidecar_key(self, old_keys):
        self._check_may_connect(old_keys)
        account = self._find_account() or self._create_account()
        problem = self._find_account_problem(account)
        if problem:
            raise UserError(problem)
        if not account.active:
            account.active = True
        self._forget_contact(account.partner_id)
        self._end_keys(account, old_keys)
        # sudo: keys of other people are nobody's business in Odoo; the right was checked above
        keys = self.env["res.users.apikeys"].with_user(account).sudo()
        key = keys._generate(KEY_SCOPE, self._name_key(), None)
        return {
            "type": "ir.actions.client",
            "tag": "integration_monitor.sidecar_key",
            "params": {"key": key, "login": account.login},
        }

    @api.model
    def _may_connect(self):
        return self.env.user.has_group("base.group_system")

    @api.model
    def _find_account(self):
        """The account that the sidecar signs in with; maybe an archived one, maybe none."""
        # sudo: accounts and groups are for administrators of Odoo; what is told of them here is little
        group = self.env.ref(GROUP_SIDECAR).sudo().with_context(active_test=False)
        return group.user_ids.sorted(lambda user: (not user.active, user.login != SERVICE_LOGIN, user.id))[:1]

    @api.model
    def _create_account(self):
        """An account that can do nothing but pass the sidecar's door, and has no password to sign in with."""
        users = self.env["res.users"].sudo().with_context(no_reset_password=True, active_test=False)
        taken = set(users.search([("login", "=like", f"{SERVICE_LOGIN}%")]).mapped("login"))
        logins = [SERVICE_LOGIN, *(f"{SERVICE_LOGIN}_{number}" for number in range(2, len(taken) + 3))]
        # What it reads it reads as the door allows, of all companies; its own company decides nothing.
        company = self.env["res.company"].sudo().search([], order="id", limit=1)
        return users.create(
            {
                "name": self.env._("Integration Sidecar"),
                "login": next(login for login in logins if login not in taken),
                "group_ids": [Command.set(self.env.ref(GROUP_SIDECAR).ids)],
                "company_id": company.id,
                "company_ids": [Command.set(company.ids)],
            }
        )

    @api.model
    def _forget_contact(self, partner):
        """The contact that every account has is no customer: no other system is told of this one."""
        self.env.flush_all()
        events = self.env["integration.event"].sudo()
        events.search(
            [("res_model", "=", partner._name), ("res_id", "=", partner.id), ("state", "=", "captured")]
        ).unlink()

    @api.model
    def _find_account_problem(self, account):
        """Why this account is no good for a sidecar, as text for a person; False if it is."""
        further = account.group_ids - self.env.ref(GROUP_SIDECAR).sudo()
        if not further:
            return False
        return self.env._(
            "IM_SERVICE_ACCOUNT_RIGHTS: the account “%(login)s” must belong to the sidecar's group only, but "
            "also has: %(groups)s. Take these rights from it, or take it out of the sidecar's group; then go "
            "on.",
            login=account.login,
            groups=", ".join(further.mapped("full_name")),
        )

    @api.model
    def _end_keys(self, account, old_keys):
        keys = self.env["res.users.apikeys"].sudo().search([("user_id", "=", account.id)])
        if old_keys == "now":
            keys._remove()
        elif old_keys == "overlap":
            ends_at = fields.Datetime.now() + timedelta(hours=OVERLAP_H)
            keys.filtered(lambda key: not key.expiration_date or key.expiration_date > ends_at).write(
                {"expiration_date": ends_at}
            )

    @api.model
    def _name_key(self):
        return self.env._(
            "Sidecar, made by %(user)s on %(date)s",
            user=self.env.user.name,
            date=fields.Date.context_today(self).isoformat(),
        )

    @api.model
    def _describe_account(self):
        """Name, state and keys of the account; the keys for those who may make one only."""
        account = self._find_account()
        if not account:
            return False
        keys = self.env["res.users.apikeys"].sudo().search([("user_id", "=", account.id)], order="id desc")
        return {
            "id": account.id,
            "name": account.name,
            "login": account.login,
            "active": account.active,
            "problem": self._find_account_problem(account),
            "key_count": len(keys),
            "keys": self._describe_keys(keys) if self._may_connect() else [],
        }

    @api.model
    def _describe_keys(self, keys):
        return [
            {
                "name": key.name,
                "created_at": key.create_date.isoformat(timespec="milliseconds") + "Z",
                "ends_at": key.expiration_date
                and key.expiration_date.isoformat(timespec="milliseconds") + "Z",
            }
            for key in keys
        ]
