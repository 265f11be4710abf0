from django.apps import AppConfig


class BasesConfig(AppConfig):
    name = "bases"
    default_auto_field = "django.db.models.BigAutoField"
