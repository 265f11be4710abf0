"""Stamped copies that are there already get the row of their step: the one of their key that belongs to the uploader's unit,
else the only one that there is."""

from django.db import migrations


def tie(apps, schema_editor):
    copies = apps.get_model("core", "StampedCopy").objects.exclude(step_key="").filter(step_id=None)
    steps, members = apps.get_model("casework", "Step").objects, apps.get_model("tenants", "Membership").objects
    for copy in copies.select_related("paper").iterator():
        paper = copy.paper
        rows = steps.filter(case_kind=paper.case_kind, case_id=paper.case_id, key=copy.step_key)
        units = members.filter(pk=copy.uploader_membership_id).values("organisation_id")
        own = rows.filter(unit_id__in=units).order_by("-round", "-pk").first()
        if own is None and rows.values("unit_id").distinct().count() == 1:
            own = rows.order_by("-round", "-pk").first()
        if own is not None:
            copy.step_id = own.pk
            copy.save(update_fields=["step_id"])


class Migration(migrations.Migration):
    dependencies = [
        ("casework", "0010_parcels"),
        ("core", "0005_stamped_copy_of_a_row"),
        ("tenants", "0006_where_papers_are_sent"),
    ]

    operations = [migrations.RunPython(tie, migrations.RunPython.noop)]
