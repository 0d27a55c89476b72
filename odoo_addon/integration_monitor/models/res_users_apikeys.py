"""The sidecar signs in with each call, and Odoo would hash its key slowly each time.

The slow hash protects passwords that can be guessed. A key has 160 random bits, so what was once found right
is known again by a fast one. Everything that may end a key is still looked up: that the key is there, that it
is not over, and that its account is active (decision 0027).
"""

from collections import OrderedDict
from dataclasses import dataclass
from hashlib import sha256

from odoo import models
from odoo.addons.base.models.res_users import INDEX_SIZE
from odoo.tools import SQL

from .integration_sidecar import GROUP_SIDECAR

REMEMBERED_MAX = 100


@dataclass(frozen=True)
class KnownKey:
    stored_hash: str
    user_id: int


class ResUsersApikeys(models.Model):
    _inherit = "res.users.apikeys"

    # Of this process, by database, scope and fast hash of the key; the oldest goes first.
    _known_keys = OrderedDict()

    def _check_credentials(self, *, scope, key):
        place = (self.env.cr.dbname, scope, sha256(key.encode()).digest())
        known = self._known_keys.get(place)
        if known and known in self._find_valid(scope, key):
            return known.user_id
        user_id = super()._check_credentials(scope=scope, key=key)
        self._known_keys.pop(place, None)
        candidates = self._find_valid(scope, key) if user_id else []
        # With two keys that begin alike, which of them it was is not worth a second slow hash.
        if [candidate.user_id for candidate in candidates] == [user_id]:
            while len(self._known_keys) >= REMEMBERED_MAX:
                self._known_keys.popitem(last=False)
            self._known_keys[place] = candidates[0]
        return user_id

    def _find_valid(self, scope, key):
        """The keys of sidecars that begin like this one and are good now.

        By SQL, because nobody is signed in yet, and the ORM does not answer to nobody.
        """
        rows = self.env.execute_query(
            SQL(
                """
                SELECT k.key, k.user_id
                  FROM %s k JOIN res_users u ON u.id = k.user_id
                 WHERE u.active AND k.index = %s AND (k.scope IS NULL OR k.scope = %s)
                   AND (k.expiration_date IS NULL OR k.expiration_date >= now() AT TIME ZONE 'utc')
                   AND EXISTS (SELECT FROM res_groups_users_rel r
                                 JOIN ir_model_data d ON d.model = 'res.groups' AND d.res_id = r.gid
                                WHERE r.uid = u.id AND d.module = %s AND d.name = %s)
                """,
                SQL.identifier(self._table),
                key[:INDEX_SIZE],
                scope,
                *GROUP_SIDECAR.split("."),
            )
        )
        return [KnownKey(*row) for row in rows]
