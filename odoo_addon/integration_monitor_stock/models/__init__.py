from . import integration_event_type, stock_picking
