"""Who applies is said by a column of its own: a unit from outside may, and a college named later is no applicant."""

import json

from django.db import migrations, models


def say_who_applied(apps, schema_editor):
    apps.get_model("applications", "Application").objects.filter(college=None).update(filed_by="university")


def say_who_may_apply(apps, schema_editor):
    calls = apps.get_model("applications", "Call")
    takes = []
    for call in calls.objects.select_related("regulation_version").iterator():
        tracks = (json.loads(call.regulation_version.content).get("apply") or {}).get("tracks") or []
        if any("partner" in (track.get("applicant") or ()) for track in tracks):
            takes.append(call.pk)
    calls.objects.filter(pk__in=takes).update(takes_partners=True)


def say_who_comes_first(apps, schema_editor):
    applications = apps.get_model("applications", "Application")
    for application in applications.objects.filter(state__in=("recommending", "reviewing", "deciding")).iterator():
        if application.priority:
            applications.objects.filter(pk=application.pk).update(precedence=len(application.priority))


class Migration(migrations.Migration):
    dependencies = [("applications", "0005_state_words"), ("regulations", "0001_initial")]

    operations = [
        migrations.AddField(
            model_name="application",
            name="filed_by",
            field=models.CharField(default="college", max_length=12, verbose_name="申报方"),
        ),
        migrations.AddField(
            model_name="application",
            name="precedence",
            field=models.PositiveSmallIntegerField(default=0),
        ),
        migrations.AddField(
            model_name="call",
            name="takes_partners",
            field=models.BooleanField(default=False),
        ),
        migrations.RunPython(say_who_applied, migrations.RunPython.noop),
        migrations.RunPython(say_who_comes_first, migrations.RunPython.noop),
        migrations.RunPython(say_who_may_apply, migrations.RunPython.noop),
    ]
