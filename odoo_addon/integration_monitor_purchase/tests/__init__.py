from . import test_order_events, test_separation_of_duties
