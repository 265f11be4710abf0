"""What has a life, and what is about it: cases, rows about a case, and the counters that number them."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _

from core import clock, subjects
from core.states import StatesMixin


class Logged(models.Model):
    """What has lines in the log of acts: `log_lines` counts them, so that a line taken away at the end is missed."""

    log_lines = models.PositiveIntegerField(default=0, editable=False)

    class Meta:
        abstract = True

    def save(self, *args, **kwargs) -> None:
        """Save; the count of lines is the log's own (`core.door.log`), and a copy read before a line must not undo it."""
        if not self._state.adding and kwargs.get("update_fields") is None:
            left_out = {"log_lines", self._meta.pk.name} | self.get_deferred_fields()
            kwargs["update_fields"] = [
                field.name for field in self._meta.concrete_fields if not {field.name, field.attname} & left_out
            ]
        super().save(*args, **kwargs)


class Case(Logged):
    """A thing with a life: an application, an agreement, a recognition, a notice …

    A concrete case has a protected `state` FSMField; its moves are declared with `core.door.move` and attached with
    `core.door.moves_of`. `case_kind` is the stable code used in addresses and logs, `kind_label` what
    people call the kind. The database refuses a change of `state` or `version` without the line in the log that goes
    with it (`core.door.guard`).
    """

    case_kind = ""
    kind_label: Any = ""  # what people call the kind of case
    stage_titles: dict[str, str] = {}
    locked_under = ""  # the foreign key to the case whose row is locked before this one's
    prefetched: Any = None  # what a page that only shows the case has read of it (casework.prefetched)

    number = models.CharField(_("编号"), max_length=40, unique=True)
    title = models.CharField(_("名称"), max_length=200)
    version = models.PositiveIntegerField(default=1, editable=False)
    round = models.PositiveSmallIntegerField(default=1, editable=False)
    created_at = models.DateTimeField(default=clock.now, editable=False)
    changed_at = models.DateTimeField(default=clock.now, editable=False)

    class Meta(Logged.Meta):
        abstract = True

    def __str__(self) -> str:
        return f"{self.number} {self.title}"

    def save(self, *args, **kwargs) -> None:
        """Save, with the columns that lists show and sort by."""
        self.note_columns()
        super().save(*args, **kwargs)

    searched: tuple[str, ...] = ("number", "title")  # what searches look in

    def get_absolute_url(self) -> str:
        return f"/cases/{self.case_kind}/{self.pk}/"

    def note_columns(self) -> None:
        """Copy what lists show and sort by to the columns. Called before every save."""

    @classmethod
    def locked(cls, pk: int) -> Case | None:
        """The row, locked until the transaction ends, and before it the one that it stands under: the house's lock order.
        Whoever works on a base and on what runs on it waits for the other instead of blocking them. None for no row."""
        rows = cls._base_manager
        if cls.locked_under:
            above = cls._meta.get_field(cls.locked_under).related_model._base_manager
            asked = above.filter(pk__in=rows.filter(pk=pk).values(cls.locked_under))
            list(asked.select_for_update(no_key=True).values_list("pk"))
        return rows.select_for_update(of=("self",)).filter(pk=pk).first()

    @classmethod
    def state_of(cls, code: str) -> str:
        """The state of a code, with its word and style; the code itself where the kind has no such state."""
        field = cls._meta.get_field("state")
        return field.states.named(code) if isinstance(field, StatesMixin) else code

    @property
    def listed_title(self) -> str:
        """The title among others of its kind: in lists, messages and logs. Tells the case apart."""
        return self.title

    def regulation_label(self) -> str:
        """The profile version the case runs under, as the logs keep it, e.g. "NM/1"; "" where none governs it."""
        return ""

    def governing_version(self):
        """The regulation version that governs the case, or None."""
        return None

    def answers_saved(self, form_key: str, answers: dict) -> None:
        """Copy what lists filter or sort from saved answers to typed columns. Called inside the saving transaction."""

    def editable_sections(self, form_key: str, actor) -> set[str]:
        """Keys of the form's sections that the actor may fill in now."""
        return set()

    def form_keys(self) -> list[str]:
        """The forms that make up the case's dossier."""
        return []

    def dossier_open_to(self, membership) -> bool:
        """Whether somebody who sees the case may read its dossier as it is now: what is still being written may be the
        writers' own."""
        return True

    def form_open_to(self, form_key: str, membership) -> bool:
        """Whether somebody to whom the dossier is open may read this form of it."""
        return True

    def first_answers(self, form_key: str) -> dict:
        """What a form of the dossier starts with while nothing has been saved."""
        return {}

    def shown_answers(self, form_key: str, answers: dict) -> dict:
        """The answers of a form as its readers see them."""
        return answers

    def first_input(self, code: str) -> dict:
        """What the form of a move on the case itself starts with."""
        return {}

    def resolver(self, actor):
        """What the case's forms ask about codes and ids; None where they ask nothing."""
        return None


class About(models.Model):
    """Abstract: a row about something with a kind and a number, most often a case; `about_columns` name the two.

    A row keeps them as values, not as a key: it outlives what it is about, and rooms below do not know its model.
    """

    about_columns = ("case_kind", "case_id")

    class Meta:
        abstract = True

    @classmethod
    def about(cls, subject) -> models.QuerySet:
        """The rows about one subject: a case, or what is registered with `core.subjects`."""
        return cls._default_manager.filter(**cls.about_values(subject))

    @classmethod
    def about_values(cls, subject) -> dict[str, Any]:
        """The two columns' values for a subject: what a new row is made with."""
        kind, number = cls.about_columns
        return {kind: subjects.kind_of(subject), number: subject.pk}

    def is_about(self, subject) -> bool:
        """Whether the row is about this subject."""
        return all(getattr(self, name) == value for name, value in self.about_values(subject).items())


class AboutCase(About):
    """Abstract: a row about a case, or another subject that is registered with `core.subjects`."""

    case_kind = models.CharField(max_length=30)
    case_id = models.BigIntegerField()

    class Meta:
        abstract = True


class Serial(models.Model):
    """A counter; `core.serials.take` hands its next value out under a lock."""

    name = models.CharField(max_length=80, primary_key=True)
    value = models.PositiveIntegerField(default=0)

    def __str__(self) -> str:
        return f"{self.name} {self.value}"
