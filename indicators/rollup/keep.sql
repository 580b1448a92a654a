-- Keeping what the roll-up computed. Only what changed is written, and compared before it is: ON CONFLICT alone would lock,
-- and so write, every row that stays as it is. What has no source any more disappears.
, written AS (
    INSERT INTO indicators_rolledupvalue AS kept
        (indicator_id, organisation_id, value, operands, expected, submitted, accepted, period_id)
    SELECT changed.*, %(period)s
    FROM (
        SELECT * FROM computed
        EXCEPT
        SELECT indicator_id, organisation_id, value, operands, expected, submitted, accepted
        FROM indicators_rolledupvalue AS kept
        WHERE period_id = %(period)s /* kept at these */
    ) AS changed
    ON CONFLICT (period_id, indicator_id, organisation_id) DO UPDATE SET
        value = excluded.value,
        operands = excluded.operands,
        expected = excluded.expected,
        submitted = excluded.submitted,
        accepted = excluded.accepted,
        computed_at = excluded.computed_at
    RETURNING 1
),

gone AS (
    DELETE FROM indicators_rolledupvalue AS kept
    WHERE kept.period_id = %(period)s /* kept at these */
        AND (kept.indicator_id, kept.organisation_id) NOT IN (SELECT indicator_id, node_id FROM computed)
    RETURNING 1
),

parts_written AS (
    INSERT INTO indicators_nodeparts AS kept (
        organisation_id, roster_group_id,
        base_indicators, total, reporters, weight, least, greatest,
        kinds, expected, submitted, accepted, period_id
    )
    SELECT changed.*, %(period)s
    FROM (
        SELECT * FROM packed
        EXCEPT
        SELECT
            organisation_id, roster_group_id,
            base_indicators, total, reporters, weight, least, greatest,
            kinds, expected, submitted, accepted
        FROM indicators_nodeparts AS kept
        WHERE period_id = %(period)s /* kept at these */
    ) AS changed
    ON CONFLICT (period_id, organisation_id, roster_group_id) DO UPDATE SET
        base_indicators = excluded.base_indicators,
        total = excluded.total,
        reporters = excluded.reporters,
        weight = excluded.weight,
        least = excluded.least,
        greatest = excluded.greatest,
        kinds = excluded.kinds,
        expected = excluded.expected,
        submitted = excluded.submitted,
        accepted = excluded.accepted
    RETURNING 1
),

parts_gone AS (
    DELETE FROM indicators_nodeparts AS kept
    WHERE kept.period_id = %(period)s /* kept at these */
        AND (kept.organisation_id, kept.roster_group_id) NOT IN (SELECT node_id, roster_group_id FROM packed)
    RETURNING 1
)

SELECT
    (SELECT count(*) FROM written) + (SELECT count(*) FROM gone),
    (SELECT count(*) FROM parts_written) + (SELECT count(*) FROM parts_gone)
