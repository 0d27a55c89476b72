"""An endpoint's circuit breaker: counted from reports, probed by claims, closed by an answer or a person.

The states and what counts are in ``endpoint/breaker_rules.py``. A claim gives nothing for an open breaker,
so what waits burns no attempts; when ``breaker_probe_at`` has come it gives exactly one delivery.
"""

from odoo import api, fields, models
from odoo.exceptions import AccessError
from odoo.tools import SQL

from ..endpoint.breaker_rules import CLOSED_BREAKER, PROBE_PAUSE_MAX_S, PROBE_PAUSE_S
from .group_names import GROUP_OPERATOR


class IntegrationEndpoint(models.Model):
    _inherit = "integration.endpoint"

    breaker_state = fields.Selection(
        [
            ("closed", "Sending"),
            ("open", "Resting until the endpoint recovers"),
            ("half_open", "Trying one delivery"),
        ],
        "Breaker",
        required=True,
        readonly=True,
        default="closed",
        copy=False,
        help="An endpoint that fails again and again is left alone for a while: deliveries wait and lose no "
        "attempts. One of them is tried now and then; the rest follow when it is answered.",
    )
    breaker_reason = fields.Text(
        "Why It Rests", readonly=True, copy=False, help="What the last failed attempt met."
    )
    breaker_opened_at = fields.Datetime("Resting Since", readonly=True, copy=False)
    breaker_probe_at = fields.Datetime(
        "Next Try", readonly=True, copy=False, help="When one delivery is tried again."
    )
    breaker_told_at = fields.Datetime(
        "Owner Told At", readonly=True, copy=False, help="When the owner was told about this long failure."
    )
    breaker_failed_probe_count = fields.Integer(
        "Failed Tries", readonly=True, copy=False, help="Tries since it rests; each makes the pause longer."
    )
    # Plain numbers: a foreign key would make every purged delivery look for its endpoint.
    breaker_probe_delivery = fields.Integer(readonly=True, copy=False, help="The delivery that is tried.")
    breaker_probe_attempt = fields.Integer(readonly=True, copy=False, help="Its attempt number.")
    consecutive_failure_count = fields.Integer(
        "Failures in a Row",
        readonly=True,
        copy=False,
        help="Attempts in a row that found the endpoint out of service.",
    )

    @api.model
    def _count_outcomes(self, signals, now):
        """Move the breakers by what one report says: one statement for any number of endpoints.

        Rows that another transaction holds are not waited for, and only rows that change are written, so
        healthy endpoints cost no lock.

        :param list signals: one dict per endpoint: ``endpoint_id``, ``was_well``, ``failure_count`` (in a row
            at the end), ``error`` (of the last failure), and of the probe's outcome ``probe_delivery``,
            ``probe_attempt``, ``probe_verdict`` (0, 0 and None if it is not in this report)
        :return: ``{endpoint id: its breaker state now}`` of those that changed their state
        :raise LockNotAvailable, SerializationFailure: somebody else was faster
        """
        names = (
            ("endpoint_id", "int"),
            ("was_well", "boolean"),
            ("failure_count", "int"),
            ("error", "text"),
            ("probe_delivery", "int"),
            ("probe_attempt", "int"),
            ("probe_verdict", "text"),
        )
        arrays = SQL(", ").join(
            SQL(f"%s::{pg_type}[]", [signal[name] for signal in signals]) for name, pg_type in names
        )
        self.env.cr.execute(
            SQL(
                """
                WITH signal AS (
                    SELECT * FROM unnest(%(arrays)s)
                               AS s(endpoint_id, was_well, failure_count, error,
                                    probe_delivery, probe_attempt, probe_verdict)
                ), locked AS (
                    SELECT e.id, e.breaker_state AS old_state, e.breaker_threshold AS threshold,
                           e.breaker_failed_probe_count AS failed_probes, s.error, s.probe_verdict,
                           s.probe_delivery, s.probe_attempt,
                           s.failure_count + CASE WHEN s.was_well THEN 0
                                                  ELSE e.consecutive_failure_count END AS failures
                      FROM integration_endpoint e
                      JOIN signal s ON s.endpoint_id = e.id
                     WHERE CASE e.breaker_state
                           WHEN 'closed' THEN (s.failure_count > 0 AND e.breaker_threshold > 0)
                                              OR (s.was_well AND e.consecutive_failure_count > 0)
                           ELSE s.probe_verdict IS NOT NULL AND e.breaker_probe_delivery = s.probe_delivery
                                AND e.breaker_probe_attempt = s.probe_attempt END
                  ORDER BY e.id
                       FOR NO KEY UPDATE OF e NOWAIT
                ), verdict AS (
                    SELECT *, CASE
                           WHEN old_state = 'closed'
                           THEN CASE WHEN threshold > 0 AND failures >= threshold THEN 'open'
                                     ELSE 'closed' END
                           WHEN probe_verdict = 'well' OR threshold = 0 THEN 'closed'
                           ELSE 'open' END AS new_state,
                           failed_probes + CASE WHEN probe_verdict = 'ill' AND old_state <> 'closed'
                                                THEN 1 ELSE 0 END AS new_failed_probes
                      FROM locked
                ), spared AS (
                    -- The probe was the endpoint's try: the delivery's own schedule does not move on.
                    UPDATE integration_delivery d
                       SET schedule_start = d.schedule_start + 1
                      FROM verdict v
                     WHERE v.old_state <> 'closed' AND v.new_state = 'open'
                       AND d.id = v.probe_delivery AND d.attempt_count = v.probe_attempt
                       AND d.state = 'pending'
                )
                UPDATE integration_endpoint e
                   SET breaker_state = v.new_state,
                       breaker_reason = CASE WHEN v.new_state = 'open'
                                             THEN COALESCE(v.error, e.breaker_reason) END,
                       breaker_opened_at = CASE WHEN v.new_state = 'open'
                                                THEN COALESCE(e.breaker_opened_at, %(now)s) END,
                       breaker_probe_at = CASE WHEN v.new_state = 'open' THEN %(now)s + LEAST(
                           %(pause_s)s * power(2, LEAST(v.new_failed_probes, 30)), %(pause_max_s)s
                       ) * interval '1 second' END,
                       breaker_told_at = CASE WHEN v.new_state = 'open' THEN e.breaker_told_at END,
                       breaker_failed_probe_count = CASE WHEN v.new_state = 'open'
                                                         THEN v.new_failed_probes ELSE 0 END,
                       breaker_probe_delivery = 0, breaker_probe_attempt = 0,
                       consecutive_failure_count = CASE
                           WHEN v.old_state = 'closed' THEN v.failures
                           WHEN v.new_state = 'closed' THEN 0
                           WHEN v.probe_verdict = 'ill' THEN e.consecutive_failure_count + 1
                           ELSE e.consecutive_failure_count END
                  FROM verdict v
                 WHERE e.id = v.id
             RETURNING e.id, v.old_state, v.new_state
                """,
                arrays=arrays,
                now=now,
                pause_s=PROBE_PAUSE_S,
                pause_max_s=PROBE_PAUSE_MAX_S,
            ),
            log_exceptions=False,
        )
        rows = self.env.cr.fetchall()
        self.invalidate_model(list(CLOSED_BREAKER))
        return {endpoint_id: new for endpoint_id, old, new in rows if old != new}

    def action_close_breaker(self):
        """Send again at once, because a person knows that the endpoint is back.

        :raise AccessError: for people who are neither operators nor administrators
        """
        self.check_access("read")
        if not self.env.user.has_group(GROUP_OPERATOR):
            raise AccessError(
                self.env._(
                    "Only integration operators and administrators may send to a resting endpoint again."
                )
            )
        # sudo: operators may not write endpoints; these values are not configuration, and checked above
        resting = self.sudo().filtered(lambda endpoint: endpoint.breaker_state != "closed")
        resting.write(CLOSED_BREAKER)
        self.env.flush_all()
        self.env["integration.delivery"].sudo()._bring_forward(resting)
        for endpoint in resting:
            endpoint.message_post(
                body=self.env._("%(user)s had sending start again.", user=self.env.user.name)
            )
        resting._complete_long_failures(
            self.env._("%(user)s had sending start again.", user=self.env.user.name)
        )
        self.env["integration.bus"]._hint_monitor()
        self.env["integration.bus"]._wake_sidecar()
        return True
