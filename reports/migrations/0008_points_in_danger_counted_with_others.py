from typing import ClassVar

from django.db import migrations


class Migration(migrations.Migration):
    """They are counted together with all the other parts of a project, and nobody asks for them alone."""

    dependencies: ClassVar = [("reports", "0007_points_in_danger")]

    operations: ClassVar = [migrations.RemoveIndex(model_name="partstate", name="part_state_threatened")]
