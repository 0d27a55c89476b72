"""What is the matter, in words for people: one table for the inbox, documents and endpoints.

Each kind of failure belongs to one kind of case, which says whose turn it is:

- ``refused``: the other system read the data and said no; who knows the document acts.
- ``unreachable``: the other system was not there or could not work; mostly nobody needs to act.
- ``configuration``: our own settings, or the agreement with the other system; an administrator acts.
- ``waiting``: nothing is wrong with it but it comes after one that is in trouble.

``means`` begins with the endpoint's name and says what happened. ``advice`` says what to do and why; for
those that are still tried by themselves, the advice of their kind comes first.
"""

from typing import NamedTuple

from odoo.tools import LazyTranslate
from odoo.tools.translate import LazyGettext

_lt = LazyTranslate(__name__)

# In the order in which people should look at them.
CASE_KINDS = [
    ("refused", "Refused by the other system"),
    ("configuration", "Our configuration"),
    ("unreachable", "Other system unreachable"),
    ("waiting", "Waiting behind another"),
]


class CaseWords(NamedTuple):
    kind: str
    means: LazyGettext
    advice: LazyGettext


# A delivery that failed without a class was stopped by ourselves.
OTHER_CLASS = "poison"

MAY_HAVE_ARRIVED = _lt(
    "Send it again when it works. It may have arrived nevertheless; that does no harm, because %(endpoint)s "
    "recognises by its id what it has already."
)

# kind of failure → CaseWords; placeholders: endpoint, document
CASE_WORDS = {
    "contract": CaseWords(
        "refused",
        _lt("%(endpoint)s refused the data."),
        _lt(
            "Correct in %(document)s what the answer names, then press “Send current version”. “Retry” sends "
            "the same data again, so it helps only when the other system was corrected."
        ),
    ),
    "rejected": CaseWords(
        "refused",
        _lt("%(endpoint)s did not accept this."),
        _lt(
            "Read the answer. If it names something in %(document)s, correct that and press “Send current "
            "version”; if not, ask whoever runs %(endpoint)s what it means: only they know their rule."
        ),
    ),
    "conflict": CaseWords(
        "refused",
        _lt("%(endpoint)s already has something that contradicts this."),
        _lt(
            "Compare %(document)s with what %(endpoint)s has. Press “Retry” if ours is right and they have "
            "corrected theirs; choose “Don't send” if theirs is right, because it would be refused again."
        ),
    ),
    "auth": CaseWords(
        "configuration",
        _lt("%(endpoint)s did not recognise us."),
        _lt(
            "Nothing is wrong with %(document)s. An integration administrator renews the credentials of the "
            "endpoint; then send it again. Until then everything for %(endpoint)s will be refused."
        ),
    ),
    "endpoint_missing": CaseWords(
        "configuration",
        _lt("%(endpoint)s does not exist at the address we have."),
        _lt(
            "Nothing is wrong with %(document)s. An integration administrator corrects the address of the "
            "endpoint; then send it again, because before that it cannot arrive."
        ),
    ),
    "redirect": CaseWords(
        "configuration",
        _lt("%(endpoint)s has moved to another address."),
        _lt(
            "Nothing is wrong with %(document)s. An integration administrator enters the new address; then "
            "send it again. We do not follow it by ourselves, because nobody has approved where it leads."
        ),
    ),
    "gone": CaseWords(
        "configuration",
        _lt("%(endpoint)s was closed for good and asked us to stop."),
        _lt(
            "Ask whoever runs %(endpoint)s whether this is meant. If so, choose “Don't send”; if not, an "
            "integration administrator enters the new address, because nothing is sent there any more."
        ),
    ),
    "too_large": CaseWords(
        "configuration",
        _lt("This is too large for %(endpoint)s."),
        _lt(
            "An integration administrator sends fewer fields, or agrees a higher limit with whoever runs "
            "%(endpoint)s; then send it again. Unchanged it stays too large."
        ),
    ),
    "address_refused": CaseWords(
        "configuration",
        _lt("The address of %(endpoint)s is not allowed here, so nothing was sent."),
        _lt(
            "An integration administrator checks the address and allows it; then send it again. Addresses "
            "inside our own network are blocked until somebody has approved them."
        ),
    ),
    "configuration": CaseWords(
        "configuration",
        _lt("Our settings for %(endpoint)s do not fit, so nothing was sent."),
        _lt(
            "An integration administrator corrects what is named here; then send it again. Nothing is wrong "
            "with %(document)s."
        ),
    ),
    "mapping": CaseWords(
        "configuration",
        _lt("The data could not be put into the form that %(endpoint)s wants, so nothing was sent."),
        _lt(
            "An integration administrator corrects the mapping of the subscription; then send it again. "
            "Unchanged, the mapping would fail in the same way."
        ),
    ),
    "payload": CaseWords(
        "configuration",
        _lt("The content for %(endpoint)s could not be put together, so nothing was sent."),
        _lt(
            "An integration administrator corrects the fields of the event type; then send it again. The "
            "content is made anew when you do."
        ),
    ),
    "poison": CaseWords(
        "configuration",
        _lt("This could not be sent to %(endpoint)s for a technical reason of ours."),
        _lt(
            "Send it again once. If it comes back, show it to an integration administrator, because more "
            "tries will not help then."
        ),
    ),
    "throttled": CaseWords(
        "unreachable",
        _lt("%(endpoint)s asked us to slow down."),
        _lt(
            "Send it again in a while. Nothing is wrong with %(document)s; if this happens often, an "
            "integration administrator lowers the pace of the endpoint."
        ),
    ),
    "server_error": CaseWords(
        "unreachable",
        _lt("%(endpoint)s had an error of its own."),
        _lt(
            "Tell whoever runs %(endpoint)s, and send it again when it works. Nothing in %(document)s needs "
            "to be corrected, because the error is on their side."
        ),
    ),
    "unavailable": CaseWords(
        "unreachable",
        _lt("%(endpoint)s is out of service."),
        _lt(
            "Send it again when it works. Nothing is wrong with %(document)s; whoever runs %(endpoint)s "
            "knows when it is back."
        ),
    ),
    "dns": CaseWords(
        "unreachable",
        _lt("%(endpoint)s was not found under its name on the network."),
        _lt(
            "An integration administrator checks the address of the endpoint; if it is right, send it again "
            "later. Nothing is wrong with %(document)s."
        ),
    ),
    "connect": CaseWords(
        "unreachable",
        _lt("%(endpoint)s could not be reached."),
        _lt(
            "Ask whoever runs %(endpoint)s whether it is switched on, and send it again when it is. Nothing "
            "is wrong with %(document)s."
        ),
    ),
    "timeout": CaseWords(
        "unreachable",
        _lt("%(endpoint)s did not answer in time."),
        MAY_HAVE_ARRIVED,
    ),
    "reset": CaseWords(
        "unreachable",
        _lt("%(endpoint)s broke the connection."),
        MAY_HAVE_ARRIVED,
    ),
    "tls": CaseWords(
        "unreachable",
        _lt("No secure connection to %(endpoint)s was possible."),
        _lt(
            "Tell whoever runs %(endpoint)s: mostly a certificate of theirs has expired. Send it again when "
            "it is renewed, because without it we could not know who receives the data."
        ),
    ),
}


def find_words(failure_class):
    """Return the CaseWords of a kind of failure."""
    return CASE_WORDS.get(failure_class or OTHER_CLASS, CASE_WORDS[OTHER_CLASS])
