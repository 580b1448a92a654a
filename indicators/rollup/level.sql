-- The nodes of one level: what hangs on them, and the level below.
level_{depth} AS MATERIALIZED (
    SELECT
        node_id,
        roster_group_id,
        base_indicator_id,
        kind,
        sum(total) AS total,
        sum(reporters)::bigint AS reporters,
        sum(weight) AS weight,
        min(least) AS least,
        max(greatest) AS greatest,
        sum(expected)::bigint AS expected,
        sum(submitted)::bigint AS submitted,
        sum(accepted)::bigint AS accepted
    FROM (
        SELECT leaves.*
        FROM leaves
        JOIN nodes USING (node_id)
        WHERE nodes.depth = {depth}
        UNION ALL
        SELECT
            above.node_id,
            below.roster_group_id,
            below.base_indicator_id,
            below.kind,
            below.total,
            below.reporters,
            below.weight,
            below.least,
            below.greatest,
            below.expected,
            below.submitted,
            below.accepted
        FROM {below} AS below
        JOIN nodes AS child USING (node_id)
        JOIN nodes AS above ON above.node_id = child.parent_id
    ) AS part
    GROUP BY node_id, roster_group_id, base_indicator_id, kind
),
