"""`signposts`: menus whose pages do not exist, guides that name what is not there (part of `make check`)."""

import sys

from django.core.management.base import BaseCommand

from config import signposts


class Command(BaseCommand):
    help = "Name every menu entry without a page and every word in a guide that the portal does not say."

    def handle(self, *args, **options) -> None:
        if faults := signposts.faults():
            self.stdout.write("\n".join(faults))
            sys.exit(1)
        self.stdout.write("every signpost leads somewhere")
