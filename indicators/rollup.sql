-- The roll-up of one period: accepted facts -> municipalities -> region -> formulas, in one statement.
--
-- It is a cascade, because the millions of facts are read once, by the covering index fact_once, and everything
-- after `leaves` works on a few sums for each municipality. GROUPING SETS over the facts takes four times as long.
-- What is carried up is not a value but its parts (total, reporters, weight, least, greatest), so an average at the
-- region is taken from the leaves and never from averages.
--
-- Facts are summed within a roster group first (the organisations that report for exactly the same projects), and
-- only the sums are handed to the group's projects: a figure that ten projects share is still read once.
--
-- Only forms accepted in this very period count, so that the coverage names exactly the organisations that made the
-- number: an accepted form is what makes a fact, and a sum over the year takes the organisations of this period, each
-- only for what its kind is asked in this period. So the facts of a formula come from the kinds that it concerns, and
-- only its coverage has to be told by kind.
--
-- Lists of base indicators come as parameters, one for each rule over time, so that every rule is an index condition.
-- `formulas` is replaced by one WHEN for each measurement (indicators.formulas.to_sql), `narrowed`, where there is such,
-- by the condition that drops what a kind of organisation reported earlier in the year and is not asked any more.
WITH
folded AS NOT MATERIALIZED (
    -- Snapshot and cumulative: what this period says.
    SELECT fact.organisation_id, fact.base_indicator_id, fact.value
    FROM indicators_fact AS fact
    WHERE fact.period_id = %(period)s AND fact.base_indicator_id = ANY (%(latest)s)
    UNION ALL
    -- Flow and average: one organisation's year so far.
    SELECT
        fact.organisation_id,
        fact.base_indicator_id,
        CASE WHEN fact.base_indicator_id = ANY (%(flows)s) THEN sum(fact.value) ELSE /* divide */ END
    FROM indicators_fact AS fact
    JOIN indicators_submission AS form
        ON form.period_id = %(period)s AND form.organisation_id = fact.organisation_id AND form.state = 'accepted'
    WHERE fact.period_id = ANY (%(year_so_far)s) AND fact.base_indicator_id = ANY (%(over_periods)s) /* narrowed */
    GROUP BY fact.organisation_id, fact.base_indicator_id
),

leaves AS MATERIALIZED (
    SELECT
        place.parent_id AS node_id,
        place.roster_group_id,
        folded.base_indicator_id,
        sum(folded.value) AS total,
        count(*) AS reporters,
        min(folded.value) AS least,
        max(folded.value) AS greatest,
        NULL::numeric AS weight
    FROM folded
    JOIN indicators_periodorganisation AS place
        ON place.period_id = %(period)s AND place.organisation_id = folded.organisation_id
    WHERE folded.base_indicator_id <> ALL (%(weighted)s)
    GROUP BY place.parent_id, place.roster_group_id, folded.base_indicator_id
    UNION ALL
    SELECT
        place.parent_id,
        place.roster_group_id,
        folded.base_indicator_id,
        sum(folded.value * by.value),
        count(*),
        NULL,
        NULL,
        sum(by.value)
    FROM folded
    JOIN indicators_question AS question
        ON question.period_id = %(period)s AND question.base_indicator_id = folded.base_indicator_id
    JOIN folded AS by
        ON by.organisation_id = folded.organisation_id
        AND by.base_indicator_id = question.weight_id
        AND by.base_indicator_id = ANY (%(weights)s)
    JOIN indicators_periodorganisation AS place
        ON place.period_id = %(period)s AND place.organisation_id = folded.organisation_id
    WHERE folded.base_indicator_id = ANY (%(weighted)s)
    GROUP BY place.parent_id, place.roster_group_id, folded.base_indicator_id
),

forms AS MATERIALIZED (
    SELECT
        place.parent_id AS node_id,
        place.roster_group_id,
        place.kind,
        count(*) AS expected,
        count(*) FILTER (WHERE form.state IN ('submitted', 'accepted')) AS submitted,
        count(*) FILTER (WHERE form.state = 'accepted') AS accepted
    FROM indicators_periodorganisation AS place
    JOIN indicators_submission AS form
        ON form.period_id = %(period)s AND form.organisation_id = place.organisation_id
    WHERE place.period_id = %(period)s AND place.roster_group_id IS NOT NULL
    GROUP BY place.parent_id, place.roster_group_id, place.kind
),

