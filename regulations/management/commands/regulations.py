"""`manage.py regulations check|load|adopt`: the regulations as data, checked and brought into the database."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

from django.core.management.base import BaseCommand, CommandError, CommandParser

from core.door import Refused
from regulations import loader, services, vocabulary
from regulations.models import Immutable, Regulation
from tenants.models import Organisation


class Command(BaseCommand):
    help = "check: one line per profile, non-zero exit on a fault. load: bring profiles into the database. adopt: who is under it."

    def add_arguments(self, parser: CommandParser) -> None:
        verbs = parser.add_subparsers(dest="verb", required=True)
        check = verbs.add_parser("check", help="check profiles without touching the database")
        check.add_argument("files", nargs="*", metavar="FILE", help="profile files or folders; default: all here")
        load = verbs.add_parser("load", help="bring profiles into the database; the same content twice adds nothing")
        load.add_argument("files", nargs="*", metavar="FILE")
        load.add_argument("--publish", action="store_true", help="publish what is loaded as draft")
        load.add_argument(
            "--effective-from",
            type=dt.date.fromisoformat,
            help="day from which published versions apply, where the text gives none (YYYY-MM-DD)",
        )

        adopt = verbs.add_parser("adopt", help="enter that a regulation governs an organisation at a level from a day")
        adopt.add_argument("code", help="the regulation's code, e.g. NM")
        adopt.add_argument("organisation", type=int, help="number of the organisation")
        adopt.add_argument("level", choices=list(vocabulary.LEVELS))
        adopt.add_argument("from_on", type=dt.date.fromisoformat, metavar="YYYY-MM-DD")
        adopt.add_argument("--until", type=dt.date.fromisoformat, metavar="YYYY-MM-DD")

    def handle(self, *args, **options) -> None:
        if options["verb"] == "adopt":
            self.adopt(options)
            return
        paths = [Path(name) for name in options["files"]] or loader.all_profiles()
        if options["verb"] == "check":
            self.check_profiles(paths)
        else:
            self.load_profiles(paths, options["publish"], options["effective_from"])

    def adopt(self, options: dict) -> None:
        """Enter one adoption; the same one twice is one row."""
        regulation = Regulation.objects.filter(code=options["code"]).first()
        organisation = Organisation.objects.filter(pk=options["organisation"]).first()
        if regulation is None or organisation is None:
            raise CommandError("no such regulation" if regulation is None else "no such organisation")
        services.adopt(organisation, options["level"], regulation, options["from_on"], options["until"])
        self.stdout.write(f"{organisation} · {options['level']} · {regulation} · {options['from_on']}")

    def check_profiles(self, paths: list[Path]) -> None:
        """Print one line per profile, its faults below it; exit code 1 if there is any."""
        wrong = 0
        for path in paths:
            loaded = loader.load(path)
            if loaded.faults:
                wrong += 1
                self.stdout.write(f"{loaded.name}: {len(loaded.faults)} fault(s)")
                for fault in loaded.faults:
                    self.stdout.write(f"  {fault}")
                continue
            profile = loaded.require()
            steps = sum(len(route) for route in profile.routes.values())
            self.stdout.write(
                f"{profile.code}/{profile.head.version}: ok, {len(profile.rules)} rules, {steps} steps, "
                f"{len(profile.form_fields)} form fields, {len(profile.settings)} settings, {loaded.sha256[:12]}"
            )
        if wrong:
            raise SystemExit(1)

    def load_profiles(self, paths: list[Path], publish: bool, effective_from: dt.date | None) -> None:
        """Store each profile as a draft version; with `publish`, publish the drafts."""
        for path in paths:
            try:
                version, what = services.store(loader.load(path))
                if publish and version.state == "draft":
                    version = services.publish(version, effective_from, by="manage.py")
                    what += ", published"
            except (loader.ProfileFaults, Immutable, Refused) as error:
                raise CommandError(f"{path.name}: {error}") from error
            self.stdout.write(f"{version}: {what}, {version.state}, effective {version.effective_from or '-'}")
