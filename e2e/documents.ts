import { expect } from "@playwright/test";
import type { OdooUser } from "./odoo_user.ts";

export const invoiceAction = "account.action_move_out_invoice_type";
export const purchaseAction = "purchase.purchase_form_action";

/** A posted customer invoice, made over RPC as that user. Returns its id. Odoo warns of two of the same amount. */
export async function postInvoice(user: OdooUser, reference: string, visits = 2): Promise<number> {
  const id = await draftInvoice(user, reference, visits);
  await user.call("account.move", "action_post", [[id]]);
  return id;
}

export async function draftInvoice(user: OdooUser, reference: string, visits = 2): Promise<number> {
  const partnerId = await anyCustomer(user);
  const [id] = await user.call<number[]>("account.move", "create", [
    [
      {
        move_type: "out_invoice",
        partner_id: partnerId,
        invoice_date: new Date().toISOString().slice(0, 10),
        ref: reference,
        invoice_line_ids: [[0, 0, { name: "Home visit", quantity: visits, price_unit: 120.5 }]],
      },
    ],
  ]);
  return id ?? 0;
}

/** A confirmed purchase order, made over RPC as that user. Returns its id. */
export async function confirmPurchase(user: OdooUser): Promise<number> {
  const [partnerId] = await user.call<number[]>("res.partner", "search", [[["is_company", "=", true]]], {
    limit: 1,
  });
  const [productId] = await user.call<number[]>("product.product", "search", [[["purchase_ok", "=", true]]], {
    limit: 1,
  });
  const [id] = await user.call<number[]>("purchase.order", "create", [
    [
      {
        partner_id: partnerId,
        order_line: [[0, 0, { product_id: productId, product_qty: 3, price_unit: 15 }]],
      },
    ],
  ]);
  await user.call("purchase.order", "button_confirm", [[id]]);
  return id ?? 0;
}

export async function anyCustomer(user: OdooUser): Promise<number> {
  const domain = [["is_company", "=", true]];
  const [id] = await user.call<number[]>("res.partner", "search", [domain], {
    limit: 1,
    order: "customer_rank desc",
  });
  if (id === undefined) throw new Error("The sample data holds no company among its partners");
  return id;
}

export async function anyProduct(user: OdooUser): Promise<number> {
  const domain = [
    ["sale_ok", "=", true],
    ["type", "=", "consu"],
  ];
  const [id] = await user.call<number[]>("product.product", "search", [domain], { limit: 1 });
  if (id === undefined) throw new Error("The sample data holds no goods that are sold");
  return id;
}

interface DeliveryRow {
  readonly id: number;
  readonly state: string;
  readonly attempt_count: number;
  readonly endpoint_name: string;
}

/** What that user sees of a document's deliveries. */
export function deliveriesOf(user: OdooUser, model: string, id: number): Promise<DeliveryRow[]> {
  const domain = [
    ["res_model", "=", model],
    ["res_id", "=", id],
  ];
  return user.call("integration.delivery", "search_read", [
    domain,
    ["state", "attempt_count", "endpoint_name"],
  ]);
}

/** Waits until every delivery of the document has the state; there must be at least one. */
export async function expectDeliveries(
  user: OdooUser,
  model: string,
  id: number,
  state: string,
): Promise<void> {
  await expect
    .poll(async () => [...new Set((await deliveriesOf(user, model, id)).map((row) => row.state))], {
      timeout: 60_000,
    })
    .toEqual([state]);
}
