from django.db import migrations

from core import triggers


def install(apps, schema_editor):
    triggers.install(schema_editor.connection, triggers.APPEND_ONLY)


def remove(apps, schema_editor):
    triggers.remove(schema_editor.connection, triggers.APPEND_ONLY)


class Migration(migrations.Migration):
    """The logs refuse change and deletion in the database itself."""

    dependencies = [("core", "0001_initial")]
    operations = [migrations.RunPython(install, remove)]
