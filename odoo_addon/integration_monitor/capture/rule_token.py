"""Marks, in the context, that an automation rule and not a person runs a server action.

The mark is an object of this process: a context that comes over RPC holds JSON
values only, so nobody outside can claim to be a rule.
"""

CONTEXT_KEY = "integration_event_rule"


class _RuleToken:
    def __repr__(self):
        return "RULE_TOKEN"


RULE_TOKEN = _RuleToken()


def mark_run_by_rule(recordset):
    """Return the recordset with the mark in its context."""
    return recordset.with_context(**{CONTEXT_KEY: RULE_TOKEN})


def is_run_by_rule(env):
    return env.context.get(CONTEXT_KEY) is RULE_TOKEN


class CaptureError(str):
    """Why a rule's filter could not be evaluated: a sentence for people, carried in the context."""
