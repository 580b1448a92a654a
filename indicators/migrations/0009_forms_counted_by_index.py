"""Let completeness count the forms of a country by their index alone."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("indicators", "0008_anomalies")]

    operations = [
        migrations.RemoveConstraint(model_name="submission", name="submission_once"),
        migrations.AddConstraint(
            model_name="submission",
            constraint=models.UniqueConstraint(
                fields=("period", "organisation"), include=("state", "late"), name="submission_once"
            ),
        ),
    ]
