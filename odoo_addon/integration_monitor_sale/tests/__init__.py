from . import test_order_events
