"""Prepares a database for the stack; read by `odoo shell` from its standard input.

STACK_PARAMETERS (JSON): odoo_url; key_file: holds the service account's API key, readable by its owner only,
made when missing or no longer valid; receiver_url: the running sample receiver, absent when there is none.
The sample endpoints are pointed at it and it is told their signing secrets, so that it can verify.
Running it again changes nothing that is right already.
"""

import json
import os
import urllib.request
from pathlib import Path

SERVICE_LOGIN = "integration_sidecar"
KEY_NAME = "sidecar of this stack"
RECEIVER_DEADLINE_S = 10


def prepare(env, parameters):
    env["ir.config_parameter"].set_param("web.base.url", parameters["odoo_url"])
    ensure_api_key(env, Path(parameters["key_file"]))
    # Before the endpoints become active: the account's own contact is nobody's business.
    env.cr.commit()
    receiver_url = parameters.get("receiver_url")
    if receiver_url and "integration.sample" in env:
        tell_secrets(receiver_url, env["integration.sample"]._configure(receiver_url))
    env.cr.commit()


def ensure_api_key(env, key_file):
    """Keeps a key that still opens this database; makes a new one otherwise."""
    user = ensure_service_account(env)
    keys = env["res.users.apikeys"].with_user(user).sudo()
    known = key_file.read_text().strip() if key_file.exists() else ""
    if known and keys._check_credentials(scope="rpc", key=known) == user.id:
        return
    keys.search([("user_id", "=", user.id), ("name", "=", KEY_NAME)]).unlink()
    # Without expiry: a stack that is started again after months must still work.
    write_private(key_file, keys._generate("rpc", KEY_NAME, None))


def ensure_service_account(env):
    users = env["res.users"].with_context(active_test=False, no_reset_password=True)
    user = users.search([("login", "=", SERVICE_LOGIN)])
    if not user:
        group = env.ref("integration_monitor.group_sidecar")
        user = users.create(
            {"name": "Integration Sidecar", "login": SERVICE_LOGIN, "group_ids": [(6, 0, group.ids)]}
        )
    user.active = True
    return user


def tell_secrets(receiver_url, secrets):
    request = urllib.request.Request(
        f"{receiver_url}/api/secrets",
        data=json.dumps(secrets).encode(),
        headers={"Content-Type": "application/json"},
        method="PUT",
    )
    urllib.request.urlopen(request, timeout=RECEIVER_DEADLINE_S).close()


def write_private(path, text):
    path.touch(mode=0o600)
    path.write_text(text)


prepare(globals()["env"], json.loads(os.environ["STACK_PARAMETERS"]))
