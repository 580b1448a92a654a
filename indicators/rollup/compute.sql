-- The roll-up of one period: accepted facts -> the node they hang on -> level by level up the tree -> formulas, in one
-- statement. It computes the nodes that it is given: all of a period, or those above what has changed.
--
-- It is a cascade, because the millions of facts are read once, by the covering index fact_once, and everything
-- after `leaves` works on a few sums for each node. GROUPING SETS over the facts takes four times as long.
-- What is carried up is not a value but its parts (total, reporters, weight, least, greatest), so an average at the
-- region is taken from the leaves and never from averages. The parts of each node are kept: when one organisation
-- changes, the nodes above it are folded from their children anew, and the children beside it are read as kept.
--
-- Facts are summed within a roster group first (the organisations that report for exactly the same projects), and
-- only the sums are handed to the group's projects: a figure that ten projects share is still read once.
--
-- Only forms accepted in this very period count, so that the coverage names exactly the organisations that made the
-- number: an accepted form is what makes a fact, and a sum over the year takes the organisations of this period, each
-- only for what its kind is asked in this period. So the facts of a formula come from the kinds that it concerns, and
-- only its coverage has to be told by kind.
--
-- Two kinds of row travel together from `leaves` on: a figure (base_indicator_id is set) and the coverage of one kind
-- of organisation (kind is set). Lists of base indicators come as parameters, one for each rule over time, so that
-- every rule is an index condition. indicators.rollup.statement puts in what stands in slashes and stars: one WHEN for
-- each formula, the levels of the tree (level.sql), and, where not all nodes are computed, the conditions that leave
-- out other organisations and the neighbours that did not change (beside.sql). `narrowed` drops what an organisation
-- reported earlier in the year and is not asked any more, for want of the kind.
WITH
nodes AS MATERIALIZED (
    SELECT organisation_id AS node_id, parent_id, path, depth
    FROM indicators_periodorganisation
    WHERE period_id = %(period)s AND organisation_id = ANY (%(nodes)s)
),

folded AS /* not */ MATERIALIZED (
    -- Snapshot and cumulative: what this period says.
    SELECT fact.organisation_id, fact.base_indicator_id, fact.value
    FROM indicators_fact AS fact
    WHERE fact.period_id = %(period)s AND fact.base_indicator_id = ANY (%(latest)s) /* facts of these */
    UNION ALL
    -- Flow and average: one organisation's year so far. Summed before it is joined, because a year has twelve facts for
    -- one sum, and what the joins ask concerns the organisation and the base indicator alone.
    SELECT
        year.organisation_id,
        year.base_indicator_id,
        CASE WHEN year.base_indicator_id = ANY (%(flows)s) THEN year.total ELSE /* divide */ END
    FROM (
        SELECT fact.organisation_id, fact.base_indicator_id, sum(fact.value) AS total, count(*) AS periods
        FROM indicators_fact AS fact
        WHERE fact.period_id = ANY (%(year_so_far)s) AND fact.base_indicator_id = ANY (%(over_periods)s)
            /* facts of these */
        GROUP BY fact.organisation_id, fact.base_indicator_id
    ) AS year
    JOIN indicators_submission AS form
        ON form.period_id = %(period)s AND form.organisation_id = year.organisation_id AND form.state = 'accepted'
    /* narrowed */
),

/* neighbours */

leaves AS MATERIALIZED (
    SELECT
        place.parent_id AS node_id,
        place.roster_group_id,
        folded.base_indicator_id,
        NULL::varchar AS kind,
        sum(folded.value) AS total,
        count(*) AS reporters,
        NULL::numeric AS weight,
        min(folded.value) AS least,
        max(folded.value) AS greatest,
        NULL::bigint AS expected,
        NULL::bigint AS submitted,
        NULL::bigint AS accepted
    FROM folded
    JOIN indicators_periodorganisation AS place
        ON place.period_id = %(period)s AND place.organisation_id = folded.organisation_id /* places of these */
    WHERE folded.base_indicator_id <> ALL (%(weighted)s)
    GROUP BY place.parent_id, place.roster_group_id, folded.base_indicator_id
    UNION ALL
    SELECT
        place.parent_id,
        place.roster_group_id,
        folded.base_indicator_id,
        NULL,
        sum(folded.value * by.value),
        count(*),
        sum(by.value),
        NULL,
        NULL,
        NULL,
        NULL,
        NULL
    FROM folded
    JOIN indicators_question AS question
        ON question.period_id = %(period)s AND question.base_indicator_id = folded.base_indicator_id
    JOIN folded AS by
        ON by.organisation_id = folded.organisation_id
        AND by.base_indicator_id = question.weight_id
        AND by.base_indicator_id = ANY (%(weights)s)
    JOIN indicators_periodorganisation AS place
        ON place.period_id = %(period)s AND place.organisation_id = folded.organisation_id /* places of these */
    WHERE folded.base_indicator_id = ANY (%(weighted)s)
    GROUP BY place.parent_id, place.roster_group_id, folded.base_indicator_id
    UNION ALL
    SELECT
        place.parent_id,
        place.roster_group_id,
        NULL,
        place.kind,
        NULL,
        NULL,
        NULL,
        NULL,
        NULL,
        count(*),
        count(*) FILTER (WHERE form.state IN ('submitted', 'checked', 'accepted')),
        count(*) FILTER (WHERE form.state = 'accepted')
    FROM indicators_periodorganisation AS place
    JOIN indicators_submission AS form
        ON form.period_id = %(period)s AND form.organisation_id = place.organisation_id
    WHERE place.period_id = %(period)s AND place.roster_group_id IS NOT NULL /* forms of these */
    GROUP BY place.parent_id, place.roster_group_id, place.kind
    /* beside */
),

