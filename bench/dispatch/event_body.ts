const bodyBytes = 1024;

/** A CloudEvent of exactly 1 KB, as Odoo renders them. */
export function buildEventBody(sequence: number): Buffer {
  const event = {
    specversion: "1.0",
    id: "6b5f9f2e-3c60-4b5c-9d4b-0c7d3a1f7e11",
    source: "/odoo/0d9c1f5e-55a0-5e0c-8a57-3f1b6f9f2a10",
    type: "odoo.res.partner.changed.v1",
    subject: `res.partner/${sequence}`,
    time: "2026-11-20T08:31:54.123+00:00",
    datacontenttype: "application/json",
    partitionkey: `res.partner/${sequence}`,
    sequence: String(sequence).padStart(12, "0"),
    data: { id: sequence, name: "Contact", comment: "" },
  };
  const missing = bodyBytes - Buffer.byteLength(JSON.stringify(event));
  return Buffer.from(JSON.stringify({ ...event, data: { ...event.data, comment: "x".repeat(missing) } }));
}
