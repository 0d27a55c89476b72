from . import integration_event_type, purchase_order
