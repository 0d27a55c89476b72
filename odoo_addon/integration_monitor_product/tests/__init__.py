from . import test_product_events
