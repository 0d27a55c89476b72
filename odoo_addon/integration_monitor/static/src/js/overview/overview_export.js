import { nameOverviewFile, writeOverviewCsv } from "./overview_csv.js";
import { _t } from "@web/core/l10n/translation";
import { rpc } from "@web/core/network/rpc";
import { getCurrency } from "@web/core/currency";
import { user } from "@web/core/user";
import { downloadFile } from "@web/core/network/download";
// web/src/overview/overview_export.ts
/** The overview on paper and in files. */
/** Saves exactly what is on the screen. */
function saveAsCsv(overview) {
	const text = writeOverviewCsv(overview, (currencyId) => getCurrency(currencyId)?.name ?? "");
	downloadFile(new Blob([text], { type: "text/csv;charset=utf-8" }), nameOverviewFile(overview), "text/csv");
}
/** Odoo's words for a server that can make PDFs. */
var PDF_STATES = ["ok", "upgrade"];
/**
* The overview on paper: a PDF where the server can make one, else a page that the browser prints or saves as PDF. Odoo
* would fall back by itself, with a warning about a program that the reader can do nothing about.
*/
async function describeReport({ period, companyId }) {
	return {
		type: "ir.actions.report",
		report_type: PDF_STATES.includes(await rpc("/report/check_wkhtmltopdf")) ? "qweb-pdf" : "qweb-html",
		report_name: "integration_monitor.report_overview",
		name: _t("Overview"),
		data: {
			period,
			company_id: companyId ?? 0
		},
		context: user.context
	};
}
export { describeReport, saveAsCsv };
