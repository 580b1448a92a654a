"""Projects that were approved before take their curator and head from the redaction in force."""

from django.db import migrations

FILL = """
UPDATE projects_project AS project
SET curator = coalesce(redaction.document -> 'curator' ->> 'name', ''),
    head = coalesce(redaction.document -> 'head' ->> 'name', '')
FROM (SELECT DISTINCT ON (project_id) project_id, document FROM projects_redaction ORDER BY project_id, number DESC)
     AS redaction
WHERE redaction.project_id = project.id
"""


class Migration(migrations.Migration):
    dependencies = [("projects", "0005_people_of_a_project")]

    operations = [migrations.RunSQL(FILL, migrations.RunSQL.noop)]
