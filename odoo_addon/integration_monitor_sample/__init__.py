from . import models


def prepare_sample_company(env):
    """After installation: chart of accounts, stock on hand, subscriptions and draft documents."""
    env["integration.sample"]._prepare()
