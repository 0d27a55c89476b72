"""The CloudEvents 1.0 envelope around a payload, as the JSON text that is sent byte for byte."""

import json

from .value_format import format_instant

SUPERUSER_ID = 1


def render_envelope(row, environment_uuid):
    """Return the JSON text of one event.

    :param dict row: event_id, technical_name, res_model, res_id, occurred_at, recorded_at
        (naive UTC), sequence, correlation_id, actor_id, payload (JSON text of `data`), maybe is_test
    :param str environment_uuid: names this database as the source
    :raise ValueError, TypeError, AttributeError: a column is missing, so nothing can be sent
    """
    if not row["payload"] or not row["recorded_at"]:
        raise ValueError("the event was never completed")
    subject = f"{row['res_model']}/{row['res_id']}"
    is_person = bool(row["actor_id"]) and row["actor_id"] != SUPERUSER_ID
    envelope = {
        "specversion": "1.0",
        "id": row["event_id"],
        "source": f"/odoo/{environment_uuid}",
        "type": row["technical_name"],
        "subject": subject,
        "time": format_instant(row["occurred_at"]),
        "datacontenttype": "application/json",
        "recordedtime": format_instant(row["recorded_at"]),
        "partitionkey": subject,
        "sequence": f"{row['sequence']:012d}",
        "correlationid": row["correlation_id"],
        "authtype": "user" if is_person else "system",
        "authid": str(row["actor_id"] or SUPERUSER_ID),
    }
    # An extension attribute of ours, in tests only, so that no receiver books a test.
    if row.get("is_test"):
        envelope["test"] = True
    head = dump_json(envelope)
    # The payload is stored as JSON text already; parsing it only to write it again would cost time.
    return f'{head[:-1]},"data":{row["payload"]}}}'


def dump_json(value):
    """Return compact JSON with non-ASCII text as it is; refuse NaN, which JSON does not know."""
    return json.dumps(value, ensure_ascii=False, allow_nan=False, separators=(",", ":"))
