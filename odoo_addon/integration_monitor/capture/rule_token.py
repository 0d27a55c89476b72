"""Marks, in the context, that an automation rule and not a person runs a server action.

The mark is an object of this process: a context that comes over RPC holds JSON
values only, so nobody outside can claim to be a rule.
"""

CONTEXT_KEY = "integration_event_rule"


class _RuleToken:
    """Says which trigger made the rule run."""

    def __init__(self, trigger):
        self.trigger = trigger


def mark_run_by_rule(recordset, trigger):
    """Return the recordset with the mark in its context."""
    return recordset.with_context(**{CONTEXT_KEY: _RuleToken(trigger)})


def find_rule_trigger(env):
    """Return the trigger of the rule that runs the action, or None when a person does."""
    token = env.context.get(CONTEXT_KEY)
    return token.trigger if isinstance(token, _RuleToken) else None


class CaptureError(str):
    """Why a rule's filter could not be evaluated: a sentence for people, carried in the context."""