-- For every node that organisations hang on: the node itself and those above it, up to the territory of each project.
upwards AS MATERIALIZED (
    SELECT
        member.id AS member_id,
        link.rostergroup_id AS roster_group_id,
        below.organisation_id AS below_id,
        node.organisation_id AS node_id
    FROM (SELECT DISTINCT node_id FROM forms) AS parent
    JOIN indicators_periodorganisation AS below
        ON below.period_id = %(period)s AND below.organisation_id = parent.node_id
    CROSS JOIN LATERAL unnest(string_to_array(rtrim(below.path, '.'), '.')::bigint[]) AS step (organisation_id)
    JOIN indicators_periodorganisation AS node
        ON node.period_id = %(period)s AND node.organisation_id = step.organisation_id
    JOIN indicators_periodproject AS member
        ON member.period_id = %(period)s AND starts_with(node.path, member.territory_path)
    JOIN indicators_rostergroup_projects AS link ON link.periodproject_id = member.id
),

totals AS (
    SELECT
        upwards.member_id,
        upwards.node_id,
        leaves.base_indicator_id,
        sum(leaves.total) AS total,
        sum(leaves.reporters) AS reporters,
        min(leaves.least) AS least,
        max(leaves.greatest) AS greatest,
        sum(leaves.weight) AS weight
    FROM leaves
    JOIN upwards ON upwards.below_id = leaves.node_id AND upwards.roster_group_id = leaves.roster_group_id
    GROUP BY upwards.member_id, upwards.node_id, leaves.base_indicator_id
),

-- What each formula is given at each node: a row for each operand that somebody reported, and one with the coverage.
-- They are stacked and grouped, not joined: the planner cannot guess how many there are and would loop over them.
parts AS (
    SELECT
        measurement.id AS measurement_id,
        totals.node_id,
        question.code,
        CASE question.over_organisations
            WHEN 'average' THEN /* average */
            WHEN 'weighted_average' THEN /* weighted */
            WHEN 'minimum' THEN totals.least
            WHEN 'maximum' THEN totals.greatest
            ELSE totals.total
        END AS value,
        NULL::bigint AS expected,
        NULL::bigint AS submitted,
        NULL::bigint AS accepted
    FROM totals
    JOIN indicators_question AS question
        ON question.period_id = %(period)s AND question.base_indicator_id = totals.base_indicator_id
    JOIN indicators_measurement_operands AS operand ON operand.question_id = question.id
    JOIN indicators_measurement AS measurement
        ON measurement.id = operand.measurement_id AND measurement.project_id = totals.member_id
    UNION ALL
    SELECT
        measurement.id,
        upwards.node_id,
        NULL,
        NULL,
        sum(forms.expected),
        sum(forms.submitted),
        sum(forms.accepted)
    FROM forms
    JOIN upwards ON upwards.below_id = forms.node_id AND upwards.roster_group_id = forms.roster_group_id
    JOIN indicators_measurement AS measurement
        ON measurement.project_id = upwards.member_id
        AND (measurement.kinds = '{}' OR forms.kind = ANY (measurement.kinds))
    GROUP BY measurement.id, upwards.node_id
),

-- Decimals travel in JSON as text. An operand that nobody reported is absent, hence NULL in the formula, and not 0.
given AS (
    SELECT
        measurement_id,
        node_id,
        coalesce(jsonb_object_agg(code, trim_scale(value)::text) FILTER (WHERE value IS NOT NULL), '{}') AS operands,
        max(expected) AS expected,
        max(submitted) AS submitted,
        max(accepted) AS accepted
    FROM parts
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

written AS (
    INSERT INTO indicators_rolledupvalue AS kept
        (period_id, indicator_id, organisation_id, value, operands, expected, submitted, accepted)
    SELECT %(period)s, indicator_id, node_id, value, operands, expected, submitted, accepted
    FROM computed
    ON CONFLICT (period_id, indicator_id, organisation_id) DO UPDATE SET
        value = excluded.value,
        operands = excluded.operands,
        expected = excluded.expected,
        submitted = excluded.submitted,
        accepted = excluded.accepted,
        computed_at = excluded.computed_at
    WHERE (kept.value, kept.operands, kept.expected, kept.submitted, kept.accepted)
        IS DISTINCT FROM
        (excluded.value, excluded.operands, excluded.expected, excluded.submitted, excluded.accepted)
    RETURNING 1
),

gone AS (
    DELETE FROM indicators_rolledupvalue AS kept
    WHERE kept.period_id = %(period)s
        AND (kept.indicator_id, kept.organisation_id) NOT IN (SELECT indicator_id, node_id FROM computed)
    RETURNING 1
)

SELECT (SELECT count(*) FROM written) + (SELECT count(*) FROM gone)
