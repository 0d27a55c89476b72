import { defineMailModels } from "@mail/../tests/mail_test_helpers";
import { expect, test } from "@odoo/hoot";
import { queryAllTexts } from "@odoo/hoot-dom";
import { advanceTime, animationFrame } from "@odoo/hoot-mock";
import { contains, getService, makeServerError, mountWebClient, onRpc } from "@web/../tests/web_test_helpers";

defineMailModels();

const SIDECAR = {
  may_connect: true,
  account: false as object | false,
  workers: [] as object[],
  connection: { url: "https://odoo.example", database: "north" },
  server_time: "2026-11-20T08:32:05.000Z",
};
const WORKER = { name: "host:1", version: "0.1.0", last_seen_at: "2026-11-20T08:32:00.000Z", alive: true };
const PAYER = {
  id: 7,
  name: "Payer",
  kind: "http",
  url: "https://payer.example/hooks",
  state: "draft",
  event_type_ids: [],
  last_delivered_at: false,
  test_state: false,
};
const CATALOGUE = [
  {
    id: 1,
    name: "Invoice posted",
    technical_name: "a.b.v1",
    description: "Posted.",
    domain: "finance",
    domain_label: "Finance",
  },
  {
    id: 2,
    name: "Order confirmed",
    technical_name: "a.c.v1",
    description: false,
    domain: "sales",
    domain_label: "Sales",
  },
];
const EMPTY = {
  secret_key_problem: false,
  sidecar: SIDECAR,
  endpoints: [] as object[],
  catalogue: CATALOGUE,
};

async function openSetup(getState: () => object) {
  onRpc("integration.delivery", "get_exception_count", () => ({ count: 0 }));
  onRpc("integration.setup", "get_state", getState);
  await mountWebClient();
  await getService("action").doAction({ type: "ir.actions.client", tag: "integration_monitor.setup" });
  await animationFrame();
}

test("with nothing there the first step is open and the later ones wait for an endpoint", async () => {
  await openSetup(() => EMPTY);
  expect(".o_integration_setup_progress").toHaveText("0 of 5 steps done");
  expect(".o_integration_setup_make_key").toHaveText("Make the account and its key");
  expect("[data-step=events] h2 button").not.toBeEnabled();
  expect("[data-step=events] h2 button").toHaveAttribute("title", "Add a system first (step 2)");
});

test("a new key is shown once, is in the file, and is gone when the step is closed", async () => {
  onRpc("integration.setup", "create_sidecar_key", ({ kwargs }) => {
    expect.step(kwargs.old_keys);
    return {
      type: "ir.actions.client",
      tag: "integration_monitor.sidecar_key",
      params: { key: "k3y", login: "integration_sidecar" },
    };
  });
  await openSetup(() => EMPTY);
  expect(".o_integration_file:first pre").toHaveText(/ODOO_API_KEY='<the API key>'/);
  await contains(".o_integration_setup_make_key").click();
  expect.verifySteps(["overlap"]);
  expect(".o_integration_secret_value").toHaveText("k3y");
  expect(".o_integration_file:first pre").toHaveText(/ODOO_API_KEY=k3y/);
  await contains("[data-step=sidecar] h2 button").click();
  await contains("[data-step=sidecar] h2 button").click();
  expect(".o_integration_secret").toHaveCount(0);
  expect(".o_integration_file:first pre").not.toHaveText(/k3y/);
});

test("the page notices the heartbeat by itself, and says what to check when it does not come", async () => {
  let workers: object[] = [];
  onRpc("integration.setup", "create_sidecar_key", () => ({
    type: "ir.actions.client",
    tag: "integration_monitor.sidecar_key",
    params: { key: "k3y", login: "integration_sidecar" },
  }));
  onRpc("integration.setup", "get_sidecar", () => ({ ...SIDECAR, workers }));
  await openSetup(() => EMPTY);
  await contains(".o_integration_setup_make_key").click();
  expect(".o_integration_setup_watch").toHaveText(/Waiting for the first heartbeat/);
  await advanceTime(45_000);
  expect(".o_integration_setup_advice").toHaveCount(1);
  workers = [WORKER];
  await advanceTime(3000);
  await animationFrame();
  expect(".o_integration_setup_watch").toHaveText(/has reported with the new key:\s*host:1/);
  expect(".o_integration_setup_advice").toHaveCount(0);
  expect(".o_integration_setup_progress").toHaveText("1 of 5 steps done");
});

