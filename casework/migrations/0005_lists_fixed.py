"""A list that stays inside the house is fixed, not published: it gets a state of its own."""

import django_fsm
from django.db import migrations


def fix(apps, schema_editor):
    """Those that were called published until now. When it was done stands in their log."""
    lists = apps.get_model("casework", "CaseList").objects
    lists.filter(kind="preliminary", state="published").update(state="fixed", published_on=None)


class Migration(migrations.Migration):
    dependencies = [
        ("casework", "0004_copies"),
    ]

    operations = [
        migrations.AlterField(
            model_name="caselist",
            name="state",
            field=django_fsm.FSMField(
                choices=[
                    ("prepared", "拟定中"),
                    ("publicised", "公示中"),
                    ("sent", "已报送"),
                    ("fixed", "已确定"),
                    ("published", "已公布"),
                ],
                default="prepared",
                max_length=50,
                protected=True,
                verbose_name="状态",
            ),
        ),
        migrations.RunPython(fix, migrations.RunPython.noop),
    ]
