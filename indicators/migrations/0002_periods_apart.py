"""What models cannot say: periods of one kind never overlap."""

from django.db import migrations

# The embedded server has no btree_gist, so kind and days become one range of numbers: each kind has its own stretch of
# ten million days, and periods overlap only within one.
PERIODS_APART = """
ALTER TABLE indicators_reportingperiod ADD CONSTRAINT period_no_overlap EXCLUDE USING gist (
    int8range(
        array_position(ARRAY['month', 'quarter', 'half_year', 'nine_months', 'year'], kind::text) * 10000000
            + ("start" - DATE '1900-01-01'),
        array_position(ARRAY['month', 'quarter', 'half_year', 'nine_months', 'year'], kind::text) * 10000000
            + ("end" - DATE '1900-01-01'),
        '[]'
    ) WITH &&
);
"""


class Migration(migrations.Migration):
    dependencies = [("indicators", "0001_initial")]

    operations = [
        migrations.RunSQL(PERIODS_APART, "ALTER TABLE indicators_reportingperiod DROP CONSTRAINT period_no_overlap;"),
    ]
