"""Which test deliveries a claim gives out, as SQL."""

# How long a test may wait for a sidecar.
TEST_AGE_MAX_S = 600

# What the statement of a claim adds to the deliveries that are due; the columns are those of its candidates.
# Tests are looked up by their environment, and before anything else: on a table that PostgreSQL has no
# statistics of, it would take half of all deliveries for tests.
DUE_TESTS = """
    WITH asked AS MATERIALIZED (
        SELECT d.id, d.endpoint_id, d.lane, d.next_attempt_at, d.sequence, d.event_id
          FROM integration_delivery d
         WHERE d.test_environment_uuid = %(environment_uuid)s
           AND d.state = 'pending' AND d.attempt_count = 0
           AND d.next_attempt_at > %(now)s - %(age_max_s)s * interval '1 second'
           AND (d.lease_until IS NULL OR d.lease_until <= %(now)s)
    )
    SELECT asked.id, asked.endpoint_id, asked.lane, 0::bigint AS rank, asked.next_attempt_at, asked.sequence,
           asked.event_id
      FROM asked
      JOIN integration_endpoint e ON e.id = asked.endpoint_id
     WHERE e.active AND (e.state = 'draft' OR e.environment_uuid = %(environment_uuid)s)
"""
