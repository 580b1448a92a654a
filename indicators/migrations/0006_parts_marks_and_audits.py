"""Parts that totals are folded from, marks of what changed, audits of the roll-up."""

import django.contrib.postgres.fields
import django.db.models.deletion
import django.db.models.functions.datetime
from django.db import migrations, models

from indicators.models.fields import ExactDecimalField


def numbers(**more):
    return django.contrib.postgres.fields.ArrayField(
        base_field=ExactDecimalField(decimal_places=12, max_digits=38, **more), size=None
    )


def counts():
    return django.contrib.postgres.fields.ArrayField(base_field=models.BigIntegerField(), size=None)


def points_at(model, on_delete):
    return models.ForeignKey(db_index=False, on_delete=on_delete, related_name="+", to=model)


class Migration(migrations.Migration):
    dependencies = [
        ("indicators", "0005_results_and_direct_figures"),
        ("organisations", "0001_initial"),
    ]

    operations = [
        migrations.CreateModel(
            name="RollUpAudit",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("started_at", models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                ("finished_at", models.DateTimeField(null=True)),
                ("periods", models.PositiveIntegerField(default=0)),
                ("compared", models.PositiveBigIntegerField(default=0)),
                ("differences", models.PositiveIntegerField(default=0)),
                ("listed", models.JSONField(default=list)),
            ],
            options={
                "verbose_name": "сверка сводов",
                "verbose_name_plural": "сверки сводов",
                "ordering": ["-started_at", "-id"],
            },
        ),
        migrations.CreateModel(
            name="RollUpMark",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("period_id", models.BigIntegerField()),
                ("organisation_id", models.BigIntegerField(null=True)),
                ("made_at", models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
            ],
            options={
                "indexes": [models.Index(fields=["period_id"], name="roll_up_mark_period")],
            },
        ),
        migrations.CreateModel(
            name="NodeParts",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("period", points_at("indicators.reportingperiod", django.db.models.deletion.CASCADE)),
                ("organisation", points_at("organisations.organisation", django.db.models.deletion.PROTECT)),
                ("roster_group", points_at("indicators.rostergroup", django.db.models.deletion.CASCADE)),
                ("base_indicators", counts()),
                ("total", numbers()),
                ("reporters", counts()),
                ("weight", numbers(null=True)),
                ("least", numbers(null=True)),
                ("greatest", numbers(null=True)),
                (
                    "kinds",
                    django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=20), size=None),
                ),
                ("expected", counts()),
                ("submitted", counts()),
                ("accepted", counts()),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("period", "organisation", "roster_group"), name="node_parts_once")
                ],
            },
        ),
    ]
