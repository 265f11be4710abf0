"""`first_unit`: the first unit and its administrator in an empty portal. Everybody else is invited from there."""

from __future__ import annotations

import secrets
from typing import Any

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import transaction

from core.door import Refused, SystemActor
from tenants import roles
from tenants.models import User
from tenants.services.members import add_member
from tenants.services.organisations import create_unit


def first_password() -> str:
    """A password of 16 signs that is hard to guess and never all letters or all figures: in groups, for it is typed once."""
    drawn = secrets.token_hex(8)
    return "-".join(drawn[start : start + 4] for start in range(0, len(drawn), 4))


class Command(BaseCommand):
    help = (
        "Enter a province's department and, if named, a university below it, with one administrator "
        "(of the university if there is one). Prints a first password, to be changed at the first log-in."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--department", required=True, metavar="NAME")
        parser.add_argument("--university", metavar="NAME")
        parser.add_argument("--division", required=True, help="place: full name of the province or GB/T 2260 code")
        parser.add_argument("--login", required=True)
        parser.add_argument("--name", required=True, help="the administrator's name")
        parser.add_argument("--email", default="")

    def handle(self, *args: Any, **given: Any) -> None:
        actor = SystemActor("系统")
        password = first_password()
        try:
            with transaction.atomic():
                unit = create_unit(
                    actor,
                    None,
                    roles.DEPARTMENT,
                    {"name": given["department"], "division": given["division"]},
                )
                if given["university"]:
                    unit = create_unit(
                        actor,
                        unit,
                        roles.UNIVERSITY,
                        {"name": given["university"], "division": given["division"]},
                    )
                user = User(
                    username=given["login"],
                    name=given["name"],
                    email=given["email"],
                    must_change_password=True,
                )
                user.set_password(password)
                validate_password(password, user)
                user.full_clean()
                user.save()
                add_member(actor, user, unit, roles.ADMIN_ROLE[unit.kind])
        except Refused as error:
            raise CommandError("; ".join(finding.message for finding in error.findings)) from None
        except ValidationError as error:
            raise CommandError("; ".join(error.messages)) from None
        self.stdout.write(f"{unit.name}: {user.username} / {password}")
        self.stdout.write("The password is shown once and has to be changed at the first log-in.")
