import { nameOverviewFile, writeOverviewCsv } from "./overview_csv.js";
import { _t } from "@web/core/l10n/translation";
import { user } from "@web/core/user";
import { getCurrency } from "@web/core/currency";
import { downloadFile } from "@web/core/network/download";
// web/src/overview/overview_export.ts
/** The overview on paper and in files. */
/** Saves exactly what is on the screen. */
function saveAsCsv(overview) {
	const text = writeOverviewCsv(overview, (currencyId) => getCurrency(currencyId)?.name ?? "");
	downloadFile(new Blob([text], { type: "text/csv;charset=utf-8" }), nameOverviewFile(overview), "text/csv");
}
/**
* A page to print. Odoo makes a PDF of it where wkhtmltopdf is installed; elsewhere it shows the page, which the
* browser prints or saves as PDF.
*/
function describeReport({ period, companyId }) {
	return {
		type: "ir.actions.report",
		report_type: "qweb-pdf",
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
