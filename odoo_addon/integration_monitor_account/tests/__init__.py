from . import test_invoice_events, test_invoice_status, test_payment_events
