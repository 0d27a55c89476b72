/** The overview on paper and in files. */
import { getCurrency } from "@web/core/currency";
import { _t } from "@web/core/l10n/translation";
import { downloadFile } from "@web/core/network/download";
import { user } from "@web/core/user";
import type { ActionRequest } from "odoo-services";
import { nameOverviewFile, writeOverviewCsv } from "./overview_csv.ts";
import type { Overview } from "./overview_data.ts";

/** Saves exactly what is on the screen. */
export function saveAsCsv(overview: Overview): void {
  const text = writeOverviewCsv(overview, (currencyId) => getCurrency(currencyId)?.name ?? "");
  downloadFile(new Blob([text], { type: "text/csv;charset=utf-8" }), nameOverviewFile(overview), "text/csv");
}

/**
 * A page to print. Odoo makes a PDF of it where wkhtmltopdf is installed; elsewhere it shows the page, which the
 * browser prints or saves as PDF.
 */
export function describeReport({ period, companyId }: Overview): ActionRequest {
  return {
    type: "ir.actions.report",
    report_type: "qweb-pdf",
    report_name: "integration_monitor.report_overview",
    name: _t("Overview"),
    data: { period, company_id: companyId ?? 0 },
    // The companies chosen in the menu bar.
    context: user.context,
  };
}
