"""Requests made before the portal kept what they were begun from: the redaction that was in force on that day."""

from django.db import migrations
from django.db.models import OuterRef, Subquery


def find_bases(apps, schema_editor):
    redactions = apps.get_model("projects", "Redaction").objects
    before = redactions.filter(project=OuterRef("project"), approved_at__lt=OuterRef("created_at"))
    requests = apps.get_model("projects", "ChangeRequest").objects
    requests.update(base=Subquery(before.order_by("-number").values("pk")[:1]))


class Migration(migrations.Migration):
    dependencies = [("projects", "0002_base_of_a_change_request")]

    operations = [migrations.RunPython(find_bases, migrations.RunPython.noop)]
