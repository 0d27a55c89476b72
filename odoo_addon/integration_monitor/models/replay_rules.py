"""What may be sent again, as SQL on a delivery ``d``."""

from odoo.tools import SQL

IS_LATEST_ONLY = SQL(
    """
    EXISTS (
        SELECT FROM integration_subscription s
         WHERE s.endpoint_id = d.endpoint_id AND s.event_type_id = d.event_type_id
           AND s.ordering = 'latest_only'
    )
    """
)
HAS_NEWER = SQL(
    """
    EXISTS (
        SELECT FROM integration_delivery newer
         WHERE newer.res_model = d.res_model AND newer.res_id = d.res_id
           AND newer.endpoint_id = d.endpoint_id AND newer.event_type_id = d.event_type_id
           AND newer.sequence > d.sequence AND newer.state <> 'cancelled'
           AND newer.is_test IS NOT TRUE
    )
    """
)
# Where only the latest event of a record counts, sending an older one again would take the receiver back.
IS_OUTDATED = SQL("%s AND %s", IS_LATEST_ONLY, HAS_NEWER)
