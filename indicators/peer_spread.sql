-- How the answers to each question of a period lie in the forms handed in by organisations of each kind.
--
-- percentile_disc and not percentile_cont: it returns an answer that somebody gave, exactly, and not a float between
-- two; the three of them in one array share one sort. Yes/no has no middle half.
WITH spread AS (
    SELECT
        answer.question_id,
        place.kind,
        count(*) AS answers,
        percentile_disc(ARRAY[0.25, 0.5, 0.75]) WITHIN GROUP (ORDER BY answer.value) AS quartiles
    FROM indicators_submission AS form
    JOIN indicators_periodorganisation AS place
        ON place.period_id = form.period_id AND place.organisation_id = form.organisation_id
    JOIN indicators_answer AS answer ON answer.submission_id = form.id
    JOIN indicators_question AS question ON question.id = answer.question_id
    WHERE form.period_id = %(period)s
        AND form.state IN ('submitted', 'checked', 'accepted')
        AND answer.value IS NOT NULL
        AND question.kind <> 'boolean'
    GROUP BY answer.question_id, place.kind
)

INSERT INTO indicators_peerspread AS kept (question_id, kind, count, lower, median, upper)
SELECT question_id, kind, answers, quartiles[1], quartiles[2], quartiles[3]
FROM spread
ON CONFLICT (question_id, kind) DO UPDATE SET
    count = excluded.count,
    lower = excluded.lower,
    median = excluded.median,
    upper = excluded.upper
