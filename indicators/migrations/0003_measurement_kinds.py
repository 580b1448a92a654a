"""The kinds of organisation that a measurement concerns, for periods that are open already as well."""

import django.contrib.postgres.fields
import pgtrigger
from django.db import migrations, models

KINDS = [
    ("region", "Регион"),
    ("municipality", "Муниципальное образование"),
    ("school", "Школа"),
    ("kindergarten", "Детский сад"),
    ("college", "Колледж"),
    ("centre", "Центр"),
]


def freeze_kinds(apps, schema_editor):
    """What opening the period would have frozen follows from its questions, which were; then let totals be made anew.

    The one change ever made to frozen rows: it completes them. The sweep of the outbox finds the jobs.
    """
    periods = set()
    with pgtrigger.ignore("indicators.Measurement:frozen"):
        for row in apps.get_model("indicators", "Measurement").objects.prefetch_related("operands"):
            asked = [question.kinds for question in row.operands.all()]
            if asked and all(asked):
                row.kinds = sorted({kind for kinds in asked for kind in kinds})
                row.save(update_fields=["kinds"])
                periods.add(row.period_id)
    job = apps.get_model("jobs", "Job")
    job.objects.bulk_create(
        [
            job(
                handler="indicators.roll_up",
                arguments={"period_id": pk},
                title="Свод: показатели по видам организаций",
                key=f"period:{pk}",
            )
            for pk in sorted(periods)
        ],
        ignore_conflicts=True,
    )


class Migration(migrations.Migration):
    dependencies = [
        ("indicators", "0002_periods_apart"),
        ("organisations", "0001_initial"),
        ("jobs", "0001_initial"),
    ]

    operations = [
        migrations.RemoveConstraint(model_name="periodorganisation", name="period_organisation_once"),
        migrations.AddField(
            model_name="measurement",
            name="kinds",
            field=django.contrib.postgres.fields.ArrayField(
                base_field=models.CharField(choices=KINDS, max_length=20), default=list, size=None
            ),
        ),
        migrations.AddConstraint(
            model_name="periodorganisation",
            constraint=models.UniqueConstraint(
                fields=("period", "organisation"),
                include=("parent", "roster_group", "kind"),
                name="period_organisation_once",
            ),
        ),
        migrations.RunPython(freeze_kinds, migrations.RunPython.noop),
    ]