/* levels */,

members AS MATERIALIZED (
    SELECT link.rostergroup_id AS roster_group_id, member.id AS member_id, nodes.node_id
    FROM nodes
    JOIN indicators_periodproject AS member
        ON member.period_id = %(period)s AND starts_with(nodes.path, member.territory_path)
    JOIN indicators_rostergroup_projects AS link ON link.periodproject_id = member.id
),

asked AS MATERIALIZED (
    SELECT
        measurement.id AS measurement_id,
        measurement.project_id AS member_id,
        question.base_indicator_id,
        question.code,
        question.over_organisations
    FROM indicators_measurement AS measurement
    JOIN indicators_measurement_operands AS operand ON operand.measurement_id = measurement.id
    JOIN indicators_question AS question ON question.id = operand.question_id
    WHERE measurement.period_id = %(period)s AND question.period_id = %(period)s
),

-- What each formula is given at each node: a row for each operand that somebody reported, and one with the coverage.
-- They are stacked and grouped, not joined: the planner cannot guess how many there are and would loop over them.
operands AS (
    SELECT
        asked.measurement_id,
        parts.node_id,
        asked.code,
        CASE asked.over_organisations
            WHEN 'average' THEN /* average */
            WHEN 'weighted_average' THEN /* weighted */
            WHEN 'minimum' THEN min(parts.least)
            WHEN 'maximum' THEN max(parts.greatest)
            ELSE sum(parts.total)
        END AS value,
        NULL::numeric AS expected,
        NULL::numeric AS submitted,
        NULL::numeric AS accepted
    FROM asked
    JOIN parts ON parts.base_indicator_id = asked.base_indicator_id
    JOIN members
        ON members.member_id = asked.member_id
        AND members.node_id = parts.node_id
        AND members.roster_group_id = parts.roster_group_id
    GROUP BY asked.measurement_id, parts.node_id, asked.code, asked.over_organisations
    UNION ALL
    SELECT
        measurement.id,
        parts.node_id,
        NULL,
        NULL,
        sum(parts.expected),
        sum(parts.submitted),
        sum(parts.accepted)
    FROM parts
    JOIN members ON members.node_id = parts.node_id AND members.roster_group_id = parts.roster_group_id
    JOIN indicators_measurement AS measurement
        ON measurement.project_id = members.member_id
        AND (measurement.kinds = '{}' OR parts.kind = ANY (measurement.kinds))
    WHERE parts.kind IS NOT NULL
    GROUP BY measurement.id, parts.node_id
),

-- Decimals travel in JSON as text. An operand that nobody reported is absent, hence NULL in the formula, and not 0.
given AS (
    SELECT
        measurement_id,
        node_id,
        coalesce(jsonb_object_agg(code, trim_scale(value)::text) FILTER (WHERE value IS NOT NULL), '{}') AS operands,
        max(expected)::integer AS expected,
        max(submitted)::integer AS submitted,
        max(accepted)::integer AS accepted
    FROM operands
    GROUP BY measurement_id, node_id
),

computed AS MATERIALIZED (
    SELECT
        measurement.indicator_id,
        given.node_id,
        CASE given.measurement_id /* formulas */ END AS value,
        given.operands,
        given.expected,
        given.submitted,
        given.accepted
    FROM given
    JOIN indicators_measurement AS measurement ON measurement.id = given.measurement_id
),

packed AS MATERIALIZED (
    SELECT
        node_id,
        roster_group_id,
        coalesce(array_agg(base_indicator_id) FILTER (WHERE kind IS NULL), '{}') AS base_indicators,
        coalesce(array_agg(total) FILTER (WHERE kind IS NULL), '{}') AS total,
        coalesce(array_agg(reporters) FILTER (WHERE kind IS NULL), '{}') AS reporters,
        coalesce(array_agg(weight) FILTER (WHERE kind IS NULL), '{}') AS weight,
        coalesce(array_agg(least) FILTER (WHERE kind IS NULL), '{}') AS least,
        coalesce(array_agg(greatest) FILTER (WHERE kind IS NULL), '{}') AS greatest,
        coalesce(array_agg(kind) FILTER (WHERE kind IS NOT NULL), '{}') AS kinds,
        coalesce(array_agg(expected) FILTER (WHERE kind IS NOT NULL), '{}') AS expected,
        coalesce(array_agg(submitted) FILTER (WHERE kind IS NOT NULL), '{}') AS submitted,
        coalesce(array_agg(accepted) FILTER (WHERE kind IS NOT NULL), '{}') AS accepted
    FROM (SELECT * FROM parts ORDER BY node_id, roster_group_id, base_indicator_id, kind) AS ordered
    GROUP BY node_id, roster_group_id
)
