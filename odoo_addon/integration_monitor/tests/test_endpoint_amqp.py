"""Endpoints that publish to a broker: what may be entered, and what the sidecar gets to know."""

from odoo.exceptions import UserError, ValidationError
from odoo.tests import BaseCase, Form, tagged

from ..endpoint.broker_rules import (
    BrokerSettingRefused,
    check_broker_url,
    check_exchange,
    check_routing_key,
)
from ..endpoint.url_rules import UrlRefused
from .common import CaptureCase
from .delivery_case import DeliveryCase
from .tls_case import certificate_pem, key_pem, new_key


class TestBrokerRules(BaseCase):
    def assertRefused(self, code, url, allowed=""):
        with self.assertRaises(UrlRefused, msg=url) as caught:
            check_broker_url(url, allowed)
        self.assertEqual(caught.exception.code, code, url)

    def test_addresses_of_brokers_are_accepted(self):
        for url in (
            "amqps://broker.example.org",
            "amqps://broker.example.org/",
            "amqps://broker.example.org:5671/orders",
            "amqps://broker.example.org/%2Forders%20x",
            "amqps://93.184.216.34/",
        ):
            check_broker_url(url, "")
        check_broker_url("amqp://10.1.2.3:5672/", "10.0.0.0/8")
        check_broker_url("amqp://lab.example.org/", "lab.example.org")

    def test_anything_but_an_absolute_broker_address_is_refused(self):
        for url in (
            "broker.example.org",
            "https://broker.example.org/",
            "amqps://",
            "amqps:///orders",
            "amqps://broker.example.org/a/b",
            "amqps://broker.example.org/.",
            "amqps://broker.example.org/..",
            "amqps://broker.example.org/%2e%2E",
            "amqps://broker.example.org/?heartbeat=0",
            "amqps://broker.example.org/a?",
            "amqps://broker.example.org/#a",
            "amqps://broker.example.org/%zz",
            "amqps://broker.example.org/%ff",
            "amqps://broker.example.org:port/",
            f"amqps://broker.example.org/{'x' * 256}",
        ):
            self.assertRefused("absolute", url)

    def test_the_same_addresses_are_refused_as_over_http(self):
        self.assertRefused("plain_http", "amqp://broker.example.org/")
        self.assertRefused("userinfo", "amqps://guest:s3cret@broker.example.org/")
        for url in ("amqps://127.0.0.1/", "amqps://[::1]/", "amqps://localhost/", "amqps://broker/"):
            self.assertRefused("address", url)
        for url in ("amqps://2130706433/", "amqps://0x7f000001/", "amqps://127.1/"):
            self.assertRefused("host", url)
        self.assertRefused("allowed_address", "amqps://broker.example.org/", "10.0.0.0/99")

    def test_routing_keys_are_accepted_or_refused_with_a_reason(self):
        for template in ("{event_type}", "odoo.{company_id}.{record_model}", "orders", "ü" * 127):
            check_routing_key(template, "")
        check_routing_key("", "hooks")
        for code, template in (
            ("placeholder", "{colour}"),
            ("placeholder", "{}"),
            ("placeholder", "{EVENT_TYPE}"),
            ("brace", "{event_type"),
            ("brace", "{{event_type}}"),
            ("length", "ü" * 128),
            ("control", "a\nb"),
            ("queue_missing", ""),
        ):
            with self.assertRaises(BrokerSettingRefused, msg=template) as caught:
                check_routing_key(template, "")
            self.assertEqual(caught.exception.code, code, template)

    def test_exchanges_are_accepted_or_refused_with_a_reason(self):
        for exchange in (False, "", "hooks", "Orders of Meridian"):
            check_exchange(exchange)
        for code, exchange in (("length", "x" * 256), ("control", "a\x00")):
            with self.assertRaises(BrokerSettingRefused) as caught:
                check_exchange(exchange)
            self.assertEqual(caught.exception.code, code)


