"""`demo`: the demo world, walked through the door. A second run adds nothing."""

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from config.demo.walk import build


class Command(BaseCommand):
    help = "Build the demo world: invented organisations and people, and cases in every state, made through the door."

    def handle(self, *args, **options) -> None:
        if settings.PRODUCTION:
            raise CommandError("the demo world is not for production")
        self.stdout.write("built" if build() else "stands already")
