from . import account_move, account_payment, integration_event_type
