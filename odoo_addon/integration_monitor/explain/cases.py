"""Which endpoints and kinds of event an explanation of a document is about, as far as the reader may know."""

import json
from dataclasses import dataclass
from datetime import timedelta
from functools import cached_property

from odoo import fields

from ..models.group_names import GROUP_USER

# More systems than these nobody reads; the reader names the one he means.
ENDPOINTS_MAX = 20


@dataclass
class Case:
    """One document, one kind of event, one endpoint, and what is known of them.

    ``env`` and ``document`` have the reader's rights; the others are superuser's: what of them is told is
    decided by the rules, which never tell a setting that is secret.
    """

    env: object
    document: object  # one record, or none where it was deleted
    res_model: str
    res_id: int
    endpoint: object
    event_type: object
    subscription: object
    event: object  # the latest of this kind, maybe none
    event_count: int
    delivery: object  # of the latest event to the endpoint, maybe none

    @cached_property
    def is_member(self):
        """Whether the reader may open the configuration anyway."""
        return self.env.user.has_group(GROUP_USER)

    @cached_property
    def payload(self):
        return json.loads(self.event.payload) if self.event.payload else {}

    @cached_property
    def kept_since(self):
        """What was over before this moment has been deleted."""
        days = self.env["integration.delivery"].sudo()._retention_days()
        return fields.Datetime.now() - timedelta(days=days)


def find_cases(env, res_model, res_id, endpoint=None, search=""):
    """Return (cases, whether there were more systems), those with deliveries first.

    The caller has checked that the reader may read the document.

    :param endpoint: only this integration.endpoint
    :param str search: only systems with this in their name
    """
    event_types = _find_event_types(env, res_model)
    subscriptions = _find_subscriptions(env, event_types)
    deliveries = env["integration.delivery"].search(_document_domain(res_model, res_id)).sudo()
    endpoints = (deliveries.endpoint_id | subscriptions.endpoint_id).filtered(
        lambda candidate: not candidate.company_id or candidate.company_id in env.companies
    )
    if endpoint:
        # One that gets nothing of this kind of document has no case: the wizard says so.
        endpoints &= endpoint.sudo()
    if search:
        endpoints = endpoints.filtered(lambda candidate: search.lower() in candidate.name.lower())
    shown = endpoints[:ENDPOINTS_MAX]
    latest = _find_latest_events(env, event_types | deliveries.event_type_id, res_model, res_id)
    cases = []
    for candidate in shown:
        of_endpoint = subscriptions.filtered(lambda line, e=candidate: line.endpoint_id == e)
        sent = deliveries.filtered(lambda delivery, e=candidate: delivery.endpoint_id == e)
        for event_type in sent.event_type_id | of_endpoint.event_type_id:
            event, count = latest.get(event_type, (env["integration.event"].sudo(), 0))
            cases.append(
                Case(
                    env=env,
                    document=env[res_model].browse(res_id).exists(),
                    res_model=res_model,
                    res_id=res_id,
                    endpoint=candidate,
                    event_type=event_type,
                    subscription=of_endpoint.filtered(lambda line, t=event_type: line.event_type_id == t),
                    event=event,
                    event_count=count,
                    delivery=sent.filtered(lambda delivery, e=event: delivery.event_id == e),
                )
            )
    return cases, len(endpoints) > len(shown)


def find_case_of(delivery):
    """Return the Case of one delivery that the reader may see."""
    env, sent = delivery.env, delivery.sudo()
    document = env[sent.res_model].browse(sent.res_id).exists() if sent.res_model in env else None
    lines = env["integration.subscription"].sudo().with_context(active_test=False)
    return Case(
        env=env,
        # An operator may see deliveries of documents that he may not read.
        document=document if document and document.has_access("read") else env["res.partner"],
        res_model=sent.res_model,
        res_id=sent.res_id,
        endpoint=sent.endpoint_id,
        event_type=sent.event_type_id,
        subscription=lines.search(
            [("endpoint_id", "=", sent.endpoint_id.id), ("event_type_id", "=", sent.event_type_id.id)]
        ),
        event=sent.event_id,
        event_count=1,
        delivery=sent,
    )


def _document_domain(res_model, res_id):
    return [("res_model", "=", res_model), ("res_id", "=", res_id)]


def _find_event_types(env, res_model):
    """The kinds of event about this model that are the reader's business; archived ones too."""
    domain = [("model_name", "=", res_model)]
    if not env.user.has_group(GROUP_USER):
        mine = env["integration.delivery"]._my_business_domains()
        domain.append(("business_domain", "in", list(mine)))
    # sudo: staff has no access to the catalogue, and is told its names only
    return env["integration.event.type"].sudo().with_context(active_test=False).search(domain)


def _find_subscriptions(env, event_types):
    subscriptions = env["integration.subscription"].sudo().with_context(active_test=False)
    return subscriptions.search([("event_type_id", "in", event_types.ids)])


def _find_latest_events(env, event_types, res_model, res_id):
    """Return {event type: (its latest event about the document, how many there are)}."""
    events = env["integration.event"].sudo()
    domain = [*_document_domain(res_model, res_id), ("event_type_id", "in", event_types.ids)]
    groups = events._read_group(domain, ["event_type_id"], ["id:max", "__count"])
    return {event_type: (events.browse(last_id), count) for event_type, last_id, count in groups}
