-- The floor of the roll-up: one period of the bench's region, written by hand for exactly its indicators and rules.
-- Facts -> (municipality, roster group) -> municipality and region of each project -> formulas. It reads the same
-- tables through the same indexes as the portal's statement and returns the same rows, but it knows every formula,
-- every rule and the depth of the tree beforehand, and keeps nothing.
WITH ids AS (
    SELECT
        min(base_indicator_id) FILTER (WHERE code = 'b16') AS b16,
        min(base_indicator_id) FILTER (WHERE code = 'b01') AS b01,
        array_agg(base_indicator_id) FILTER (WHERE code IN ('b19', 'b20')) AS folded
    FROM indicators_question
    WHERE period_id = %(period)s
),
sums AS MATERIALIZED (
    SELECT
        place.parent_id,
        place.roster_group_id,
        fact.base_indicator_id,
        sum(fact.value) AS total,
        count(*) AS reporters,
        min(fact.value) AS least,
        max(fact.value) AS greatest
    FROM indicators_fact AS fact
    JOIN indicators_periodorganisation AS place
        ON place.period_id = fact.period_id AND place.organisation_id = fact.organisation_id
    CROSS JOIN ids
    WHERE fact.period_id = %(period)s AND fact.base_indicator_id <> ALL (ids.folded || ids.b16)
    GROUP BY 1, 2, 3
    UNION ALL
    SELECT
        place.parent_id,
        place.roster_group_id,
        value.base_indicator_id,
        sum(value.value * weight.value),
        0,
        sum(weight.value),
        NULL
    FROM ids
    JOIN indicators_fact AS value ON value.period_id = %(period)s AND value.base_indicator_id = ids.b16
    JOIN indicators_fact AS weight
        ON weight.period_id = value.period_id
        AND weight.organisation_id = value.organisation_id
        AND weight.base_indicator_id = ids.b01
    JOIN indicators_periodorganisation AS place
        ON place.period_id = value.period_id AND place.organisation_id = value.organisation_id
    GROUP BY 1, 2, 3
    UNION ALL
    SELECT place.parent_id, place.roster_group_id, year.base_indicator_id, sum(year.total), 0, sum(year.mean), NULL
    FROM (
        SELECT
            fact.organisation_id,
            fact.base_indicator_id,
            sum(fact.value) AS total,
            round(div(sum(fact.value) * 1e21, count(*)) * 1e-21, 20) AS mean
        FROM indicators_fact AS fact
        JOIN indicators_submission AS form
            ON form.period_id = %(period)s AND form.organisation_id = fact.organisation_id AND form.state = 'accepted'
        CROSS JOIN ids
        WHERE fact.period_id IN (%(earlier)s, %(period)s) AND fact.base_indicator_id = ANY (ids.folded)
        GROUP BY 1, 2
    ) AS year
    JOIN indicators_periodorganisation AS place
        ON place.period_id = %(period)s AND place.organisation_id = year.organisation_id
    GROUP BY 1, 2, 3
),
members AS (
    SELECT member.project_id, member.territory_id, link.rostergroup_id
    FROM indicators_periodproject AS member
    JOIN indicators_rostergroup_projects AS link ON link.periodproject_id = member.id
    WHERE member.period_id = %(period)s
),
nodes AS (
    SELECT
        project_id,
        coalesce(parent_id, territory_id) AS node_id,
        max(total) FILTER (WHERE code = 'b01') AS b01,
        max(total) FILTER (WHERE code = 'b02') AS b02,
        max(total) FILTER (WHERE code = 'b03') AS b03,
        max(total) FILTER (WHERE code = 'b04') AS b04,
        max(total) FILTER (WHERE code = 'b05') AS b05,
        max(total) FILTER (WHERE code = 'b06') AS b06,
        max(total) FILTER (WHERE code = 'b07') AS b07,
        max(total) FILTER (WHERE code = 'b08') AS b08,
        max(total) FILTER (WHERE code = 'b09') AS b09,
        max(total) FILTER (WHERE code = 'b10') AS b10,
        max(total) FILTER (WHERE code = 'b11') AS b11,
        max(total) FILTER (WHERE code = 'b12') AS b12,
        max(total) FILTER (WHERE code = 'b13') AS b13,
        max(total) FILTER (WHERE code = 'b14') AS b14,
        max(round(div(total * 1e21, nullif(reporters, 0)) * 1e-21, 20)) FILTER (WHERE code = 'b15') AS b15,
        max(round(div(total * 1e21, nullif(least, 0)) * 1e-21, 20)) FILTER (WHERE code = 'b16') AS b16,
        max(least) FILTER (WHERE code = 'b17') AS b17,
        max(greatest) FILTER (WHERE code = 'b18') AS b18,
        max(total) FILTER (WHERE code = 'b19') AS b19,
        max(least) FILTER (WHERE code = 'b20') AS b20
    FROM (
        SELECT
            members.project_id,
            members.territory_id,
            sums.parent_id,
            sums.base_indicator_id,
            sum(sums.total) AS total,
            sum(sums.reporters) AS reporters,
            CASE WHEN question.code IN ('b16', 'b20') THEN sum(sums.least) ELSE min(sums.least) END AS least,
            max(sums.greatest) AS greatest,
            question.code
        FROM sums
        JOIN members ON members.rostergroup_id = sums.roster_group_id
        JOIN indicators_question AS question
            ON question.period_id = %(period)s AND question.base_indicator_id = sums.base_indicator_id
        GROUP BY GROUPING SETS (
            (members.project_id, members.territory_id, sums.base_indicator_id, question.code, sums.parent_id),
            (members.project_id, members.territory_id, sums.base_indicator_id, question.code)
        )
    ) AS node
    GROUP BY 1, 2
),
covered AS (
    SELECT
        members.project_id,
        coalesce(place.parent_id, members.territory_id) AS node_id,
        sum(place.expected) AS expected,
        sum(place.submitted) AS submitted,
        sum(place.accepted) AS accepted,
        sum(place.expected) FILTER (WHERE kind = 'school') AS schools_expected,
        sum(place.submitted) FILTER (WHERE kind = 'school') AS schools_submitted,
        sum(place.accepted) FILTER (WHERE kind = 'school') AS schools_accepted,
        sum(place.expected) FILTER (WHERE kind = 'college') AS colleges_expected,
        sum(place.submitted) FILTER (WHERE kind = 'college') AS colleges_submitted,
        sum(place.accepted) FILTER (WHERE kind = 'college') AS colleges_accepted
    FROM (
        SELECT
            place.parent_id,
            place.roster_group_id,
            place.kind,
            count(*) AS expected,
            count(*) FILTER (WHERE form.state IN ('submitted', 'accepted')) AS submitted,
            count(*) FILTER (WHERE form.state = 'accepted') AS accepted
        FROM indicators_periodorganisation AS place
        JOIN indicators_submission AS form
            ON form.period_id = place.period_id AND form.organisation_id = place.organisation_id
        WHERE place.period_id = %(period)s AND place.roster_group_id IS NOT NULL
        GROUP BY 1, 2, 3
    ) AS place
    JOIN members ON members.rostergroup_id = place.roster_group_id
    GROUP BY GROUPING SETS (
        (members.project_id, members.territory_id, place.parent_id),
        (members.project_id, members.territory_id)
    )
),
computed AS (
    SELECT
        measurement.indicator_id,
        covered.node_id,
        CASE measurement.number
            WHEN '1' THEN round(div(100 * b01 * 1e21, nullif(b02, 0)) * 1e-21, 20)
            WHEN '2' THEN round(div(100 * b03 * 1e21, nullif(b04, 0)) * 1e-21, 20)
            WHEN '3' THEN b05
            WHEN '4' THEN round(div(100 * b13 * 1e21, nullif(schools_accepted, 0)) * 1e-21, 20)
            WHEN '5' THEN b15
            WHEN '6' THEN b16
            WHEN '7' THEN b18 - b17
            WHEN '8' THEN b19 + 0 * b06
            WHEN '9' THEN round(div(100 * b07 * 1e21, nullif(b08, 0)) * 1e-21, 20)
            WHEN '10' THEN round(div(100 * b14 * 1e21, nullif(colleges_expected, 0)) * 1e-21, 20)
            WHEN '11' THEN b09 + b10 - b11
            WHEN '12' THEN round(round(div(b20 * 1e21, nullif(b12, 0)) * 1e-21, 20), 2)
        END AS value,
        CASE
            WHEN measurement.number IN ('4', '12') THEN schools_expected
            WHEN measurement.number = '10' THEN colleges_expected
            ELSE expected
        END AS expected,
        CASE
            WHEN measurement.number IN ('4', '12') THEN schools_submitted
            WHEN measurement.number = '10' THEN colleges_submitted
            ELSE submitted
        END AS submitted,
        CASE
            WHEN measurement.number IN ('4', '12') THEN schools_accepted
            WHEN measurement.number = '10' THEN colleges_accepted
            ELSE accepted
        END AS accepted
    FROM covered
    JOIN indicators_measurement AS measurement ON measurement.period_id = %(period)s
    JOIN indicators_periodproject AS member
        ON member.id = measurement.project_id AND member.project_id = covered.project_id
    LEFT JOIN nodes ON nodes.project_id = covered.project_id AND nodes.node_id = covered.node_id
)
SELECT indicator_id, node_id, round(value, 10) AS value, expected, submitted, accepted
FROM computed
WHERE expected > 0
ORDER BY indicator_id, node_id
