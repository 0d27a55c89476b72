from . import test_sample_company, test_transfers_of_orders
