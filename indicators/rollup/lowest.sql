-- The lowest nodes of a whole period: on them hang organisations alone, which `leaves` has grouped already.
level_{depth} AS NOT MATERIALIZED (
    SELECT leaves.*
    FROM leaves
    JOIN nodes USING (node_id)
    WHERE nodes.depth = {depth}
),