@tagged("post_install", "-at_install")
class TestEndpointAmqp(CaptureCase):
    values = {
        "kind": "amqp",
        "url": "amqps://broker.example.org/orders",
        "auth_kind": "basic",
        "auth_username": "odoo",
        "auth_secret_input": "s3cret",
    }

    def new_broker(self, **values):
        return self.new_endpoint(**{**self.values, **values})

    def export(self, endpoint):
        [settings] = [line for line in endpoint._export_for_sidecar() if line["id"] == endpoint.id]
        return settings

    def test_the_sidecar_learns_where_and_how_to_publish(self):
        endpoint = self.new_broker(amqp_exchange="hooks", amqp_routing_key="odoo.{event_type}")
        settings = self.export(endpoint)
        self.assertEqual(
            (settings["kind"], settings["url"], settings["amqp"]),
            ("amqp", self.values["url"], {"exchange": "hooks", "routing_key": "odoo.{event_type}"}),
        )
        self.assertEqual((settings["auth"]["username"], settings["auth"]["secret"]), ("odoo", "s3cret"))

    def test_the_routing_key_is_the_event_type_unless_said_otherwise(self):
        self.assertEqual(
            self.export(self.new_broker())["amqp"], {"exchange": False, "routing_key": "{event_type}"}
        )

    def test_an_http_endpoint_has_no_exchange_for_the_sidecar(self):
        settings = self.export(self.new_endpoint(amqp_exchange="hooks"))
        self.assertEqual((settings["kind"], settings["amqp"]), ("http", False))

    def test_a_change_of_the_target_reaches_the_sidecar(self):
        endpoint = self.new_broker()
        for values in ({"amqp_exchange": "hooks"}, {"amqp_routing_key": "a"}):
            before = endpoint._current_revision()
            endpoint.write(values)
            self.assertGreater(endpoint._current_revision(), before)

    def test_a_password_is_stored_as_for_http_and_never_shown(self):
        endpoint = self.new_broker().with_user(self.env.ref("base.user_admin"))
        self.assertTrue(endpoint.has_auth_secret)
        self.assertNotIn("s3cret", str(endpoint.read()))
        self.assertNotIn("s3cret", endpoint.sudo().auth_secret)

    def test_a_mistake_is_explained_when_saving(self):
        for values, text in (
            ({"url": "https://broker.example.org/"}, "IM_AMQP_ADDRESS_INVALID: .*amqps://host.*%2F"),
            ({"url": "amqp://broker.example.org/"}, "IM_AMQP_ADDRESS_INVALID: amqp:// would send"),
            ({"url": "amqps://10.1.2.3/"}, "IM_AMQP_ADDRESS_INVALID: .*not a public address"),
            ({"auth_kind": "bearer"}, "IM_AMQP_AUTH_INVALID: .*got “Bearer token”"),
            ({"auth_kind": "none"}, "IM_AMQP_AUTH_INVALID"),
            ({"auth_kind": "oauth2"}, "IM_AMQP_AUTH_INVALID"),
            ({"auth_kind": "header"}, "IM_AMQP_AUTH_INVALID"),
            (
                {"auth_kind": "mtls", "url": "amqp://10.1.2.3/", "allowed_addresses": "10.1.2.3"},
                "IM_AMQP_AUTH_INVALID: a client certificate needs",
            ),
            (
                {"auth_kind": "mtls", "url": "AMQP://10.1.2.3/", "allowed_addresses": "10.1.2.3"},
                "IM_AMQP_AUTH_INVALID: a client certificate needs",
            ),
            ({"amqp_exchange": "x" * 256}, "IM_AMQP_EXCHANGE_INVALID: AMQP allows 255 bytes, got 256"),
            ({"amqp_routing_key": "{colour}"}, "IM_AMQP_ROUTING_KEY_INVALID: .*{colour}.*{event_type}"),
            ({"amqp_routing_key": False}, "IM_AMQP_ROUTING_KEY_INVALID: .*name of a queue"),
        ):
            with self.assertRaisesRegex(ValidationError, text), self.env.cr.savepoint():
                self.new_broker(activate=False, **values)

    def test_a_refused_address_does_not_repeat_its_password(self):
        with self.assertRaises(ValidationError) as caught:
            self.new_broker(url="amqps://guest:canary@broker.example.org/")
        self.assertNotIn("canary", str(caught.exception))

    def test_an_http_endpoint_becomes_one_of_a_broker_only_as_a_whole(self):
        endpoint = self.new_endpoint()
        with self.assertRaises(ValidationError), self.env.cr.savepoint():
            endpoint.kind = "amqp"
        endpoint.write(self.values)
        self.assertEqual(self.export(endpoint)["kind"], "amqp")

    def test_it_is_activated_with_user_name_and_password_or_with_a_certificate(self):
        for missing in ("auth_username", "auth_secret_input"):
            with self.assertRaisesRegex(UserError, "Enter the (user name|password)", msg=missing):
                self.new_broker(**{missing: False})
        key = new_key()
        with self.assertRaisesRegex(UserError, "client certificate and client key"):
            self.new_broker(auth_kind="mtls")
        endpoint = self.new_broker(
            auth_kind="mtls", tls_certificate=certificate_pem(key), tls_key_input=key_pem(key)
        )
        self.assertTrue(self.export(endpoint)["tls"]["key"])

    def test_the_form_offers_what_fits_the_kind(self):
        with Form(self.env["integration.endpoint"]) as form:
            form.name = "Broker of Meridian"
            form.kind = "amqp"
            self.assertEqual((form.auth_kind, form.amqp_routing_key), ("basic", "{event_type}"))
            form.url = "amqps://broker.example.org/"
            form.auth_username = "odoo"
        self.assertEqual(form.record.kind, "amqp")


@tagged("post_install", "-at_install")
class TestAmqpAttempt(DeliveryCase):
    def test_the_status_names_the_protocol_it_came_by(self):
        for kind, code, answer, text in (
            ("http", 422, "no", "HTTP 422"),
            ("http", 200, "AMQP 200 - I am the web", "HTTP 200"),
            ("http", 0, False, False),
            ("amqp", 312, "AMQP 312 NO_ROUTE", "AMQP 312 NO_ROUTE"),
            ("amqp", 404, "AMQP 404 NOT_FOUND - no exchange", "AMQP 404 NOT_FOUND"),
            ("amqp", 0, "AMQP basic.nack", "AMQP basic.nack"),
            ("amqp", 0, False, False),
        ):
            if kind == "amqp" and self.endpoint.kind == "http":
                self.endpoint.write(TestEndpointAmqp.values)
            delivery = self.deliver_to(record=self.new_partners(1))
            attempt = self.env["integration.delivery.attempt"].create(
                {
                    "delivery_id": delivery.id,
                    "attempt_number": 1,
                    "started_at": "2026-11-20 08:00:00",
                    "outcome": "failed",
                    "status_code": code,
                    "response_excerpt": answer,
                }
            )
            self.assertEqual(attempt.status_text, text)
