import { defineMailModels } from "@mail/../tests/mail_test_helpers";
import { expect, test } from "@odoo/hoot";
import { queryAllTexts } from "@odoo/hoot-dom";
import { advanceTime, animationFrame } from "@odoo/hoot-mock";
import {
  contains,
  defineModels,
  getService,
  makeServerError,
  mountWebClient,
  onRpc,
} from "@web/../tests/web_test_helpers";
import {
  BusinessDocument,
  IntegrationAttempt,
  IntegrationDelivery,
  sendDocumentHint,
} from "./monitor_models.ts";

defineMailModels();
defineModels([BusinessDocument, IntegrationDelivery, IntegrationAttempt]);

const POSTED = {
  key: "event-1",
  kind: "event",
  at_ms: Date.UTC(2026, 10, 20, 8, 31),
  system_ids: [3, 4],
  title: "Customer invoice posted, by Mitchell",
  detail: false,
  look: "neutral",
};
const REFUSED = {
  key: "attempt-7",
  kind: "attempt",
  at_ms: Date.UTC(2026, 10, 20, 8, 32),
  system_ids: [3],
  title: "Payer refused the data.",
  detail: "“VAT id missing”",
  look: "failed",
  attempt_number: 2,
  duration_ms: 1200,
  answer: "<b>no</b>",
};
const ACCEPTED = {
  ...REFUSED,
  key: "attempt-8",
  system_ids: [4],
  title: "Archive accepted it",
  look: "good",
  detail: false,
  answer: false,
};
const ANSWER = {
  name: "INV/1",
  systems: [
    { id: 3, name: "Payer", state: "failed" },
    { id: 4, name: "Archive", state: "delivered" },
  ],
  entries: [POSTED, ACCEPTED, REFUSED],
  hidden_count: 0,
};

async function openTimeline(getAnswer: () => object) {
  onRpc("integration.delivery", "get_exception_count", () => ({ count: 0 }));
  onRpc("integration.delivery", "get_document_timeline", getAnswer);
  await mountWebClient();
  await getService("action").doAction({
    type: "ir.actions.client",
    tag: "integration_monitor.document_timeline",
    target: "new",
    params: { res_model: "business.document", res_id: 1 },
  });
  await animationFrame();
}

const titles = () => queryAllTexts(".o_integration_timeline_entry > div:first-of-type");

test("what happened is told in order, each try with what was answered and how long it took", async () => {
  await openTimeline(() => ANSWER);
  expect(titles()).toEqual([POSTED.title, ACCEPTED.title, REFUSED.title]);
  expect(".o_integration_timeline_entry:last").toHaveText(/VAT id missing/);
  expect(".o_integration_timeline_entry:last").toHaveText(/Attempt 2/);
  expect(".o_integration_timeline_entry:last").toHaveText(/1\.2 s/);
});

test("the whole answer is shown as text, never as HTML", async () => {
  await openTimeline(() => ANSWER);
  await contains("summary").click();
  expect(".o_integration_timeline_answer").toHaveText("<b>no</b>");
  expect(".o_integration_timeline_answer b").toHaveCount(0);
});

test("each system says how the document stands there, and can be looked at alone", async () => {
  await openTimeline(() => ANSWER);
  expect(queryAllTexts(".o_integration_timeline_system")).toEqual([
    "Payer Needs attention",
    "Archive Delivered",
  ]);
  await contains(".o_integration_timeline_system:contains(Archive)").click();
  expect(titles()).toEqual([POSTED.title, ACCEPTED.title]);
  await contains("button:contains(All systems)").click();
  expect(titles()).toEqual([POSTED.title, ACCEPTED.title, REFUSED.title]);
});

test("a document that nobody wants to hear of says so", async () => {
  await openTimeline(() => ({ name: "INV/1", systems: [], entries: [], hidden_count: 0 }));
  expect(".o_integration_timeline_empty").toHaveCount(1);
  expect(".o_integration_timeline_entry").toHaveCount(0);
});

test("it follows the document by itself", async () => {
  let entries = [POSTED];
  await openTimeline(() => ({ ...ANSWER, entries }));
  expect(titles()).toEqual([POSTED.title]);
  entries = [POSTED, ACCEPTED];
  await sendDocumentHint(1);
  await advanceTime(500);
  await animationFrame();
  expect(titles()).toEqual([POSTED.title, ACCEPTED.title]);
});

test("what is on its way is asked for again even when its hint was lost", async () => {
  const onTheWay = { ...POSTED, key: "next-1", kind: "next", look: "wait", at_ms: false, title: "Goes out" };
  let entries: object[] = [POSTED, onTheWay];
  await openTimeline(() => ({ ...ANSWER, entries }));
  entries = [POSTED, ACCEPTED];
  await advanceTime(2_000);
  await animationFrame();
  expect(titles()).toEqual([POSTED.title, ACCEPTED.title]);
});

test("an error is told in Odoo's words and can be tried again", async () => {
  let isDown = true;
  await openTimeline(() => {
    if (isDown) {
      throw makeServerError({ message: "You may not read this document." });
    }
    return ANSWER;
  });
  expect(".alert-danger").toHaveText(/You may not read this document/);
  isDown = false;
  await contains("button:contains(Try again)").click();
  expect(".alert-danger").toHaveCount(0);
  expect(titles()).toEqual([POSTED.title, ACCEPTED.title, REFUSED.title]);
});

test("older deliveries that are left out are counted", async () => {
  await openTimeline(() => ({ ...ANSWER, hidden_count: 7 }));
  expect(".o_integration_timeline").toHaveText(/7 older deliveries are not shown here/);
});
