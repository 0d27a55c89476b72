"""Changing what deliveries are signed with: both for a while, then the new one alone."""

from datetime import timedelta

from freezegun import freeze_time
from psycopg2.errors import CheckViolation

from odoo import fields
from odoo.exceptions import ValidationError
from odoo.tests import tagged
from odoo.tools import mute_logger

from ..endpoint.signing_secret import derive_public_key, generate_signing_key
from .common import CaptureCase

# RFC 8032 §7.1, test 1: seed and public key.
SEED = "whsk_nWGxne/9WmC6hEr0kuwsxERJxWl7MmkZcDusAxyuf2A="
PUBLIC = "whpk_11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo="


@tagged("post_install", "-at_install")
class TestEndpointSigning(CaptureCase):
    def secrets(self, endpoint):
        endpoint.invalidate_recordset()
        [line] = [line for line in endpoint._export_for_sidecar() if line["id"] == endpoint.id]
        return line["signing_secrets"]

    def later(self, **distance):
        return freeze_time(fields.Datetime.now() + timedelta(**distance))

    def test_for_a_day_both_secrets_sign_then_the_new_one_alone(self):
        endpoint = self.new_endpoint()
        [old] = self.secrets(endpoint)
        new = endpoint.action_generate_signing_secret()["params"]["message"]
        self.assertEqual(self.secrets(endpoint), [new, old])
        with self.later(hours=23, minutes=59):
            self.assertEqual(self.secrets(endpoint), [new, old])
        with self.later(hours=24, seconds=1):
            self.assertEqual(self.secrets(endpoint), [new])

    def test_the_overlap_is_chosen(self):
        endpoint = self.new_endpoint(signing_overlap_h=72)
        endpoint.action_generate_signing_secret()
        with self.later(hours=71):
            self.assertEqual(len(self.secrets(endpoint)), 2)
        with self.later(hours=73):
            self.assertEqual(len(self.secrets(endpoint)), 1)
        for hours in (-1, 721):
            with (
                mute_logger("odoo.sql_db"),
                self.assertRaises(CheckViolation),
                self.env.cr.savepoint(),
            ):
                self.new_endpoint(signing_overlap_h=hours)

    def test_without_overlap_the_old_secret_ends_at_once(self):
        endpoint = self.new_endpoint(signing_overlap_h=0)
        new = endpoint.action_generate_signing_secret()["params"]["message"]
        self.assertEqual(self.secrets(endpoint), [new])

    def test_a_draft_has_signed_nothing_so_its_old_secret_is_not_kept(self):
        endpoint = self.new_endpoint(activate=False)
        new = endpoint.action_generate_signing_secret()["params"]["message"]
        self.assertEqual(self.secrets(endpoint), [new])

    def test_a_secret_that_was_agreed_on_elsewhere_overlaps_as_well(self):
        endpoint = self.new_endpoint()
        [old] = self.secrets(endpoint)
        agreed = "whsec_" + "A" * 32
        endpoint.signing_secret_input = agreed
        self.assertEqual(self.secrets(endpoint), [agreed, old])

    def test_only_one_old_secret_is_kept(self):
        endpoint = self.new_endpoint()
        second = endpoint.action_generate_signing_secret()["params"]["message"]
        third = endpoint.action_generate_signing_secret()["params"]["message"]
        self.assertEqual(self.secrets(endpoint), [third, second])

    def test_an_overlap_can_be_ended_early(self):
        endpoint = self.new_endpoint()
        endpoint.action_generate_signing_key()
        endpoint.action_generate_signing_key()
        new = endpoint.action_generate_signing_secret()["params"]["message"]
        self.assertEqual(len(self.secrets(endpoint)), 4)
        endpoint.action_end_signing_overlap()
        self.assertEqual(self.secrets(endpoint), [new, endpoint._read_secret("signing_key")])

    def test_the_hourly_job_forgets_old_secrets_whose_time_is_over(self):
        endpoint = self.new_endpoint()
        endpoint.action_generate_signing_secret()
        self.env["integration.endpoint"]._cron_tend_secrets()
        self.assertTrue(endpoint._read_secret("signing_secret_previous"))
        endpoint.active = False
        with self.later(hours=25):
            self.env["integration.endpoint"]._cron_tend_secrets()
        self.assertFalse(endpoint._read_secret("signing_secret_previous"))
        self.assertFalse(endpoint.signing_secret_previous_until)

    def test_a_key_pair_signs_beside_the_secret_and_shows_its_public_half(self):
        endpoint = self.new_endpoint()
        [secret] = self.secrets(endpoint)
        endpoint.action_generate_signing_key()
        key = endpoint._read_secret("signing_key")
        self.assertEqual(self.secrets(endpoint), [secret, key])
        self.assertEqual(endpoint.signing_public_key, derive_public_key(key))
        self.assertNotIn("whsk_", str(endpoint.with_user(self.env.ref("base.user_admin")).read()))

    def test_a_new_key_pair_overlaps_with_the_old_one(self):
        endpoint = self.new_endpoint()
        endpoint.action_generate_signing_key()
        old, old_public = endpoint._read_secret("signing_key"), endpoint.signing_public_key
        endpoint.action_generate_signing_key()
        self.assertNotEqual(endpoint.signing_public_key, old_public)
        self.assertEqual(self.secrets(endpoint)[1:], [endpoint._read_secret("signing_key"), old])
        with self.later(hours=25):
            self.assertEqual(self.secrets(endpoint)[1:], [endpoint._read_secret("signing_key")])

    def test_a_removed_key_pair_signs_no_more(self):
        endpoint = self.new_endpoint()
        endpoint.action_generate_signing_key()
        endpoint.action_generate_signing_key()
        endpoint.action_remove_signing_key()
        self.assertEqual(self.secrets(endpoint), [endpoint._read_secret("signing_secret")])
        self.assertFalse(endpoint.signing_public_key)

    def test_a_key_of_ones_own_can_be_entered_as_seed_or_with_its_public_half(self):
        endpoint = self.new_endpoint()
        endpoint.signing_secret_input = SEED
        self.assertEqual(endpoint.signing_public_key, PUBLIC)
        both = "whsk_nWGxne/9WmC6hEr0kuwsxERJxWl7MmkZcDusAxyuf2DXWpgBgrEKt9VL/tPJZAc6DuFy89qmIyWvAhpo9wdRGg=="
        endpoint.signing_secret_input = both
        self.assertEqual(endpoint.signing_public_key, PUBLIC)
        for bad in ("whsk_", "whsk_AAAA", PUBLIC, both.replace("nWGx", "nWGy")):
            with self.assertRaises(ValidationError, msg=bad):
                endpoint.signing_secret_input = bad

    def test_generated_keys_differ(self):
        self.assertNotEqual(generate_signing_key(), generate_signing_key())

    def test_the_chatter_tells_of_a_change_and_not_the_secret(self):
        endpoint = self.new_endpoint()
        new = endpoint.action_generate_signing_secret()["params"]["message"]
        body = str(endpoint.message_ids[0].body)
        self.assertIn("signs as well until", body)
        self.assertNotIn(new, body)
