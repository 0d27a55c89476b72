"""The door's call for what belongs to no delivery."""

import json

from odoo import api, models
from odoo.exceptions import ValidationError

from . import sidecar_arguments as arguments
from .integration_sidecar import read_delivery_id
from .parked_arguments import parse_parked_message

OUTCOME_CHARS_MAX = 10_000


class IntegrationSidecar(models.AbstractModel):
    _inherit = "integration.sidecar"

    @api.model
    def park(self, worker, messages):
        """Keep messages of the broker that belong to no delivery, for a person to look at.

        :param str worker: who brings them
        :param list messages: at most 1000; see ``parked_arguments``
        :return: parked ``[message_key]``, refused ``[{index, error}]``; repeats are parked once more without
            changing anything
        :raise ValidationError: IM_PARK_INVALID when the call as a whole is unusable
        """
        door = self._open_door()
        worker = arguments.check_name("IM_PARK_INVALID", "worker", worker)
        parsed, refused = [], []
        for index, message in enumerate(arguments.check_batch("IM_PARK_INVALID", "messages", messages)):
            try:
                parsed.append(parse_parked_message(message))
            except ValidationError as error:
                refused.append({"index": index, "error": error.args[0]})
        door.env["integration.parked.message"]._park(parsed, worker)
        return {"parked": [message["message_key"] for message in parsed], "refused": refused}

    @api.model
    def _park_outcomes(self, unusable):
        """Keep outcomes that Odoo cannot use, so that a person learns of them: ``(outcome, why)`` each."""
        parked = self.env["integration.parked.message"]
        parked._park(
            [
                parked._describe_unusable(
                    _write_text(outcome),
                    found_in="report",
                    # What came may be anybody's data; it is in the content, for administrators.
                    reason=reason.split(", got ")[0],
                    subject=str(read_delivery_id(outcome)),
                )
                for outcome, reason in unusable
            ],
            self.env.user.login,
        )


def _write_text(outcome):
    """Any value of a call as text: what cannot be written (numbers of 5,000 digits) is named by its type."""
    try:
        return json.dumps(outcome, default=str)[:OUTCOME_CHARS_MAX]
    except (ValueError, TypeError, RecursionError):
        return f"a {type(outcome).__name__} that cannot be written as JSON"
