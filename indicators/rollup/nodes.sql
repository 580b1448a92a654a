-- The nodes above organisations that report (all of them, or those that were marked), as far as a project reaches.
SELECT node.organisation_id, node.depth
FROM (
    SELECT DISTINCT step.organisation_id
    FROM (
        SELECT DISTINCT parent_id
        FROM indicators_periodorganisation
        WHERE period_id = %(period)s AND roster_group_id IS NOT NULL /* marked */
    ) AS lowest
    JOIN indicators_periodorganisation AS below
        ON below.period_id = %(period)s AND below.organisation_id = lowest.parent_id
    CROSS JOIN LATERAL unnest(string_to_array(rtrim(below.path, '.'), '.')::bigint[]) AS step (organisation_id)
) AS step
JOIN indicators_periodorganisation AS node
    ON node.period_id = %(period)s AND node.organisation_id = step.organisation_id
WHERE EXISTS (
    SELECT FROM indicators_periodproject AS member
    WHERE member.period_id = %(period)s AND starts_with(node.path, member.territory_path)
)
