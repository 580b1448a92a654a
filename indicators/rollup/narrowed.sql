    JOIN indicators_periodorganisation AS now
        ON now.period_id = %(period)s AND now.organisation_id = year.organisation_id
    JOIN indicators_question AS asked_now
        ON asked_now.period_id = %(period)s AND asked_now.base_indicator_id = year.base_indicator_id
        AND (asked_now.kinds = '{}' OR now.kind = ANY (asked_now.kinds))
