import { OdooSession } from "../../stack/odoo_session.ts";
import type { Random } from "../random.ts";
import type { CallBook } from "./call_book.ts";
import type { Catalogue } from "./catalogue.ts";
import { payInvoice, postBill, postInvoice, repostInvoice } from "./invoices.ts";
import * as rolledBack from "./rolled_back.ts";
import {
  changeSharedContact,
  confirmPurchase,
  confirmSale,
  createContact,
  type Desk,
  importContacts,
} from "./transactions.ts";

const kinds = {
  createContact,
  changeSharedContact,
  importContacts,
  postInvoice,
  postBill,
  payInvoice,
  repostInvoice,
  confirmPurchase,
  confirmSale,
  ...rolledBack,
} as const;
type Kind = keyof typeof kinds;

/** How often each is done. Several are more than one transaction: a draft, then what tells of it. */
const weights: Readonly<Record<Kind, number>> = {
  createContact: 14,
  changeSharedContact: 22,
  importContacts: 3,
  postInvoice: 10,
  postBill: 3,
  payInvoice: 4,
  repostInvoice: 3,
  confirmPurchase: 6,
  confirmSale: 7,
  failAfterContact: 11,
  failInBatch: 9,
  failInImport: 8,
  tryImport: 5,
  failToPost: 3,
  failToConfirm: 3,
};
const pauseMsMax = 500;

/** Everyone works at once until `until` is aborted; each finishes what is begun. */
export async function doBusiness(
  url: string,
  database: string,
  parts: { readonly book: CallBook; readonly catalogue: Catalogue; readonly random: Random },
  until: AbortSignal,
  signal: AbortSignal,
): Promise<void> {
  const openInvoices: number[] = [];
  const work = parts.catalogue.logins.map(async (login) => {
    const random = parts.random.fork(login);
    const session = new OdooSession(url, database, login);
    const desk: Desk = { ...parts, session, random, openInvoices, signal };
    while (!until.aborted) {
      await kinds[random.pickWeighted(weights)](desk);
      await new Promise((resolve) => setTimeout(resolve, random.integer(0, pauseMsMax)));
    }
  });
  await Promise.all(work);
}
