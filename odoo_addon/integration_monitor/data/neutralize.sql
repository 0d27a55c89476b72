-- A copy of the database must not send anything until a person activates its endpoints there.

UPDATE integration_endpoint
   SET state = 'draft',
       environment_uuid = NULL,
       state_reason = 'neutralised copy',
       auth_secret = NULL,
       signing_secret = NULL,
       signing_secret_previous = NULL,
       signing_secret_previous_until = NULL,
       signing_key = NULL,
       signing_key_previous = NULL,
       signing_key_previous_until = NULL,
       signing_public_key = NULL,
       tls_certificate = NULL,
       tls_key = NULL;

-- What was on its way belongs to the original, which delivers it. A replay was delivered before.
UPDATE integration_delivery
   SET state = CASE WHEN first_delivered_at IS NULL THEN 'cancelled' ELSE 'delivered' END,
       delivered_at = first_delivered_at,
       state_reason = 'neutralised copy',
       state_changed_at = now() AT TIME ZONE 'UTC',
       state_changed_by = NULL,
       lease_worker = NULL,
       lease_until = NULL
 WHERE state IN ('pending', 'queued');

-- Bulk operations go on in the original.
UPDATE integration_bulk_operation
   SET state = 'stopped',
       state_reason = 'neutralised copy'
 WHERE state = 'running';

-- The original's sidecar must not be woken by the copy.
UPDATE ir_config_parameter
   SET value = gen_random_uuid()::text
 WHERE key = 'integration_monitor.wake_channel';

-- Heartbeats are the original's as well.
DELETE FROM integration_worker;

-- What processes remember of the configuration is out of date.
UPDATE integration_capture_revision
   SET number = nextval('integration_capture_revision_number');
