    UNION ALL
    SELECT
        neighbours.parent_id,
        neighbours.roster_group_id,
        figure.base_indicator_id,
        NULL,
        figure.total,
        figure.reporters,
        figure.weight,
        figure.least,
        figure.greatest,
        NULL,
        NULL,
        NULL
    FROM neighbours
    CROSS JOIN LATERAL unnest(
        neighbours.base_indicators,
        neighbours.total,
        neighbours.reporters,
        neighbours.weight,
        neighbours.least,
        neighbours.greatest
    ) AS figure (base_indicator_id, total, reporters, weight, least, greatest)
    UNION ALL
    SELECT
        neighbours.parent_id,
        neighbours.roster_group_id,
        NULL,
        coverage.kind,
        NULL,
        NULL,
        NULL,
        NULL,
        NULL,
        coverage.expected,
        coverage.submitted,
        coverage.accepted
    FROM neighbours
    CROSS JOIN LATERAL unnest(
        neighbours.kinds, neighbours.expected, neighbours.submitted, neighbours.accepted
    ) AS coverage (kind, expected, submitted, accepted)
