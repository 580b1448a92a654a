-- The floor of the roll-up: one period of the bench's country, written by hand for exactly its indicators and rules.
-- Facts -> (municipality, roster group) -> municipality, region, country of each project -> formulas, with coverage. It
-- reads the same tables through the same indexes as the portal's statement and returns the same rows, but it knows every
-- formula, every rule and the depth of the tree beforehand, and writes nothing.
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
        place.parent_id AS node_id,
        place.roster_group_id,
        fact.base_indicator_id,
        sum(fact.value) AS total,
        count(*) AS reporters,
        NULL::numeric AS weight,
        min(fact.value) AS least,
        max(fact.value) AS greatest
    FROM indicators_fact AS fact
    JOIN indicators_periodorganisation AS place
        ON place.period_id = %(period)s AND place.organisation_id = fact.organisation_id
    WHERE fact.period_id = %(period)s AND fact.base_indicator_id = ANY (%(latest)s)
    GROUP BY 1, 2, 3
    UNION ALL
    SELECT
        place.parent_id,
        place.roster_group_id,
        value.base_indicator_id,
        sum(value.value * weight.value),
        count(*),
        sum(weight.value),
        NULL,
        NULL
    FROM ids
    JOIN indicators_fact AS value ON value.period_id = %(period)s AND value.base_indicator_id = ids.b16
    JOIN indicators_fact AS weight
        ON weight.period_id = %(period)s
        AND weight.organisation_id = value.organisation_id
        AND weight.base_indicator_id = ids.b01
    JOIN indicators_periodorganisation AS place
        ON place.period_id = %(period)s AND place.organisation_id = value.organisation_id
    GROUP BY 1, 2, 3
    UNION ALL
    SELECT
        place.parent_id,
        place.roster_group_id,
        year.base_indicator_id,
        sum(CASE WHEN year.base_indicator_id = %(flow)s THEN year.total ELSE year.mean END),
        count(*),
        NULL,
        NULL,
        NULL
    FROM (
        SELECT
            fact.organisation_id,
            fact.base_indicator_id,
            sum(fact.value) AS total,
            round(div(sum(fact.value) * 1e21, count(*)) * 1e-21, 20) AS mean
        FROM indicators_fact AS fact
        JOIN indicators_submission AS form
            ON form.period_id = %(period)s AND form.organisation_id = fact.organisation_id AND form.state = 'accepted'
        WHERE fact.period_id = ANY (%(year)s) AND fact.base_indicator_id = ANY (%(folded)s)
        GROUP BY 1, 2
    ) AS year
    JOIN indicators_periodorganisation AS place
        ON place.period_id = %(period)s AND place.organisation_id = year.organisation_id AND place.kind = 'school'
    GROUP BY 1, 2, 3
),
members AS (
    SELECT member.project_id, member.territory_id, link.rostergroup_id
    FROM indicators_periodproject AS member
    JOIN indicators_rostergroup_projects AS link ON link.periodproject_id = member.id
    WHERE member.period_id = %(period)s
),
towns AS MATERIALIZED (
    SELECT
        members.project_id,
        sums.node_id,
        sums.base_indicator_id,
        sum(sums.total) AS total,
        sum(sums.reporters) AS reporters,
        sum(sums.weight) AS weight,
        min(sums.least) AS least,
        max(sums.greatest) AS greatest
    FROM sums
    JOIN members ON members.rostergroup_id = sums.roster_group_id
    GROUP BY 1, 2, 3
),
regions AS MATERIALIZED (
    SELECT
        towns.project_id,
        place.parent_id AS node_id,
        towns.base_indicator_id,
        sum(towns.total) AS total,
        sum(towns.reporters) AS reporters,
        sum(towns.weight) AS weight,
        min(towns.least) AS least,
        max(towns.greatest) AS greatest
    FROM towns
    JOIN indicators_periodorganisation AS place
        ON place.period_id = %(period)s AND place.organisation_id = towns.node_id
    GROUP BY 1, 2, 3
),
country AS (
    SELECT
        regions.project_id,
        place.parent_id AS node_id,
        regions.base_indicator_id,
        sum(regions.total) AS total,
        sum(regions.reporters) AS reporters,
        sum(regions.weight) AS weight,
        min(regions.least) AS least,
        max(regions.greatest) AS greatest
    FROM regions
    JOIN indicators_periodorganisation AS place
        ON place.period_id = %(period)s AND place.organisation_id = regions.node_id
    GROUP BY 1, 2, 3
),
nodes AS (
    SELECT
        node.project_id,
        node.node_id,
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
        max(round(div(total * 1e21, nullif(weight, 0)) * 1e-21, 20)) FILTER (WHERE code = 'b16') AS b16,
        max(least) FILTER (WHERE code = 'b17') AS b17,
        max(greatest) FILTER (WHERE code = 'b18') AS b18,
        max(total) FILTER (WHERE code = 'b19') AS b19,
        max(total) FILTER (WHERE code = 'b20') AS b20
    FROM (
        SELECT * FROM towns
        UNION ALL
        SELECT * FROM regions
        UNION ALL
        SELECT * FROM country
    ) AS node
    JOIN indicators_question AS question
        ON question.period_id = %(period)s AND question.base_indicator_id = node.base_indicator_id
    GROUP BY 1, 2
),
forms AS MATERIALIZED (
    SELECT
        place.parent_id AS node_id,
        place.roster_group_id,
        count(*) AS expected,
        count(*) FILTER (WHERE form.state IN ('submitted', 'checked', 'accepted')) AS submitted,
        count(*) FILTER (WHERE form.state = 'accepted') AS accepted,
        count(*) FILTER (WHERE place.kind = 'school') AS schools_expected,
        count(*) FILTER (
            WHERE place.kind = 'school' AND form.state IN ('submitted', 'checked', 'accepted')
        ) AS schools_submitted,
        count(*) FILTER (WHERE place.kind = 'school' AND form.state = 'accepted') AS schools_accepted
    FROM indicators_periodorganisation AS place
    JOIN indicators_submission AS form
        ON form.period_id = %(period)s AND form.organisation_id = place.organisation_id
    WHERE place.period_id = %(period)s AND place.roster_group_id IS NOT NULL
    GROUP BY 1, 2
),
forms_of_towns AS MATERIALIZED (
    SELECT
        members.project_id,
        forms.node_id AS node_id,
        sum(forms.expected) AS expected,
        sum(forms.submitted) AS submitted,
        sum(forms.accepted) AS accepted,
        sum(forms.schools_expected) AS schools_expected,
        sum(forms.schools_submitted) AS schools_submitted,
        sum(forms.schools_accepted) AS schools_accepted
    FROM forms
    JOIN members ON members.rostergroup_id = forms.roster_group_id
    GROUP BY 1, 2
),
forms_of_regions AS MATERIALIZED (
    SELECT
        forms_of_towns.project_id,
        place.parent_id AS node_id,
        sum(forms_of_towns.expected) AS expected,
        sum(forms_of_towns.submitted) AS submitted,
        sum(forms_of_towns.accepted) AS accepted,
        sum(forms_of_towns.schools_expected) AS schools_expected,
        sum(forms_of_towns.schools_submitted) AS schools_submitted,
        sum(forms_of_towns.schools_accepted) AS schools_accepted
    FROM forms_of_towns
    JOIN indicators_periodorganisation AS place
        ON place.period_id = %(period)s AND place.organisation_id = forms_of_towns.node_id
    GROUP BY 1, 2
),
forms_of_country AS MATERIALIZED (
    SELECT
        forms_of_regions.project_id,
        place.parent_id AS node_id,
        sum(forms_of_regions.expected) AS expected,
        sum(forms_of_regions.submitted) AS submitted,
        sum(forms_of_regions.accepted) AS accepted,
        sum(forms_of_regions.schools_expected) AS schools_expected,
        sum(forms_of_regions.schools_submitted) AS schools_submitted,
        sum(forms_of_regions.schools_accepted) AS schools_accepted
    FROM forms_of_regions
    JOIN indicators_periodorganisation AS place
        ON place.period_id = %(period)s AND place.organisation_id = forms_of_regions.node_id
    GROUP BY 1, 2
),
covered AS (
    SELECT
        form.*,
        expected - schools_expected AS colleges_expected,
        submitted - schools_submitted AS colleges_submitted,
        accepted - schools_accepted AS colleges_accepted
    FROM (
        SELECT * FROM forms_of_towns
        UNION ALL
        SELECT * FROM forms_of_regions
        UNION ALL
        SELECT * FROM forms_of_country
    ) AS form
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
