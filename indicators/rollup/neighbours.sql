-- Children of the nodes that are not computed themselves, because nothing changed below them.
neighbours AS MATERIALIZED (
    SELECT child.parent_id, kept.*
    FROM (
        SELECT organisation_id, parent_id
        FROM indicators_periodorganisation
        WHERE period_id = %(period)s
            AND parent_id = ANY (%(nodes)s)
            AND organisation_id <> ALL (%(nodes)s)
            AND roster_group_id IS NULL
        OFFSET 0  -- first the children, then what is kept of each
    ) AS child
    JOIN indicators_nodeparts AS kept
        ON kept.period_id = %(period)s AND kept.organisation_id = child.organisation_id
),
