"""Times saves of contacts inside Odoo, on databases that differ in what follows a save; read by `odoo shell`.

STACK_PARAMETERS (JSON):
  result_file   where the result goes, JSON: {kind: {"rounds": [[ms, …], …], "events": n}}; events: saves, all told
  kinds         {kind: {"database", "webhook_urls": [str]}}; webhook_urls: posted to by Odoo's built-in
                "Send Webhook Notification", from an automation rule that is made here
  what          "one": the web client's save of one contact · "bulk": create `bulk_size` contacts at once
  rounds        how many rounds; within a round the kinds take turns, save by save, in changing order
  counts        {kind: saves per round}
  pause_s       at least, between two saves, so that what a save leaves to others does not fall into the next one

A save is timed from opening the cursor to its end: everything a person waits for in Odoo, commit and what runs
after it included.
"""

import json
import os
import random
import time
from pathlib import Path

from odoo import Command, api
from odoo.modules.registry import Registry

WARM_UP_SAVES = 8
SEED = 12
WATCHED = ["name", "ref", "vat", "email", "phone", "street", "street2", "zip", "city", "state_id", "country_id"]
SENT = [*WATCHED, "company_registry", "is_company", "type", "parent_id", "active"]
SHOWN = {"name": {}, "email": {}, "phone": {}, "city": {}}


class Saver:
    def __init__(self, kind, plan, what, bulk_size):
        self.registry = Registry(plan["database"])
        self.what, self.bulk_size = what, bulk_size
        self.count = 0
        with self.registry.cursor() as cr:
            env = api.Environment(cr, 1, {})
            self.user_id = env.ref("base.user_admin").id
            contact = env["res.partner"].create({"name": f"Bench contact {kind}"})
            self.contact_id = contact.id
        if plan["webhook_urls"]:
            with self.registry.cursor() as cr:
                add_webhook_rule(api.Environment(cr, 1, {}), plan["webhook_urls"])

    def time_save(self):
        """Save once; return the milliseconds it took."""
        self.count += 1
        started_at = time.perf_counter()
        with self.registry.cursor() as cr:
            env = api.Environment(cr, self.user_id, {"lang": "en_US", "tz": "UTC"})
            if self.what == "bulk":
                self.create_many(env)
            else:
                contact = env["res.partner"].browse(self.contact_id)
                contact.web_save({"phone": f"+1 555 {self.count:07d}"}, SHOWN)
        return (time.perf_counter() - started_at) * 1000

    def create_many(self, env):
        env["res.partner"].create(
            [
                {"name": f"Contact {self.count}-{number}", "email": f"contact{number}@example.org", "city": "Springfield"}
                for number in range(self.bulk_size)
            ]
        )


def add_webhook_rule(env, urls):
    """Make a rule that fires as our event type does, with one webhook action per URL."""
    fields = env["ir.model.fields"]
    model_id = env["ir.model"]._get_id("res.partner")
    rules = env["base.automation"].search([("model_name", "=", "res.partner")])
    rules.unlink()
    env["base.automation"].create(
        {
            "name": "Bench webhook",
            "model_id": model_id,
            "trigger": "on_create_or_write",
            "trigger_field_ids": [Command.set([fields._get("res.partner", name).id for name in WATCHED])],
            "action_server_ids": [
                Command.create(
                    {
                        "name": f"Bench webhook {number}",
                        "model_id": model_id,
                        "usage": "base_automation",
                        "state": "webhook",
                        "webhook_url": url,
                        "webhook_field_ids": [
                            Command.set([fields._get("res.partner", name).id for name in SENT])
                        ],
                    }
                )
                for number, url in enumerate(urls)
            ],
        }
    )


def run(parameters):
    savers = {
        kind: Saver(kind, plan, parameters["what"], parameters["bulk_size"])
        for kind, plan in parameters["kinds"].items()
    }
    counts, pause_s = parameters["counts"], parameters["pause_s"]
    for kind, saver in savers.items():
        for _ in range(min(WARM_UP_SAVES, counts[kind])):
            saver.time_save()
            time.sleep(pause_s)
    rounds = {kind: [] for kind in savers}
    # A save of ours is followed by sending, answers and retries in fixed times. In a fixed order, with fixed
    # pauses, they would always slow down the saves of the same other kind, and ours would look cheap.
    chance = random.Random(SEED)
    for _round in range(parameters["rounds"]):
        times = {kind: [] for kind in savers}
        for turn in range(max(counts.values())):
            kinds = list(savers)
            chance.shuffle(kinds)
            for kind in kinds:
                if turn < counts[kind]:
                    times[kind].append(savers[kind].time_save())
                    time.sleep(pause_s * chance.uniform(1, 2))
        for kind in savers:
            rounds[kind].append(times[kind])
    result = {kind: {"rounds": rounds[kind], "events": saver.count} for kind, saver in savers.items()}
    Path(parameters["result_file"]).write_text(json.dumps(result))


run(json.loads(os.environ["STACK_PARAMETERS"]))
