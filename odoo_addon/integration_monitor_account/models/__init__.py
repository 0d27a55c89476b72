from . import account_move, integration_event_type
