from . import test_transfer_events
