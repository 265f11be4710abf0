"""`manage.py demo_accounts [--json]`: every demo account with its password."""

from __future__ import annotations

import json

from django.core.management.base import BaseCommand

from tenants.demo import accounts
from tenants.roles import role_label


class Command(BaseCommand):
    help = "List every demo account: login, password, name, memberships."

    def add_arguments(self, parser) -> None:
        parser.add_argument("--json", action="store_true", help="print JSON")

    def handle(self, *args, **options) -> None:
        known = accounts()
        if options["json"]:
            self.stdout.write(json.dumps(known, ensure_ascii=False, indent=1))
            return
        if not known:
            self.stdout.write("There are no demo accounts.")
        for account in known:
            parts = "；".join(f"{part['organisation']}·{role_label(part['role'])}" for part in account["memberships"])
            self.stdout.write(f"{account['login']:<16}{account['password']}  {account['name']}  {parts}")
