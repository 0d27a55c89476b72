import { _t } from "@web/core/l10n/translation";
import { RPCError } from "@web/core/network/rpc";
// web/src/server_error.ts
/** Why a call failed, for the person who waits for it. */
/** What Odoo words for people: refusals and wrong input, in the person's language. */
var WORDED = /* @__PURE__ */ new Set([
	"odoo.exceptions.AccessError",
	"odoo.exceptions.MissingError",
	"odoo.exceptions.UserError",
	"odoo.exceptions.ValidationError"
]);
function phraseServerError(error) {
	if (!(error instanceof RPCError)) return _t("Odoo cannot be reached, or answered something unexpected. Try again.");
	return WORDED.has(error.exceptionName ?? "") && error.data?.message ? error.data.message : _t("Odoo could not do this. Try again, or ask whoever runs the server to look at its log.");
}
export { phraseServerError };
