from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("casework", "0009_reasons_whole")]

    operations = [
        migrations.RenameField("effect", "target_kind", "case_kind"),
        migrations.RenameField("effect", "target_id", "case_id"),
        migrations.AddField(
            "record", "case_kind", models.CharField(max_length=30, default="recognition"), preserve_default=False
        ),
        migrations.AddField("record", "case_id", models.BigIntegerField(default=0), preserve_default=False),
    ]
