from . import (
    integration_bulk_wizard,
    integration_case_wizard,
    integration_delivery_cancel_wizard,
    integration_endpoint_test_result,
    integration_endpoint_test_wizard,
    integration_explain_wizard,
    integration_parked_message_wizard,
    res_config_settings,
)
