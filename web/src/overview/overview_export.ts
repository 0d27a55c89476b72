/** The overview on paper and in files. */
import { getCurrency } from "@web/core/currency";
import { _t } from "@web/core/l10n/translation";
import { downloadFile } from "@web/core/network/download";
import { rpc } from "@web/core/network/rpc";
import { user } from "@web/core/user";
import type { ActionRequest } from "odoo-services";
import { nameOverviewFile, writeOverviewCsv } from "./overview_csv.ts";
import type { Overview } from "./overview_data.ts";

/** Saves exactly what is on the screen. */
export function saveAsCsv(overview: Overview): void {
  const text = writeOverviewCsv(overview, (currencyId) => getCurrency(currencyId)?.name ?? "");
  downloadFile(new Blob([text], { type: "text/csv;charset=utf-8" }), nameOverviewFile(overview), "text/csv");
}

/** Odoo's words for a server that can make PDFs. */
const PDF_STATES: readonly unknown[] = ["ok", "upgrade"];

/**
 * The overview on paper: a PDF where the server can make one, else a page that the browser prints or saves as PDF. Odoo
 * would fall back by itself, with a warning about a program that the reader can do nothing about.
 */
export async function describeReport({ period, companyId }: Overview): Promise<ActionRequest> {
  const isPdf = PDF_STATES.includes(await rpc("/report/check_wkhtmltopdf"));
  return {
    type: "ir.actions.report",
    report_type: isPdf ? "qweb-pdf" : "qweb-html",
    report_name: "integration_monitor.report_overview",
    name: _t("Overview"),
    data: { period, company_id: companyId ?? 0 },
    // The companies chosen in the menu bar.
    context: user.context,
  };
}
