    -- Unnested in the list and not joined: as a function in FROM, each row's arrays would be stored on the way.
    UNION ALL
    SELECT
        parent_id,
        roster_group_id,
        unnest(base_indicators),
        NULL,
        unnest(total),
        unnest(reporters),
        unnest(weight),
        unnest(least),
        unnest(greatest),
        NULL,
        NULL,
        NULL
    FROM neighbours
    UNION ALL
    SELECT
        parent_id,
        roster_group_id,
        NULL,
        unnest(kinds),
        NULL,
        NULL,
        NULL,
        NULL,
        NULL,
        unnest(expected),
        unnest(submitted),
        unnest(accepted)
    FROM neighbours
