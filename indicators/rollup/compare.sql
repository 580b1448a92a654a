-- What the roll-up computed beside what is kept. Nodes above an organisation whose mark waits are left out: their totals
-- are late, which is no difference. Marks, facts and totals are those of one moment, because this is one statement.
, late AS MATERIALIZED (
    SELECT DISTINCT step.organisation_id AS node_id
    FROM indicators_rollupmark AS mark
    JOIN indicators_periodorganisation AS place
        ON place.period_id = %(period)s
        AND place.organisation_id = coalesce(mark.organisation_id, place.organisation_id)
    CROSS JOIN LATERAL unnest(string_to_array(rtrim(place.path, '.'), '.')::bigint[]) AS step (organisation_id)
    WHERE mark.period_id = %(period)s
),

kept_values AS (
    SELECT indicator_id, organisation_id AS node_id, value, operands, expected, submitted, accepted
    FROM indicators_rolledupvalue
    WHERE period_id = %(period)s
),

kept_parts AS (
    SELECT
        organisation_id AS node_id, roster_group_id,
        base_indicators, total, reporters, weight, least, greatest,
        kinds, expected, submitted, accepted
    FROM indicators_nodeparts
    WHERE period_id = %(period)s
),

differing AS MATERIALIZED (
    SELECT
        coalesce(kept.node_id, right_one.node_id) AS node_id,
        coalesce(kept.indicator_id, right_one.indicator_id) AS indicator_id,
        CASE WHEN kept.node_id IS NOT NULL THEN to_jsonb(kept) - 'node_id' - 'indicator_id' END AS kept,
        CASE WHEN right_one.node_id IS NOT NULL THEN to_jsonb(right_one) - 'node_id' - 'indicator_id' END AS right_one
    FROM kept_values AS kept
    FULL JOIN computed AS right_one
        ON right_one.node_id = kept.node_id AND right_one.indicator_id = kept.indicator_id
    WHERE (kept.value, kept.operands, kept.expected, kept.submitted, kept.accepted)
        IS DISTINCT FROM
        (right_one.value, right_one.operands, right_one.expected, right_one.submitted, right_one.accepted)
    UNION ALL
    SELECT
        coalesce(kept.node_id, right_one.node_id),
        NULL,
        CASE WHEN kept.node_id IS NOT NULL THEN to_jsonb(kept) - 'node_id' END,
        CASE WHEN right_one.node_id IS NOT NULL THEN to_jsonb(right_one) - 'node_id' END
    FROM kept_parts AS kept
    FULL JOIN packed AS right_one
        ON right_one.node_id = kept.node_id AND right_one.roster_group_id = kept.roster_group_id
    WHERE (
        kept.base_indicators, kept.total, kept.reporters, kept.weight, kept.least, kept.greatest,
        kept.kinds, kept.expected, kept.submitted, kept.accepted
    ) IS DISTINCT FROM (
        right_one.base_indicators, right_one.total, right_one.reporters, right_one.weight, right_one.least,
        right_one.greatest, right_one.kinds, right_one.expected, right_one.submitted, right_one.accepted
    )
)

SELECT
    (SELECT count(*) FROM computed) + (SELECT count(*) FROM packed),
    (SELECT count(*) FROM differing WHERE node_id NOT IN (SELECT node_id FROM late)),
    (
        SELECT coalesce(jsonb_agg(jsonb_build_array(node_id, indicator_id, kept, right_one)), '[]')
        FROM (
            SELECT *
            FROM differing
            WHERE node_id NOT IN (SELECT node_id FROM late)
            ORDER BY indicator_id NULLS LAST, node_id
            LIMIT %(listed)s
        ) AS first_ones
    )
