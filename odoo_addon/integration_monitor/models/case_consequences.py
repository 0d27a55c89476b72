"""What a case means for the business while it lasts, and what is said of those that nobody refused."""

from odoo.tools import LazyTranslate

_lt = LazyTranslate(__name__)

# What happens without anybody, while the delivery is still tried.
STILL_TRIED = _lt("Nothing to do now: it is tried again by itself.")
STILL_TRIED_BUT_OURS = _lt("It is tried again by itself, but that will only help after a correction.")
WAITING_MEANS = _lt(
    "%(endpoint)s has to get the changes of %(document)s in order, and an earlier one is stuck."
)
WAITING_ADVICE = _lt(
    "Settle the earlier one; this one follows by itself. Sent before it, %(endpoint)s could end up with old "
    "data."
)

# business domain → what it means while this lasts; placeholders: endpoint, document
CONSEQUENCES = {
    "finance": _lt(
        "Until %(endpoint)s has it, %(document)s is unknown or out of date there: it will not be booked, "
        "paid or reported."
    ),
    "procurement": _lt(
        "Until %(endpoint)s has it, %(document)s is not processed there: the goods or services may come late."
    ),
    "inventory": _lt(
        "Until %(endpoint)s has it, the stock there is wrong by %(document)s: goods may be promised twice or "
        "looked for in vain."
    ),
    "sales": _lt(
        "Until %(endpoint)s has it, %(document)s is not processed there: the customer may be served late."
    ),
    "master_data": _lt(
        "Until %(endpoint)s has it, people and systems there work with the former data of %(document)s."
    ),
}
OTHER_CONSEQUENCE = _lt("Until %(endpoint)s has it, %(document)s is unknown or out of date there.")
