"""What may be replayed, as SQL on a delivery ``d``."""

from odoo.tools import SQL

# Where only the latest event of a record counts, sending an older one again would take the receiver back.
IS_OUTDATED = SQL(
    """
    EXISTS (
        SELECT FROM integration_subscription s
         WHERE s.endpoint_id = d.endpoint_id AND s.event_type_id = d.event_type_id
           AND s.ordering = 'latest_only'
    ) AND EXISTS (
        SELECT FROM integration_delivery newer
         WHERE newer.res_model = d.res_model AND newer.res_id = d.res_id
           AND newer.endpoint_id = d.endpoint_id AND newer.event_type_id = d.event_type_id
           AND newer.sequence > d.sequence AND newer.state <> 'cancelled'
    )
    """
)