test("who may make no key is told who may, and goes on with the rest", async () => {
  await openSetup(() => ({ ...EMPTY, sidecar: { ...SIDECAR, may_connect: false } }));
  expect(".o_integration_setup_forbidden").toHaveText(/A system administrator has to do this step/);
  expect(".o_integration_setup_make_key").toHaveCount(0);
  expect("[data-step=endpoint] h2 button").toBeEnabled();
});

test("a refused address is explained, an accepted one shows the signing secret", async () => {
  let endpoints: object[] = [];
  onRpc("integration.setup", "create_endpoint", ({ kwargs }) => {
    if (!(kwargs.values as { allowed_addresses?: string }).allowed_addresses) {
      throw makeServerError({ type: "ValidationError", message: "“lab” is not a public address." });
    }
    endpoints = [PAYER];
    return { id: 7, secret: "whsec_once" };
  });
  await openSetup(() => ({ ...EMPTY, sidecar: { ...SIDECAR, workers: [WORKER] }, endpoints }));
  await contains("#im_endpoint_name").edit("Payer", { confirm: false });
  await contains("#im_endpoint_url").edit("https://lab/hooks", { confirm: false });
  await contains(".o_integration_setup_create").click();
  expect(".o_integration_step_error").toHaveText("“lab” is not a public address.");
  await contains("#im_endpoint_inside").click();
  await contains("#im_endpoint_allowed").edit("lab", { confirm: false });
  await contains(".o_integration_setup_create").click();
  expect(".o_integration_secret_value").toHaveText("whsec_once");
  expect(".o_integration_setup_progress").toHaveText("2 of 5 steps done");
  await contains(".o_integration_setup_pick").select("");
  expect(".o_integration_secret").toHaveCount(0);
});

test("events are chosen from the catalogue, and the next step opens", async () => {
  let endpoints: object[] = [PAYER];
  onRpc("integration.setup", "choose_events", ({ kwargs }) => {
    expect.step([kwargs.endpoint_id, kwargs.event_type_ids]);
    endpoints = [{ ...PAYER, event_type_ids: kwargs.event_type_ids }];
    return true;
  });
  await openSetup(() => ({ ...EMPTY, sidecar: { ...SIDECAR, workers: [WORKER] }, endpoints }));
  expect(queryAllTexts("fieldset legend")).toEqual(["Finance", "Sales"]);
  expect(".o_integration_setup_choose").not.toBeEnabled();
  await contains("#im_event_2").click();
  await contains(".o_integration_setup_choose").click();
  expect.verifySteps([[7, [2]]]);
  expect(".o_integration_setup_test").toHaveCount(1);
  expect(".o_integration_setup_progress").toHaveText("3 of 5 steps done");
});

test("the sample says where it comes from, and shows the schema too", async () => {
  onRpc("integration.event.type", "get_sample", ({ args }) => {
    expect.step(args[0]);
    return {
      event: '{"type": "odoo.invoice.v1", "data": {"id": 1}}',
      schema: '{"type": "object"}',
      source: "record",
      why_made_up: false,
      res_id: 1,
      record_name: "INV/1",
      res_model: "account.move",
      hidden: [],
      labels: {},
    };
  });
  await openSetup(() => ({ ...EMPTY, sidecar: { ...SIDECAR, workers: [WORKER] }, endpoints: [PAYER] }));
  await contains(".o_integration_sample").click();
  expect.verifySteps([[1]]);
  expect(".modal-title").toHaveText("What “Invoice posted” tells");
  expect(".modal-body").toHaveText(/As it would be sent now for INV\/1/);
  expect(".o_integration_sample_text").toHaveText(/"id": 1/);
  await contains(".o_integration_schema").click();
  expect(".o_integration_sample_text").toHaveText(/"type": "object"/);
});

test("a server that refuses is quoted, and can be asked again", async () => {
  let isRefused = true;
  await openSetup(() => {
    if (isRefused) {
      throw makeServerError({ type: "AccessError", message: "Ask whoever administers Odoo." });
    }
    return EMPTY;
  });
  expect(".o_integration_setup_error").toHaveText(/Ask whoever administers Odoo/);
  isRefused = false;
  await contains(".o_integration_setup_error button").click();
  expect(".o_integration_setup_error").toHaveCount(0);
  expect(".o_integration_setup_step").toHaveCount(5);
});
