"""The states of a delivery and every change of state that is allowed, as data.

::

                 published               report: delivered
      ┌─────────┐────────▶┌────────┐──────────────────────▶┌───────────┐   ┌──────────────┐
      │ pending │         │ queued │                       │ delivered │──▶│ acknowledged │
      └─────────┘◀────────└────────┘                       └───────────┘   └──────────────┘
        ▲  │  ▲    report: retry,    │
        │  │  │    returned, or lost  │ report: failed
        │  │  │                       ▼
        │  │  └─ person: retry ──┌────────┐
        │  │                     │ failed │  a person is needed
        │  │                     └────────┘
        │  ├─ person: cancel ──────▶ cancelled   (also from queued and failed)
        │  ├─ newer event ─────────▶ superseded  (where only the latest counts; also from failed)
        │  └─ too old ─────────────▶ expired
        ├──── person: retry ───────── cancelled, expired
        └──── person: replay ──────── delivered, acknowledged

      The receiver may say afterwards what became of a delivery: acknowledged (from delivered, or from failed,
      when it has it after all), or failed (from delivered and acknowledged, when it rejects it after all).

A lease (``lease_worker``, ``lease_until``) is not a state: a leased delivery is still pending, and an
expired lease is simply claimable again with the same attempt number.

A report may arrive before ``published`` (so pending may become delivered directly), and after a person
cancelled a delivery that was already on the road: if the endpoint took it, the row says so.

A replay sends again what was delivered (``first_delivered_at`` remembers when). Whatever ends it without a
new delivery, a person's cancel, age or a newer event, leads back to delivered: that is what it has been all
along.

Several tables, because several parties change states: people, batches and receivers go through
``integration.delivery._transition``; sidecars go through the set-based statements behind the door.
Both read their permission here, and nobody else changes ``state``.
"""

STATES = [
    ("pending", "Waiting"),
    ("queued", "In transit"),
    ("delivered", "Delivered"),
    ("acknowledged", "Acknowledged"),
    ("failed", "Failed"),
    ("cancelled", "Cancelled"),
    ("superseded", "Superseded"),
    ("expired", "Expired"),
]

# target state -> states it may be reached from, inside Odoo
ODOO_TRANSITIONS = {
    "pending": frozenset({"pending", "failed", "cancelled", "expired"}),
    "cancelled": frozenset({"pending", "queued", "failed"}),
    "superseded": frozenset({"pending", "failed"}),
    "expired": frozenset({"pending"}),
}

# the further ways of a replay: out, and back when a person gives it up
REPLAY_TRANSITIONS = {
    "pending": frozenset({"delivered", "acknowledged"}),
    "delivered": frozenset({"pending", "queued", "failed"}),
}

# what the receiver says afterwards
CONFIRMATION_TRANSITIONS = {
    "acknowledged": frozenset({"delivered", "failed"}),
    "failed": frozenset({"delivered", "acknowledged"}),
}

# what a person may retry, cancel and replay; others of a selection are left alone
STATES_TO_RETRY = ODOO_TRANSITIONS["pending"]
STATES_TO_CANCEL = ODOO_TRANSITIONS["cancelled"]
STATES_TO_REPLAY = REPLAY_TRANSITIONS["pending"]

# target state -> states it may be reached from, by a sidecar's call
DOOR_TRANSITIONS = {
    "queued": frozenset({"pending"}),
    "pending": frozenset({"pending", "queued"}),
    # From delivered: the attempt under way of a replay that was given up meanwhile.
    "delivered": frozenset({"pending", "queued", "cancelled", "superseded", "expired", "delivered"}),
    "failed": frozenset({"pending", "queued"}),
}

# what a sidecar says about one attempt -> the state it leads to
STATE_BY_RESULT = {"delivered": "delivered", "retry": "pending", "failed": "failed"}

# what a sidecar says of a delivery that it gives back unsent: no attempt was made
RETURNED = "returned"

# deliveries that a person may still have to look after; these are never purged
OPEN_STATES = frozenset({"pending", "queued", "failed"})

# deliveries that are over and may be purged when they are old enough
PURGEABLE_STATES = frozenset({"delivered", "acknowledged", "cancelled", "superseded", "expired"})

FAILURE_CLASSES = [
    ("redirect", "Redirected"),
    ("contract", "Content refused"),
    ("auth", "Access refused"),
    ("endpoint_missing", "Address not found"),
    ("conflict", "Conflict"),
    ("gone", "Endpoint closed for good"),
    ("too_large", "Too large"),
    ("throttled", "Throttled"),
    ("server_error", "Server error"),
    ("unavailable", "Unavailable"),
    ("dns", "Name not resolved"),
    ("connect", "No connection"),
    ("timeout", "Timeout"),
    ("reset", "Connection lost"),
    ("tls", "Certificate or TLS error"),
    ("address_refused", "Address not allowed"),
    ("payload", "Event could not be rendered"),
    ("mapping", "Mapping could not be applied"),
    ("configuration", "Endpoint configuration"),
    ("poison", "Unreadable on the road"),
    ("rejected", "Rejected"),
]
