from . import integration_event_type, sale_order
