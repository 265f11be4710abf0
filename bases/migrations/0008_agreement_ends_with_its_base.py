from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("bases", "0007_office")]

    operations = [
        migrations.AlterField(
            model_name="agreement",
            name="end_code",
            field=models.CharField(
                blank=True,
                choices=[
                    ("mutual", "双方协商终止"),
                    ("one_side", "一方提出终止"),
                    ("expired", "期限届满"),
                    ("replaced", "由新协议替代"),
                    ("abandoned", "未签订，放弃办理"),
                    ("with_base", "未签订，随基地终止"),
                ],
                max_length=12,
                verbose_name="终止方式",
            ),
        ),
    ]
