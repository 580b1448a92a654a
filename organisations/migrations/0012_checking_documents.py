"""Attempts to check a document are counted, too."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("organisations", "0011_measures"),
    ]

    operations = [
        migrations.AlterField(
            model_name="attempts",
            name="kind",
            field=models.CharField(
                choices=[
                    ("password", "пароль или код приглашения"),
                    ("second_factor", "второй фактор"),
                    ("letter", "письмо с новым паролем"),
                    ("document", "сверка документа"),
                ],
                max_length=20,
            ),
        ),
    ]
