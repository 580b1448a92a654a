"""Results measured as indicators are, and figures that the ministry enters itself."""

from decimal import Decimal

import django.contrib.postgres.fields
import django.db.models.deletion
import django.db.models.functions.datetime
import pgtrigger.compiler
import pgtrigger.migrations
from django.conf import settings
from django.db import migrations, models

import indicators.models.fields


class Migration(migrations.Migration):
    dependencies = [
        ("indicators", "0004_acceptances_evidence_and_levels"),
        ("jobs", "0001_initial"),
        ("organisations", "0001_initial"),
        ("pghistory", "0007_auto_20250421_0444"),
        ("projects", "0001_initial"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name="indicator",
            name="result",
            field=models.OneToOneField(
                null=True, on_delete=django.db.models.deletion.PROTECT, related_name="yardstick", to="projects.result"
            ),
        ),
        migrations.CreateModel(
            name="ResultUnit",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("unit", models.CharField(max_length=100, verbose_name="единица")),
                (
                    "result",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to="projects.result"
                    ),
                ),
            ],
            options={
                "verbose_name": "единица результата",
                "verbose_name_plural": "единицы результатов",
            },
        ),
        migrations.CreateModel(
            name="ResultUnitEvent",
            fields=[
                ("pgh_id", models.AutoField(primary_key=True, serialize=False)),
                ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                ("pgh_label", models.TextField(help_text="The event label.")),
                ("id", models.BigIntegerField()),
                ("unit", models.CharField(max_length=100, verbose_name="единица")),
                (
                    "pgh_context",
                    models.ForeignKey(
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="pghistory.context",
                    ),
                ),
                (
                    "pgh_obj",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="events",
                        to="indicators.resultunit",
                    ),
                ),
                (
                    "result",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="projects.result",
                    ),
                ),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="DirectFigure",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "kind",
                    models.CharField(
                        choices=[("actual", "Факт"), ("forecast", "Прогноз")], max_length=10, verbose_name="вид"
                    ),
                ),
                ("year", models.PositiveSmallIntegerField(verbose_name="год")),
                ("number", models.PositiveIntegerField()),
                (
                    "value",
                    indicators.models.fields.ExactDecimalField(
                        decimal_places=12, max_digits=38, null=True, verbose_name="значение"
                    ),
                ),
                ("as_of", models.DateField(null=True, verbose_name="на какую дату")),
                ("reason", models.TextField(verbose_name="основание")),
                ("entered_at", models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                (
                    "entered_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "file",
                    models.OneToOneField(
                        null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="jobs.storedfile"
                    ),
                ),
                (
                    "indicator",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="direct_figures",
                        to="indicators.indicator",
                    ),
                ),
                (
                    "organisation",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="organisations.organisation"
                    ),
                ),
            ],
            options={
                "verbose_name": "внесённое значение",
                "verbose_name_plural": "внесённые значения",
                "ordering": ["indicator", "organisation", "year", "kind", "number"],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("indicator", "organisation", "year", "kind", "number"), name="direct_figure_once"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("kind__in", ["actual", "forecast"])), name="direct_figure_kind"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("value__gt", Decimal(-1000000000000000000)),
                                ("value__lt", Decimal(1000000000000000000)),
                            ),
                            ("value", None),
                            _connector="OR",
                        ),
                        name="direct_figure_bounds",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("number__gte", 1), ("year__range", (1990, 2199)), models.Q(("reason", ""), _negated=True)
                        ),
                        name="direct_figure_told",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("as_of", None), ("as_of__year", models.F("year")), _connector="OR"),
                        name="direct_figure_as_of",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("as_of", None), ("kind", "forecast")),
                            ("value", None),
                            models.Q(("as_of__isnull", False), ("file__isnull", False), ("kind", "actual")),
                            _connector="OR",
                        ),
                        name="direct_figure_has_evidence",
                    ),
                ],
            },
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="directfigure",
            trigger=pgtrigger.compiler.Trigger(
                name="append_only",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                    hash="2a154bfce9e6da3f37427c6fb8fb954c4e7b2ddf",
                    operation="UPDATE OR DELETE",
                    pgid="pgtrigger_append_only_595bc",
                    table="indicators_directfigure",
                    when="BEFORE",
                ),
            ),
        ),
        migrations.AddConstraint(
            model_name="resultunit",
            constraint=models.CheckConstraint(condition=models.Q(("unit", ""), _negated=True), name="result_unit_said"),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="resultunit",
            trigger=pgtrigger.compiler.Trigger(
                name="insert_insert",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='INSERT INTO "indicators_resultunitevent" ("id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "result_id", "unit") VALUES (NEW."id", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."result_id", NEW."unit"); RETURN NULL;',
                    hash="44cf875d948fecd161e3210c90f667320805a1b8",
                    operation="INSERT",
                    pgid="pgtrigger_insert_insert_0ab09",
                    table="indicators_resultunit",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="resultunit",
            trigger=pgtrigger.compiler.Trigger(
                name="update_update",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition="WHEN (OLD.* IS DISTINCT FROM NEW.*)",
                    func='INSERT INTO "indicators_resultunitevent" ("id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "result_id", "unit") VALUES (NEW."id", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."result_id", NEW."unit"); RETURN NULL;',
                    hash="99a45e94af35dfed237616aa34ee28a722021dc0",
                    operation="UPDATE",
                    pgid="pgtrigger_update_update_012af",
                    table="indicators_resultunit",
                    when="AFTER",
                ),
            ),
        ),
    ]
