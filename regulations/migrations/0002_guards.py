"""The database refuses changes of published versions and of local settings."""

from django.db import migrations

from regulations import triggers


def put_on(apps, schema_editor) -> None:
    triggers.install(schema_editor.connection)


def take_off(apps, schema_editor) -> None:
    triggers.remove(schema_editor.connection)


class Migration(migrations.Migration):
    dependencies = [("regulations", "0001_initial")]
    operations = [migrations.RunPython(put_on, take_off)]
