"""Which test deliveries a claim gives out, as SQL."""

# How long a test may wait for a sidecar.
TEST_AGE_MAX_S = 600

# What the statement of a claim adds to the deliveries that are due; the columns are those of its candidates.
DUE_TESTS = """
    SELECT d.id, d.endpoint_id, d.lane, 0::bigint AS rank, d.next_attempt_at, d.sequence, d.event_id
      FROM integration_delivery d
      JOIN integration_endpoint e ON e.id = d.endpoint_id
     WHERE d.is_test AND d.state = 'pending' AND d.attempt_count = 0
       AND d.test_environment_uuid = %(environment_uuid)s
       AND d.next_attempt_at > %(now)s - %(age_max_s)s * interval '1 second'
       AND (d.lease_until IS NULL OR d.lease_until <= %(now)s)
       AND e.active AND (e.state = 'draft' OR e.environment_uuid = %(environment_uuid)s)
"""
