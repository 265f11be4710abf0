"""One person filling in one form of one case: what stands is read, what comes in is merged over it, checked, kept.

    form = FormSession(case, spec, actor, store.Dossier(case, "annex1"), editable={"part1"})
    form.take_post(request.POST, request.FILES)
    form.check(); form.save(revision); form.view(...)

The dossier's pages use it, their autosave and uploads, and the forms of moves, whose shelf is a draft of the person's.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.http import QueryDict
from django.utils.datastructures import MultiValueDict
from django.utils.translation import gettext as _

from core.findings import Finding
from core.forms import reading
from core.forms.clean import clean
from core.forms.completeness import SectionProgress, completeness
from core.forms.fields import Field, FormSpec
from core.forms.plain import MAX_FILES, plain_id
from core.forms.post import from_post
from core.forms.render import rendered
from core.forms.store import RevisionConflict, Shelf
from core.forms.views import FormView
from core.models import Document
from core.uploads import REQUEST_PIXELS, UploadRefused, accept_upload, store_document


class TooMuch(Exception):
    """What came in cannot be kept, not even as a draft; `findings` name the fields. Nothing was saved."""

    def __init__(self, findings: list[Finding]):
        self.findings = findings
        super().__init__(findings[0].message)


@dataclass
class FormSession:
    """`editable`: keys of the sections that may be filled in, None for all; nothing else can be touched. `shelf`: where
    the answers are kept (core.forms.store), None for a form that is only sent. `first`: what a form starts with, or a
    function that finds it out.
    """

    case: Any
    spec: FormSpec
    actor: Any
    shelf: Shelf | None = None
    editable: Collection[str] | None = None
    first: Mapping[str, Any] | Callable[[], Mapping[str, Any]] = field(default_factory=dict)
    findings: list[Finding] = field(default_factory=list)
    """What was wrong with what came in: files that were not taken, and what is too much to be kept."""
    too_much: list[Finding] = field(default_factory=list)
    more_rows: dict[str, int] = field(default_factory=dict)
    """Tables for which the reader asked for another row, in a browser without scripts."""
    asked_rows: bool = False
    pixels_left: int = REQUEST_PIXELS
    """How many pixels of pictures this request may still have decoded."""

    # --- read ----------------------------------------------------------------------------------------------------

    @cached_property
    def row(self):
        """What is kept now, or None."""
        return self.shelf.load() if self.shelf is not None else None

    @cached_property
    def answers(self) -> dict[str, Any]:
        """The answers as they stand, with what came in merged over them."""
        if self.row is None:
            return dict(self._starts)
        kept = dict(self.row.answers)
        for section in self._open:  # a part that nobody has touched still starts with what is known
            keys = {asked.key for asked in section.fields}
            if keys and not keys & kept.keys():
                kept |= {key: value for key, value in self._starts.items() if key in keys}
        return kept

    @cached_property
    def _starts(self) -> Mapping[str, Any]:
        return self.first() if callable(self.first) else self.first

    @cached_property
    def revision(self) -> int:
        """The revision that the writer has before the eyes."""
        return self.row.revision if self.row else 0

    @cached_property
    def resolver(self):
        return self.case.resolver(self.actor)

    # --- merge ---------------------------------------------------------------------------------------------------

    def take(self, typed: dict) -> None:
        """Merge answers as a script sends them, over the sections that may be filled in."""
        drafted, self.too_much = clean(self.spec, typed, section_keys=self.editable, draft=True)
        for section in self._open:
            for asked in section.fields:
                for key in (asked.key, f"{asked.key}_other"):
                    self.answers.pop(key, None)
                    if key in drafted:
                        self.answers[key] = drafted[key]
        self.findings += self.too_much

    def take_post(self, data: QueryDict, files: MultiValueDict) -> None:
        """Merge what an HTML form sent. Files are checked and kept at once, so that a refusal loses none."""
        typed = from_post(self.spec, data, self.editable)
        for asked in self._files:
            sent = files.getlist(f"upload-{asked.key}")
            kept = [pk for pk in map(plain_id, typed.get(asked.key) or []) if pk]
            typed[asked.key] = kept + [document.pk for document in self.accept(asked, sent, len(kept))]
        self.take(typed)
        self.asked_rows = "add-row" in data or "remove-row" in data
        if data.get("add-row"):
            self.more_rows[data["add-row"]] = 1

    def accept(self, asked: Field, sent: Iterable[UploadedFile], standing: int = 0) -> list[Document]:
        """Check files by their content and keep them; those that are not taken are among the findings, by name.
        `standing` is how many the field has already.
        """
        taken: list[Document] = []
        section = self.spec.section_of(asked.key)
        place = {"form": self.spec.key, "section": section.key, "field": asked.key}
        for file in sent:
            if standing + len(taken) >= MAX_FILES:
                message = _("“%(n)s”没有接收：“%(f)s”最多放%(m)s个文件。")
                words = {"n": file.name, "f": asked.label, "m": MAX_FILES}
                self.findings.append(Finding(asked.clause, "hard", message % words, {"files": MAX_FILES}, **place))
                continue
            try:
                checked = accept_upload(file, asked.accept or None, pixels_left=self.pixels_left)
                self.pixels_left -= checked.pixels
                taken.append(store_document(checked, self.case, asked.key, self.actor))
            except UploadRefused as refusal:
                self.findings += [replace(finding, **place) for finding in refusal.findings]
        return taken

    def upload_field(self, key: str) -> Field | None:
        """The field that takes files under this key, among those that may be filled in."""
        return next((asked for asked in self._files if asked.key == key), None)

    @property
    def _open(self):
        return [section for section in self.spec.sections if self.editable is None or section.key in self.editable]

    @property
    def _files(self) -> list[Field]:
        return [asked for section in self._open for asked in section.fields if asked.type == "file"]

    # --- check, save ---------------------------------------------------------------------------------------------

    def check(self) -> list[Finding]:
        """Everything that is still wrong with the whole form."""
        return clean(self.spec, self.answers, resolver=self.resolver)[1]

    def save(self, revision: int) -> Any:
        """Keep the answers over the revision that the writer had read; returns the row.

        Raises TooMuch, and RevisionConflict where somebody else saved meanwhile; neither changes anything.
        """
        self.revision = revision
        if self.too_much:
            raise TooMuch(self.too_much)
        self.row = self.shelf.save(self.answers, revision, self.actor)
        self.revision = self.row.revision
        return self.row

    def differences(self, conflict: RevisionConflict) -> list[dict[str, str]]:
        """Both texts, field by field, where they differ: the writer's own and the one saved meanwhile."""
        changes = reading.differences(self.spec, self.answers, conflict.current.answers)
        return [{"label": label, "mine": own, "theirs": other} for label, own, other in changes]

    def typed(self) -> list[tuple[str, str]]:
        """What was typed, as (label, text), so that a stale page loses none of it."""
        shown = []
        for asked in self.spec.index.values():
            text = reading.shown_value(asked, self.answers.get(asked.key), self.answers)
            if text != reading.EMPTY and asked.type not in ("file", "checklist", "boolean", "table"):
                shown.append((str(asked.label), text))
        return shown

    # --- progress, drawing ---------------------------------------------------------------------------------------

    def progress(self) -> list[SectionProgress]:
        """How far each section is."""
        return completeness(self.spec, self.answers, self.resolver)

    def view(
        self,
        findings: Iterable[Finding] = (),
        *,
        cite: Callable[[str], Any] = str,
        autosave_url: str = "",
        upload_url: str = "",
        who: dict[str, str] | None = None,
    ) -> FormView:
        """The form as it is shown, with what is wrong with it."""
        view = rendered(
            self.spec,
            self.answers,
            findings=findings,
            editable=self.editable,
            resolver=self.resolver,
            progress=self.progress() if len(self.spec.sections) > 1 else (),
            upload_url=upload_url,
            autosave_url=autosave_url if self.shelf is not None else "",
            revision=self.revision,
            extra_rows=self.more_rows,
            who=who,
            cite=cite,
        )
        if self.row is not None:
            view.saved_at, view.saved_by = self.row.updated_at, self.row.updated_name
        return view
