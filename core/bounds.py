"""What a column holds at most is refused by name before the database refuses it.

Forms count characters as regulations do (core.forms.count): a Latin word is one, and may be longer than the column that a
short answer goes to. PostgreSQL would end the request with an error; SQLite would keep what others cannot.
"""

from __future__ import annotations

from functools import cache

from django.conf import settings
from django.db import models
from django.db.models.signals import pre_save
from django.utils.translation import gettext as _

from core.door.errors import Refused
from core.findings import Finding


class TooLong(Refused):
    """A text does not fit its column. `typed` is the text, `most` what the column holds."""

    def __init__(self, label: str, name: str, typed: str, most: int):
        self.typed, self.most = typed, most
        message = _("%(f)s过长，现有%(n)s个字符，最多%(m)s个（含空格）。")
        words = {"f": label, "n": len(typed), "m": most}
        fix = _("请删减至少%(n)s个字符。") % {"n": len(typed) - most}
        super().__init__(Finding("", "hard", message % words, {"length": len(typed), "most": most}, fix, field=name))

    def of_answer(self, answers: dict, labels: dict[str, str]) -> TooLong:
        """The same said of the answer from which the text came, where it is one of `answers`; `labels` are by key."""
        for key, answer in answers.items():
            if isinstance(answer, str) and answer.strip() and answer.strip() in self.typed and key in labels:
                return TooLong(labels[key], key, self.typed, self.most)
        return self


@cache
def _columns(model: type[models.Model]) -> tuple[models.CharField, ...]:
    if model._meta.app_label not in settings.ROOMS:
        return ()
    columns = [field for field in model._meta.concrete_fields if isinstance(field, models.CharField)]
    return tuple(field for field in columns if field.max_length)


def refuse_too_long(sender, instance, raw: bool = False, update_fields=None, **kwargs) -> None:
    """Raise TooLong for the first text that is longer than its column."""
    known = instance.__dict__
    for field in () if raw else _columns(sender):
        if update_fields is not None and field.attname not in update_fields and field.name not in update_fields:
            continue
        text = known.get(field.attname)
        if isinstance(text, str) and len(text) > field.max_length:
            raise TooLong(str(field.verbose_name), field.name, text, field.max_length)


def declare() -> None:
    """Ask it of every row that is saved."""
    pre_save.connect(refuse_too_long, dispatch_uid="core.bounds")
