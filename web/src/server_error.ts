/** Why a call failed, for the person who waits for it. */
import { _t } from "@web/core/l10n/translation";
import { RPCError } from "@web/core/network/rpc";

/** What Odoo words for people: refusals and wrong input, in the person's language. */
const WORDED = new Set([
  "odoo.exceptions.AccessError",
  "odoo.exceptions.MissingError",
  "odoo.exceptions.UserError",
  "odoo.exceptions.ValidationError",
]);

export function phraseServerError(error: unknown): string {
  if (!(error instanceof RPCError)) {
    return _t("Odoo cannot be reached, or answered something unexpected. Try again.");
  }
  return WORDED.has(error.exceptionName ?? "") && error.data?.message
    ? error.data.message
    : _t("Odoo could not do this. Try again, or ask whoever runs the server to look at its log.");
}
