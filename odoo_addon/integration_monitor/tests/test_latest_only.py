"""Where only the latest counts, nothing older is in its way: not what failed, not what is tried again."""

from odoo.exceptions import UserError
from odoo.tests import tagged

from ..capture.delivery_rows import supersede_older
from ..capture.event_rows import CapturedEvent
from ..capture.routing import Route
from .delivery_case import DeliveryCase, build_outcome


@tagged("post_install", "-at_install")
class TestLatestOnly(DeliveryCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.subscription = cls.env["integration.subscription"].create(
            {
                "endpoint_id": cls.endpoint.id,
                "event_type_id": cls.event_type.id,
                "ordering": "latest_only",
            }
        )

    def deliver_news(self, **values):
        return self.deliver_to(subscription_id=self.subscription.id, **values)

    def supersede_before(self, newer):
        """What the commit of the newer event does to older deliveries."""
        route = Route(self.subscription.id, self.endpoint.id, "urgent", True, None, None)
        event = CapturedEvent(
            newer.event_id.id, self.event_type.id, newer.res_model, newer.res_id, None, None, None, None, None
        )
        event.sequence = newer.sequence
        event.routes = [route]
        self.env.flush_all()
        supersede_older(self.env, [event])
        self.env.invalidate_all()

    def activities(self):
        return self.env["mail.activity"].search(
            [("res_model", "=", "res.partner"), ("res_id", "=", self.partner.id)]
        )

    def test_a_newer_event_supersedes_a_failed_one_and_closes_its_activity(self):
        self.partner.user_id = self.env.ref("base.user_admin")
        older = self.deliver_news()
        self.refuse(older)
        self.assertTrue(self.activities())
        newer = self.deliver_news()
        self.assertEqual(self.claim_ids(), [], "held by the failed one")
        self.supersede_before(newer)
        self.assertEqual(older.state, "superseded")
        self.assertTrue(older.state_reason)
        self.assertEqual(older.last_error, "The endpoint answered failed", "what happened stays on record")
        self.assertFalse(self.activities())
        self.assertEqual(self.claim_ids(), newer.ids)

    def test_an_attempt_that_fails_after_newer_news_came_is_superseded_and_asks_nobody(self):
        self.partner.user_id = self.env.ref("base.user_admin")
        for result in ("failed", "retry"):
            older = self.deliver_news()
            self.publish(self.claim())
            newer = self.deliver_news()
            self.report(build_outcome(older.id, 1, result))
            self.assertEqual((older.state, older.attempt_count), ("superseded", 1), result)
            self.assertFalse(older.next_attempt_at)
            self.assertFalse(self.activities())
            self.assertEqual(self.claim_ids(), newer.ids)
            self.report(build_outcome(newer.id))

    def test_an_attempt_that_fails_without_newer_news_is_tried_again_as_usual(self):
        delivery = self.deliver_news()
        self.report(build_outcome(delivery.id, 1, "retry"))
        self.assertEqual(delivery.state, "pending")
        self.report(build_outcome(delivery.id, 2, "failed"))
        self.assertEqual(delivery.state, "failed")

    def test_a_replay_that_newer_news_overtook_stays_delivered(self):
        for result in ("failed", "retry"):
            older = self.deliver_news()
            self.claim()
            self.report(build_outcome(older.id))
            delivered_at = older.delivered_at
            older.action_replay()
            self.publish(self.claim())
            newer = self.deliver_news()
            self.report(build_outcome(older.id, 2, result))
            self.assertEqual((older.state, older.delivered_at), ("delivered", delivered_at), result)
            self.assertFalse(older.last_error or older.failure_class or older.next_attempt_at)
            self.assertEqual(self.claim_ids(), newer.ids)
            self.report(build_outcome(newer.id))

    def test_what_newer_news_replaced_is_not_sent_again_by_a_retry(self):
        for state in ("failed", "cancelled", "expired"):
            older = self.deliver_news(state=state)
            newer = self.deliver_news(state="delivered")
            with self.assertRaisesRegex(UserError, "IM_RETRY_NOTHING: .*newer event"):
                older.action_retry()
            self.assertEqual(older.state, state)
            operations = self.env["integration.bulk.operation"]
            operation = operations._prepare("retry", [("id", "in", (older + newer).ids)])
            self.assertEqual((operation.total_count, operation.unsuitable_count), (0, 2))

    def test_of_two_that_ended_the_newest_is_sent_again(self):
        older, newer = (self.deliver_news(state="expired") for _ in range(2))
        (older + newer).action_retry()
        self.assertEqual((older.state, newer.state), ("expired", "pending"))

    def test_a_bulk_retry_leaves_alone_what_newer_news_replaced_after_the_preview(self):
        older = self.deliver_news(state="expired")
        operation = self.env["integration.bulk.operation"]._prepare("retry", [("id", "=", older.id)])
        self.deliver_news(state="delivered")
        operation._start()
        self.assertEqual((older.state, operation.skipped_count), ("expired", 1))
        self.assertIn("newer event", operation.skip_reasons)

    def test_where_every_event_counts_a_failed_one_holds_the_next(self):
        self.subscription.ordering = "per_record"
        older = self.deliver_news()
        self.publish(self.claim())
        newer = self.deliver_news()
        self.refuse(older)
        self.assertEqual((older.state, newer.held_by_id), ("failed", older))
