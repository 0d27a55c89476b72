"""The sidecar's door into Odoo: six calls, each a batch, usable over XML-RPC and JSON-2 alike.

Every call refuses anyone outside ``group_sidecar`` and then works as superuser, because the service account
has no rights on any model. No answer contains None, which XML-RPC cannot carry: absent is False. Times are
ISO 8601 UTC with milliseconds. The number of SQL statements of a call does not grow with its batch.
"""

from odoo import api, models
from odoo.exceptions import AccessError, ValidationError
from odoo.tools import str2bool

from . import sidecar_arguments as arguments
from .delivery_state_machine import RETURNED
from .immediate_repeat import repeat_at_once
from .integration_delivery_claim import LEASE_S
from .integration_worker import SHARE_S

ODOO_VERSION = "19.0"
GROUP_SIDECAR = "integration_monitor.group_sidecar"


class IntegrationSidecar(models.AbstractModel):
    _name = "integration.sidecar"
    _description = "Integration Sidecar Door"

    @api.model
    def handshake(self, worker, version, heard=False, broker_connected=None):
        """Record the heartbeat of ``worker`` and tell it where it is and who else is there.

        :param str worker: name of the sidecar process, unique
        :param str version: version of the sidecar
        :param str heard: the ``roll`` of ``workers`` it reckons with, "" for none yet; False when it sends
            nothing (now or any more), which gives its share to the others
        :param bool broker_connected: whether it reaches the broker; left out when it does not know yet. Only
            an Odoo whose answer has ``takes_broker_state`` knows this argument
        :return: database_uuid, environment_uuid, database, odoo_version, is_neutralized, wake_channel,
            endpoint_revision, limits ``{claim_limit, lease_s, queue_timeout_s, share_s}``, server_time,
            takes_broker_state, workers ``{count, index, roll, is_settled}`` or False (``heard`` is False; or
            busy, ask again)
        :raise ValidationError: IM_HANDSHAKE_INVALID
        """
        door = self._open_door()
        worker = arguments.check_name("IM_HANDSHAKE_INVALID", "worker", worker)
        version = arguments.check_name("IM_HANDSHAKE_INVALID", "version", version)
        workers = door.env["integration.worker"]
        if heard is False:
            standing = False
            workers._record_heartbeat(worker, version)
        else:
            heard = arguments.check_roll("IM_HANDSHAKE_INVALID", "heard", heard)
            standing = workers._answer_roll_call(worker, version, heard)
        if broker_connected is not None:
            is_connected = arguments.check_flag("IM_HANDSHAKE_INVALID", "broker_connected", broker_connected)
            workers._record_broker(worker, is_connected)
        parameters = door.env["ir.config_parameter"]
        endpoints = door.env["integration.endpoint"]
        deliveries = door.env["integration.delivery"]
        return {
            "database_uuid": parameters.get_param("database.uuid") or False,
            "environment_uuid": endpoints._current_environment_uuid(),
            "database": door.env.cr.dbname,
            "odoo_version": ODOO_VERSION,
            "is_neutralized": str2bool(parameters._read_uncached("database.is_neutralized") or "", False),
            "wake_channel": door.env["integration.bus"]._wake_channel(),
            "endpoint_revision": endpoints._current_revision(),
            "limits": {
                "claim_limit": arguments.BATCH_MAX,
                "lease_s": LEASE_S,
                "queue_timeout_s": deliveries._queue_timeout_s(),
                "share_s": SHARE_S,
            },
            "workers": standing,
            "takes_broker_state": True,
            "server_time": _format_instant(deliveries._now()),
        }

    @api.model
    def endpoints(self, revision):
        """Hand out the settings of all endpoints, secrets included, if they changed since ``revision``.

        :param int revision: the revision the sidecar knows, 0 for none
        :return: revision, changed, endpoints (full list, empty when unchanged)
        :raise ValidationError: IM_ENDPOINTS_INVALID
        """
        door = self._open_door()
        arguments.check_whole_number("IM_ENDPOINTS_INVALID", "revision", revision, 0, 2**63 - 1)
        endpoints = door.env["integration.endpoint"]
        current = endpoints._current_revision()
        if current == revision:
            return {"revision": current, "changed": False, "endpoints": []}
        return {"revision": current, "changed": True, "endpoints": endpoints._export_for_sidecar()}

    @api.model
    def claim(self, worker, limit, credits):
        """Lease due deliveries to ``worker``: in order per record, urgent first, within every window.

        :param str worker: who claims
        :param int limit: most deliveries to give, from 1 to 1000
        :param dict credits: ``{"<endpoint_id>": most for it}``; a missing endpoint has no such limit
        :return: claims, next_due_at (False when nothing waits), endpoint_revision, server_time, and mappings
            ``{key: JSONata expression}`` where a claim names the key of one as its ``mapping``
        :raise ValidationError: IM_CLAIM_INVALID
        """
        door = self._open_door()
        worker = arguments.check_name("IM_CLAIM_INVALID", "worker", worker)
        limit = arguments.check_whole_number("IM_CLAIM_INVALID", "limit", limit, 1, arguments.BATCH_MAX)
        deliveries = door.env["integration.delivery"]
        rows, next_due_at = deliveries._claim_due(worker, limit, arguments.parse_credits(credits))
        claims = door._describe_claims(rows)
        mappings = door.env["integration.subscription"]._export_mappings(rows)
        return {
            "claims": claims,
            **({"mappings": mappings} if mappings else {}),
            "next_due_at": _format_instant(next_due_at) if next_due_at else False,
            "endpoint_revision": door.env["integration.endpoint"]._current_revision(),
            "server_time": _format_instant(deliveries._now()),
        }

    @api.model
    def published(self, worker, claims):
        """Note that the broker confirmed these claims: leased becomes queued.

        :param str worker: who published
        :param list claims: ``{delivery_id, attempt_number}`` each, at most 1000
        :return: ``{queued: [delivery_id]}``; those missing were cancelled or overtaken meanwhile
        :raise ValidationError: IM_PUBLISHED_INVALID
        """
        door = self._open_door()
        arguments.check_name("IM_PUBLISHED_INVALID", "worker", worker)
        ids, numbers = arguments.parse_published(claims)
        deliveries = door.env["integration.delivery"]
        return {"queued": repeat_at_once(door.env, lambda: deliveries._mark_published(ids, numbers))}

    @api.model
    def report(self, outcomes):
        """Record the outcomes of attempts; repeated and stale ones change nothing.

        The result ``returned`` tells of no attempt: the delivery was not sent and waits again.

        :param list outcomes: at most 1000; see ``sidecar_arguments.parse_outcome``
        :return: applied and stale delivery ids, refused ``[{delivery_id (0 if unreadable), error}]``,
            is_more_due (a hint: the endpoints of the applied ones have more to send now)
        :raise ValidationError: IM_REPORT_INVALID when the batch as a whole is unusable
        """
        door = self._open_door()
        outcome_by_attempt, stale, refused, unusable = {}, [], [], []
        for outcome in arguments.check_batch("IM_REPORT_INVALID", "outcomes", outcomes):
            try:
                parsed = arguments.parse_outcome(outcome)
            except ValidationError as error:
                refused.append({"delivery_id": read_delivery_id(outcome), "error": error.args[0]})
                unusable.append((outcome, error.args[0]))
                continue
            attempt = (parsed["delivery_id"], parsed["attempt_number"])
            known = outcome_by_attempt.get(attempt)
            if known is not None:
                stale.append(parsed["delivery_id"])
            # A copy may be given back by one sidecar while another one sends the same attempt.
            if known is None or known["result"] == RETURNED:
                outcome_by_attempt[attempt] = parsed
        deliveries, outcomes = door.env["integration.delivery"], list(outcome_by_attempt.values())
        applied = repeat_at_once(door.env, lambda: deliveries._record_outcomes(outcomes))
        is_more_due = bool(applied) and deliveries.browse(applied)._is_anything_due()
        applied_ids = set(applied)
        stale += [delivery_id for delivery_id, _ in outcome_by_attempt if delivery_id not in applied_ids]
        unknown_ids = deliveries._find_missing(stale)
        unusable += [
            (outcome, "IM_DELIVERY_UNKNOWN: it tells of a delivery that this database does not have.")
            for (delivery_id, _number), outcome in outcome_by_attempt.items()
            if delivery_id in unknown_ids
        ]
        door._park_outcomes(unusable)
        return {"applied": applied, "stale": stale, "refused": refused, "is_more_due": is_more_due}

    @api.model
    def _open_door(self):
        """This model as superuser, for members of the service group only."""
        if not self.env.user.has_group(GROUP_SIDECAR):
            raise AccessError(
                self.env._(
                    "IM_DOOR_CLOSED: only the sidecar's service account may call this. Use an account in the "
                    "group “Integration Monitor: sidecar service account”."
                )
            )
        # sudo: the service account has no rights on any model; this door is its only way in. What it does
        # must not depend on a context that the caller made up.
        return self.with_context({}).sudo()

    @api.model
    def _describe_claims(self, rows):
        """The claims as the contract of the door has them, each with its rendered event.

        One that cannot be rendered must not keep back the others: it becomes an exception.
        """
        bodies, faults = self.env["integration.event"]._render_bodies(rows)
        self.env["integration.delivery"]._fail_unsendable(faults)
        return [
            {
                "delivery_id": row["delivery_id"],
                "attempt_number": row["attempt_number"],
                "schedule_step": row["schedule_step"],
                "endpoint_id": row["endpoint_id"],
                "lane": row["lane"],
                "webhook_id": row["event_id"],
                "event_type": row["technical_name"],
                "record_key": f"{row['res_model']},{row['res_id']}",
                "sequence": row["sequence"],
                "recorded_at": _format_instant(row["recorded_at"]),
                "send_before": _format_instant(row["send_before"]),
                **({"mapping": str(row["mapping_id"])} if row["mapping_id"] else {}),
                "is_test": bool(row["is_test"]),
                "body": bodies[row["delivery_id"]],
            }
            for row in rows
            if row["delivery_id"] in bodies
        ]


def _format_instant(instant):
    return instant.isoformat(timespec="milliseconds") + "Z"


def read_delivery_id(outcome):
    """The id in something that should be an outcome, 0 if there is none."""
    delivery_id = outcome.get("delivery_id") if isinstance(outcome, dict) else None
    is_id = isinstance(delivery_id, int) and not isinstance(delivery_id, bool)
    return delivery_id if is_id and 0 < delivery_id <= arguments.ID_MAX else 0
