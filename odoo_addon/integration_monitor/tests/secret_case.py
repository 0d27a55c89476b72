"""Keys for encryption in tests: the server that runs them may have none, or one that tests must not use."""

import base64
import os
from contextlib import contextmanager
from unittest.mock import patch

from odoo.tools import config

from ..models.integration_endpoint_secret import KEY_OPTION, KEY_VARIABLE, read_key_setting


def new_key():
    return base64.b64encode(os.urandom(32)).decode()


@contextmanager
def server_key(*keys):
    """The server is configured with these keys, the current one first; with none if there are none."""
    with patch.dict(config.options.maps[0], {KEY_OPTION: ",".join(keys)}), patch.dict(os.environ):
        os.environ.pop(KEY_VARIABLE, None)
        yield


def ensure_server_key():
    """Give this test process a key if its server is configured with none."""
    if not read_key_setting():
        os.environ[KEY_VARIABLE] = new_key()
