"""The sidecar's key is hashed slowly once, and what ends it is noticed at once."""

from unittest.mock import Mock, patch

from odoo.addons.base.models.res_users import KEY_CRYPT_CONTEXT
from odoo.tests import HttpCase, new_test_user, tagged


@tagged("post_install", "-at_install")
class TestSidecarKey(HttpCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.sidecar = new_test_user(
            cls.env, "key_sidecar", groups="integration_monitor.group_sidecar", email=False
        )
        cls.key = cls.make_key(cls.sidecar)

    def setUp(self):
        super().setUp()
        self.env["res.users.apikeys"]._known_keys.clear()

    @classmethod
    def make_key(cls, user):
        return cls.env["res.users.apikeys"].with_user(user).sudo()._generate("rpc", "test", None)

    def sign_in(self, key, scope="rpc"):
        """Return ``(user id or None, how often a key was hashed slowly)``."""
        context = Mock(wraps=KEY_CRYPT_CONTEXT)
        with patch("odoo.addons.base.models.res_users.KEY_CRYPT_CONTEXT", context):
            user_id = self.env["res.users.apikeys"]._check_credentials(scope=scope, key=key)
        return user_id or None, context.verify.call_count

    def test_the_door_recognises_the_key_and_asks_for_it_each_time(self):
        address = "/json/2/integration.sidecar/endpoints"
        for key, status in ((self.key, 200), (self.key, 200), (self.key[:-1] + "x", 401)):
            headers = {"Authorization": f"bearer {key}", "Content-Type": "application/json"}
            answer = self.url_open(address, data='{"revision": 0}', headers=headers)
            self.assertEqual(answer.status_code, status)
        self.assertEqual(self.sign_in(self.key), (self.sidecar.id, 0))

    def test_the_key_is_hashed_slowly_once(self):
        self.assertEqual(self.sign_in(self.key), (self.sidecar.id, 1))
        self.assertEqual(self.sign_in(self.key), (self.sidecar.id, 0))

    def test_a_wrong_key_is_refused_each_time_however_it_begins(self):
        self.sign_in(self.key)
        for wrong in (self.key[:-1] + "x", self.key[:8], self.key.upper(), self.key + " "):
            for _time in range(2):
                self.assertIsNone(self.sign_in(wrong)[0], wrong)
        self.assertEqual(self.sign_in(self.key), (self.sidecar.id, 0))

    def test_what_ends_a_key_ends_it_at_once(self):
        keys = self.env["res.users.apikeys"].sudo().search([("user_id", "=", self.sidecar.id)])
        ends = {
            "removed": keys._remove,
            "over": lambda: keys.write({"expiration_date": "2020-01-01"}),
            "archived": lambda: self.sidecar.write({"active": False}),
            "of another scope": lambda: self.env.cr.execute("UPDATE res_users_apikeys SET scope = 'other'"),
        }
        for name, end in ends.items():
            with self.subTest(end=name), self.env.cr.savepoint() as savepoint:
                self.assertEqual(self.sign_in(self.key)[0], self.sidecar.id)
                end()
                self.env.flush_all()
                self.assertIsNone(self.sign_in(self.key)[0])
                savepoint.close(rollback=True)
                self.env.invalidate_all()

    def test_a_key_that_replaces_another_is_hashed_anew(self):
        self.sign_in(self.key)
        other = new_test_user(
            self.env, "other_sidecar", groups="integration_monitor.group_sidecar", email=False
        )
        self.env.cr.execute(
            "UPDATE res_users_apikeys SET key = %s, user_id = %s WHERE user_id = %s",
            [KEY_CRYPT_CONTEXT.hash(self.key), other.id, self.sidecar.id],
        )
        self.assertEqual(self.sign_in(self.key), (other.id, 1))

    def test_keys_of_people_are_left_to_odoo(self):
        person = new_test_user(self.env, "key_person", email=False)
        key = self.make_key(person)
        for _time in range(2):
            self.assertEqual(self.sign_in(key), (person.id, 1))
