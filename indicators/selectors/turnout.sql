-- Who handed in, by the node right above the organisation and by period. Places are those frozen when the period was
-- opened. Over a whole tree both tables are read by their unique indexes alone (see the columns that these include),
-- which come in one order: hence no other column of «form» and «place» here. Plain comparisons, one for a state: with
-- lists of states the counting takes twice as long.
SELECT place.parent_id, form.period_id,
    count(*) AS expected,
    count(*) FILTER (WHERE form.state = 'submitted') AS submitted,
    count(*) FILTER (WHERE form.state = 'checked') AS passed,
    count(*) FILTER (WHERE form.state = 'accepted') AS accepted,
    count(*) FILTER (WHERE form.state = 'draft') AS missing,
    count(*) FILTER (WHERE form.late AND form.state <> 'returned' AND form.state <> 'reopened') AS late
FROM indicators_submission AS form
JOIN indicators_periodorganisation AS place USING (period_id, organisation_id)
WHERE form.period_id = ANY (%(periods)s) /* narrowed */
GROUP BY place.parent_id, form.period_id
