"""The real claim, published, report and people's actions beside a model of one page, by chance."""

import os
import random
from datetime import timedelta
from unittest.mock import patch

from odoo import fields
from odoo.tests import tagged

from .delivery_case import DeliveryCase, build_endpoint, build_outcome
from .delivery_model import DeliveryModel, ModelDelivery, ModelEndpoint

SEQUENCES = 8
STEPS = 70
SEED_VARIABLE = "IM_TEST_MODEL_SEED"
RESULTS = [
    ("delivered", None, 200),
    ("delivered", None, 200),
    ("retry", "unavailable", 503),
    ("retry", "unavailable", 503),
    ("retry", "throttled", 429),
    ("failed", "contract", 422),
]


@tagged("post_install", "-at_install")
class TestDeliveryModel(DeliveryCase):
    def test_random_operations_leave_the_real_methods_and_the_model_in_agreement(self):
        """A failure names its seed; with it in the environment only that sequence is repeated."""
        given = os.environ.get(SEED_VARIABLE)
        seeds = [int(given)] if given else [random.randrange(2**32) for _ in range(SEQUENCES)]
        for seed in seeds:
            with self.subTest(f"{SEED_VARIABLE}={seed}"):
                self.run_sequence(random.Random(seed))

    def run_sequence(self, chance):
        self.env["integration.endpoint"].search([("state", "=", "active")]).write({"state": "paused"})
        self.chance, self.model = chance, DeliveryModel()
        self.env.cr.execute("SELECT last_turn_at, steady_since FROM integration_claim_gate ORDER BY id")
        self.model.last_claim_at, self.model.steady_since = self.env.cr.fetchone()
        self.now = fields.Datetime.now()
        self.partners = self.new_partners(3)
        self.real_endpoints = [self.make_endpoint(number) for number in range(2)]
        self.known_claims = []
        self.last_lease = {}
        operations = [
            self.do_create,
            self.do_create,
            self.do_claim,
            self.do_claim,
            self.do_publish,
            self.do_report,
            self.do_report,
            self.do_report,
            self.do_retry,
            self.do_cancel,
            self.do_pause_or_resume,
            self.do_close_breaker,
            self.do_wait,
            self.do_wait,
        ]
        with patch.object(self.registry["integration.delivery"], "_now", lambda _self: self.now):
            for step in range(STEPS):
                operation = chance.choice(operations)
                operation()
                self.assert_agreement(f"step {step}, {operation.__name__}")

    def make_endpoint(self, number):
        shown = {
            "window": self.chance.randint(1, 4),
            "after_failure": self.chance.choice(["hold", "pass"]),
            "breaker_threshold": self.chance.choice([0, 2, 3]),
            "max_age_hours": self.chance.choice([0, 1]),
        }
        endpoint = build_endpoint(self.env, f"Model {number}", **shown)
        max_age = timedelta(hours=1) if shown["max_age_hours"] else None
        holds = shown["after_failure"] == "hold"
        self.model.endpoints.append(
            ModelEndpoint(endpoint.id, shown["window"], holds, shown["breaker_threshold"], max_age)
        )
        return endpoint

    # ------------------------------------------------------------------ operations

    def do_create(self):
        number = self.chance.randrange(2)
        partner = self.chance.choice(self.partners)
        lane = self.chance.choice(["urgent", "batch"])
        delivery = self.deliver_to(
            self.real_endpoints[number], partner, lane=lane, next_attempt_at=self.now, waiting_since=self.now
        )
        self.model.deliveries[delivery.id] = ModelDelivery(
            delivery.id,
            self.model.endpoints[number],
            partner.id,
            delivery.sequence,
            lane,
            self.now,
            self.now,
        )

    def do_claim(self):
        limit = self.chance.choice([1, 2, 100])
        endpoint = self.chance.choice(self.model.endpoints)
        credits = {endpoint.id: self.chance.randint(0, 2)} if self.chance.random() < 0.3 else {}
        claims = self.claim(
            limit=limit,
            credits={str(key): value for key, value in credits.items()},
            worker=self.chance.choice(["worker-1", "worker-2", "worker-3"]),
        )
        self.assert_claims_are_safe(claims)
        self.assertEqual(
            [(c["delivery_id"], c["attempt_number"], c["schedule_step"]) for c in claims],
            self.model.claim(self.now, limit, credits),
        )
        if self.chance.random() < 0.8:  # else the answer was lost on the way
            self.known_claims += claims

    def do_publish(self):
        claims = self.pick_claims()
        expected = [
            c["delivery_id"]
            for c in claims
            if self.model.publish(self.now, c["delivery_id"], c["attempt_number"])
        ]
        self.assertEqual(self.publish(claims), sorted(expected))

    def do_report(self):
        for claim in self.pick_claims(1):
            result, failure_class, status_code = self.chance.choice(RESULTS)
            delay_s = self.chance.choice([0, 30, 600])
            number = claim["attempt_number"] + self.chance.choice([0, 0, 0, 0, 1, -1])
            outcome = build_outcome(
                claim["delivery_id"],
                max(number, 1),
                result,
                failure_class=failure_class or False,
                status_code=status_code,
                retry_delay_s=delay_s,
            )
            counts = self.model.report(
                self.now, claim["delivery_id"], max(number, 1), result, failure_class, delay_s
            )
            answer = self.report(*[outcome] * self.chance.choice([1, 1, 2]))
            self.assertEqual(answer["applied"], [claim["delivery_id"]] if counts else [])

    def do_retry(self):
        for delivery in self.pick_delivery("pending", "failed", "cancelled", "expired"):
            delivery.action_retry()
            self.model.retry(self.now, delivery.id)

    def do_cancel(self):
        for delivery in self.pick_delivery("pending", "queued", "failed"):
            delivery.action_cancel("By chance")
            self.model.cancel(delivery.id)
            # A person who cancels and retries has it sent anew, whatever is under way.
            self.last_lease.pop((delivery.id, delivery.attempt_count + 1), None)

    def do_pause_or_resume(self):
        number = self.chance.randrange(2)
        endpoint, real = self.model.endpoints[number], self.real_endpoints[number]
        if endpoint.sends:
            real.action_pause()
        else:
            real.action_resume()
            endpoint.close()
        endpoint.sends = not endpoint.sends

    def do_close_breaker(self):
        number = self.chance.randrange(2)
        endpoint = self.model.endpoints[number]
        self.real_endpoints[number].action_close_breaker()
        if endpoint.breaker != "closed":
            endpoint.close()
            self.model.bring_forward(endpoint, self.now)

    def do_wait(self):
        self.now += timedelta(seconds=self.chance.choice([1, 10, 31, 61, 61, 300, 901, 2000]))

    def pick_claims(self, count=None):
        """Some claims that a worker ever knew: late, repeated and overtaken ones among them."""
        recent = self.known_claims[-6:] if self.chance.random() < 0.8 else self.known_claims
        return self.chance.sample(recent, min(len(recent), count or self.chance.randint(1, 4)))

    def pick_delivery(self, *states):
        ids = [d.id for d in self.model.deliveries.values() if d.state in states]
        return self.env["integration.delivery"].browse(self.chance.choice(ids) if ids else [])

    # ------------------------------------------------------------------ judgement

    def assert_claims_are_safe(self, claims):
        """Without the model: one lease at a time, and nothing overtakes an earlier event of its record."""
        for claim in claims:
            attempt = (claim["delivery_id"], claim["attempt_number"])
            self.assertGreaterEqual(self.now, self.last_lease.get(attempt, self.now), "leased twice")
            self.last_lease[attempt] = self.now + timedelta(seconds=60)
            delivery = self.model.deliveries[claim["delivery_id"]]
            earlier = self.env["integration.delivery"].search(
                [
                    ("endpoint_id", "=", delivery.endpoint.id),
                    ("res_id", "=", delivery.record),
                    ("sequence", "<", delivery.sequence),
                    ("state", "in", ["pending", "queued"] + ["failed"] * delivery.endpoint.holds),
                ]
            )
            self.assertFalse(earlier, "overtook an earlier event of its record")

    def assert_agreement(self, context):
        self.env.flush_all()
        self.env.cr.execute(
            """
            SELECT d.id, d.state, d.attempt_count, d.schedule_start, d.lease_until,
                   CASE WHEN d.state = 'pending' THEN d.next_attempt_at END,
                   (SELECT count(*) FROM integration_delivery_attempt a WHERE a.delivery_id = d.id)
              FROM integration_delivery d WHERE d.id = ANY(%s) ORDER BY d.id
            """,
            [list(self.model.deliveries)],
        )
        expected = [
            (d.id, d.state, d.attempts, d.start, d.lease, d.due if d.state == "pending" else None, d.attempts)
            for d in sorted(self.model.deliveries.values(), key=lambda d: d.id)
        ]
        self.assertEqual(self.env.cr.fetchall(), expected, context)
        for endpoint, real in zip(self.model.endpoints, self.real_endpoints, strict=True):
            self.assertEqual(
                (real.breaker_state, real.consecutive_failure_count, real.breaker_probe_at or None),
                (endpoint.breaker, endpoint.failures, endpoint.probe_at),
                context,
            )
            on_the_way = [
                d
                for d in self.model.of(endpoint)
                if d.state == "queued" or (d.lease is not None and d.lease > self.now)
            ]
            self.assertLessEqual(len(on_the_way), endpoint.window, context)
