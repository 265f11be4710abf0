"""A stamped copy names the row of its step: parties may have steps of one key."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("core", "0004_channels")]

    operations = [
        migrations.AddField("stampedcopy", "step_id", models.BigIntegerField(db_index=True, null=True)),
    ]
