"""What every room stands on: cases and their logs, answers, documents, papers, the ledger and the outbox.

No foreign key points upward but to the user; the logs store who, where and as what as plain values, so that
they survive accounts, organisations and archives (design, "What must never be").
"""

from __future__ import annotations

import uuid
from typing import Any

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from core import clock, subjects
from core.state_styles import GREEN, GREY, RED, YELLOW
from core.states import StateField, States, StatesMixin, pairs


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


# Roles whose people are named to their own organisation only, with the words that stand for them everywhere else.
# Entered by the room that knows the role.
UNNAMED_ROLES: dict[str, Any] = {}


def is_unnamed(role: str, organisation_id: int | None, user_id: int | None, reader) -> bool:
    """Whether `reader` (an actor, or None for the public) may not learn which person acted in this role for this
    organisation."""
    if role not in UNNAMED_ROLES:
        return False
    return reader is None or (reader.organisation_id != organisation_id and reader.user_id != user_id)


class LogLine(AboutCase):
    """What both logs say of an act: values only, no keys into other tables."""

    at = models.DateTimeField(_("办理时间"))
    real_at = models.DateTimeField(_("录入时间"))
    case_id = models.BigIntegerField(null=True)
    case_number = models.CharField(max_length=40, blank=True)
    case_title = models.CharField(max_length=200, blank=True)
    round = models.PositiveSmallIntegerField(default=1)
    transition = models.CharField(max_length=60)
    label = models.CharField(max_length=120, blank=True)
    from_state = models.CharField(max_length=40, blank=True)
    user_id = models.BigIntegerField(null=True)
    membership_id = models.BigIntegerField(null=True)
    organisation_id = models.BigIntegerField(null=True)
    organisation_name = models.CharField(max_length=120, blank=True)
    role = models.CharField(max_length=40, blank=True)
    actor_name = models.CharField(max_length=80, blank=True)
    regulation = models.CharField(max_length=40, blank=True)
    correlation = models.UUIDField(default=uuid.uuid4)

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d %H:%M} {self.actor_name} {self.label or self.transition}"

    def is_unnamed_for(self, reader) -> bool:
        """Whether `reader` (an actor, or None for the public) may not learn who this was: see UNNAMED_ROLES."""
        return is_unnamed(self.role, self.organisation_id, self.user_id, reader)

    def name_for(self, reader) -> str:
        """Who acted, as far as `reader` may know it."""
        return str(UNNAMED_ROLES[self.role]) if self.is_unnamed_for(reader) else self.actor_name


class TransitionLog(LogLine):
    """One line per act that passed the door. Append-only: the database refuses change and deletion.

    The lines of a case are a chain: `position` counts them from 1, and `hash` is made of the line and of the hash
    before it (`core.door.chain`). `version` is the case's version after the act; None where the act was no move.
    """

    position = models.PositiveIntegerField()
    version = models.PositiveIntegerField(null=True)
    hash = models.CharField(max_length=64)
    to_state = models.CharField(max_length=40, blank=True)
    on = models.DateField(_("文书日期"))
    reason = models.TextField(blank=True)
    step_key = models.CharField(max_length=60, blank=True)
    step_title = models.CharField(max_length=120, blank=True)
    decided_by = models.CharField(max_length=120, blank=True)
    data = models.JSONField(default=dict)
    facts = models.JSONField(default=dict)

    class Meta:
        indexes = [models.Index(fields=["case_kind", "case_id", "id"])]
        constraints = [
            models.UniqueConstraint(fields=["case_kind", "case_id", "position"], name="one_line_per_position")
        ]


class AttemptLog(LogLine):
    """One line per refused act, with the reasons given. Append-only."""

    error = models.CharField(max_length=20)
    findings = models.JSONField(default=list)

    class Meta:
        indexes = [models.Index(fields=["case_kind", "case_id", "id"])]


class OutboxMessage(AboutCase):
    """Something to be sent once its transaction has committed: a mail, or a task by dotted path.

    `key` makes a message unique, so that doing the same work twice sends it once. It waits until `available_at`; a
    worker that claims it moves that day past its lease, so that a claim that no worker reports on comes up again.
    """

    KINDS = [("mail", _("邮件")), ("task", _("任务"))]
    FAULTS = [
        ("claimed", _("发送中")),  # until its worker reports; a worker that died never does
        ("unreachable", _("邮件服务器不可用")),
        ("no_answer", _("对方没有答复")),
        ("put_off", _("对方暂不接收")),
        ("error", _("出错，将再试")),
        # The last three close the message: it is not tried again.
        ("refused", _("对方拒收")),
        ("given_up", _("多次未成，已停止")),
        ("killed", _("多次中断后台进程，已搁置")),
    ]

    kind = models.CharField(max_length=10, choices=KINDS)
    key = models.CharField(max_length=200, unique=True)
    payload = models.JSONField()
    # What it is about and who caused it: told where it cannot be delivered.
    case_kind = models.CharField(max_length=30, blank=True)
    case_id = models.BigIntegerField(null=True)
    organisation_id = models.BigIntegerField(null=True)
    membership_id = models.BigIntegerField(null=True)
    user_id = models.BigIntegerField(null=True)
    created_at = models.DateTimeField(default=clock.now)
    available_at = models.DateTimeField(default=clock.real_now)
    attempts = models.PositiveSmallIntegerField(default=0)
    deaths = models.PositiveSmallIntegerField(default=0)
    tried_at = models.DateTimeField(null=True)
    sent_at = models.DateTimeField(null=True)
    failed_at = models.DateTimeField(null=True)
    fault = models.CharField(max_length=12, choices=FAULTS, blank=True)
    error = models.TextField(blank=True)
    dealt_with_at = models.DateTimeField(null=True)  # an administrator has seen to what failed

    class Meta:
        indexes = [
            models.Index(
                fields=["kind", "available_at"],
                condition=models.Q(sent_at=None, failed_at=None),
                name="outbox_waiting",
            ),
            models.Index(
                fields=["case_kind", "case_id"],
                condition=models.Q(failed_at__isnull=False, dealt_with_at=None),
                name="outbox_failed",
            ),
            models.Index(fields=["-sent_at"], condition=models.Q(kind="mail"), name="outbox_last_sent"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.key}"


class Heartbeat(models.Model):
    """When a scheduled job last ran, by the system's clock, and what it said."""

    name = models.CharField(max_length=40, primary_key=True)
    at = models.DateTimeField()
    said = models.JSONField(default=dict)

    def __str__(self) -> str:
        return f"{self.name} {self.at:%Y-%m-%d %H:%M:%S}"


class InboxMessage(AboutCase):
    """A message inside the portal, to one person in one of their memberships.

    One that asks for something names in `asks` what it asks for, as the ledger's rows are named (`step:12`): once that
    is done, by whomever, the message is read.
    """

    case_kind = models.CharField(max_length=30, blank=True)
    case_id = models.BigIntegerField(null=True)
    asks = models.CharField(max_length=200, blank=True)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="inbox")
    membership_id = models.BigIntegerField(null=True)
    title = models.CharField(max_length=200)
    body = models.TextField(blank=True)
    url = models.CharField(max_length=300, blank=True)
    created_at = models.DateTimeField(default=clock.now)
    read_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [
            models.Index(fields=["user", "-id"]),
            models.Index(
                fields=["asks"], condition=models.Q(read_at=None) & ~models.Q(asks=""), name="inbox_still_asking"
            ),
            models.Index(
                fields=["case_kind", "case_id"], condition=models.Q(read_at=None), name="inbox_unread_of_case"
            ),
        ]

    def __str__(self) -> str:
        return self.title


class LedgerEntry(AboutCase):
    """Something due. One row per unique key: a reminder goes out once, a missed run is caught up.

    It is owed by a person where `membership_id` stands, else by a role of a unit. A row with a `handler` is made by the
    system when its day has passed; what it made is marked `acted_at`, what went wrong stands in `error`.
    """

    key = models.CharField(max_length=200, unique=True)
    kind = models.CharField(max_length=40)
    title = models.CharField(max_length=200)
    case_kind = models.CharField(max_length=30, blank=True)
    case_id = models.BigIntegerField(null=True)
    case_title = models.CharField(max_length=200, blank=True)
    organisation_id = models.BigIntegerField(null=True)
    role = models.CharField(max_length=40, blank=True)
    membership_id = models.BigIntegerField(null=True)
    clause = models.CharField(max_length=40, blank=True)
    due_on = models.DateField()
    remind_on = models.DateField()
    reminded_at = models.DateTimeField(null=True)
    escalated_at = models.DateTimeField(null=True)
    handler = models.CharField(max_length=60, blank=True)
    payload = models.JSONField(default=dict)
    acted_at = models.DateTimeField(null=True)
    failures = models.PositiveSmallIntegerField(default=0)
    error = models.TextField(blank=True)
    retry_at = models.DateTimeField(null=True)
    done_at = models.DateTimeField(null=True)
    created_at = models.DateTimeField(default=clock.now)

    class Meta:
        indexes = [
            models.Index(fields=["organisation_id", "role", "due_on"]),
            models.Index(fields=["case_kind", "case_id"], condition=models.Q(done_at=None), name="ledger_of_case"),
            models.Index(fields=["membership_id", "due_on"], condition=models.Q(done_at=None), name="ledger_of_person"),
            models.Index(fields=["remind_on"], condition=models.Q(reminded_at=None), name="ledger_waiting"),
            models.Index(fields=["due_on"], condition=models.Q(done_at=None), name="ledger_open"),
        ]

    def __str__(self) -> str:
        return f"{self.due_on} {self.title}"


def _document_path(document: Document, _name: str) -> str:
    return f"documents/{document.uid.hex[:2]}/{document.uid.hex}"


class Document(AboutCase):
    """A checked upload. Only `core.uploads` makes one."""

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    sha256 = models.CharField(max_length=64)
    name = models.CharField(max_length=200)
    content_type = models.CharField(max_length=100)
    size = models.PositiveIntegerField()
    file = models.FileField(upload_to=_document_path)
    purpose = models.CharField(max_length=80, blank=True)
    uploaded_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    uploaded_as = models.CharField(max_length=40, blank=True)  # the role in which it was brought
    organisation_id = models.BigIntegerField(null=True)
    uploaded_at = models.DateTimeField(default=clock.now)

    class Meta:
        indexes = [models.Index(fields=["case_kind", "case_id"])]

    def __str__(self) -> str:
        return self.name


class PaperState(States):
    """Where an official paper stands: before a stamped copy of it has come back, and with one."""

    NONE = "none", GREY, "dot", _("无需盖章")
    KEPT = "kept", GREY, "archive", _("无需回传")
    TO_PRINT = "to_print", GREY, "print", _("待打印")
    TO_MATCH = "to_match", YELLOW, "eye", _("待核对")
    MATCHED = "matched", GREEN, "check-circle", _("一致")
    MISMATCH = "mismatch", RED, "x-circle", _("不一致")
    VOID = "void", GREY, "ban", _("已作废")


def _paper_path(paper: Paper, _name: str) -> str:
    return f"papers/{paper.uid.hex[:2]}/{paper.uid.hex}.pdf"


class Paper(AboutCase):
    """One version of an official paper made for a case, and what came back stamped.

    A later version voids the earlier one; voided rows and files stay.
    """

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    kind = models.CharField(max_length=60)
    title = models.CharField(max_length=120)
    round = models.PositiveSmallIntegerField(default=1)
    version = models.PositiveSmallIntegerField(default=1)
    step_key = models.CharField(max_length=60, blank=True)
    number = models.CharField(max_length=60)
    code = models.CharField(max_length=20, unique=True)
    content_sha256 = models.CharField(max_length=64)
    file_sha256 = models.CharField(max_length=64, blank=True)
    file = models.FileField(upload_to=_paper_path, blank=True)
    sealed = models.BooleanField(default=False)
    seal_kind = models.CharField(max_length=120, blank=True)
    comes_back = models.BooleanField(default=False)  # whether the stamped paper is to be scanned and uploaded
    copies = models.JSONField(default=list)
    keeper = models.CharField(max_length=120, blank=True)
    voided_at = models.DateTimeField(null=True)
    void_reason = models.CharField(max_length=200, blank=True)
    created_at = models.DateTimeField(default=clock.now)
    created_by = models.CharField(max_length=80, blank=True)

    class Meta:
        indexes = [models.Index(fields=["case_kind", "case_id", "kind"])]

    def __str__(self) -> str:
        return f"{self.title} {self.code}"

    def stamp_state(self, stamp: StampedCopy | None) -> PaperState:
        """Where the paper stands with this stamped copy of it, or with none."""
        if self.voided_at:
            return PaperState.VOID
        if stamp is not None:
            return PaperState(stamp.state)
        if not self.seal_kind:
            return PaperState.NONE
        return PaperState.TO_PRINT if self.comes_back else PaperState.KEPT


class StampedCopy(models.Model):
    """The scan of a paper that came back signed and stamped, and who found that it matches the version printed."""

    STATES = (PaperState.TO_MATCH, PaperState.MATCHED, PaperState.MISMATCH, PaperState.VOID)

    paper = models.ForeignKey(Paper, models.PROTECT, related_name="stamped")
    step_key = models.CharField(max_length=60, blank=True)
    document = models.ForeignKey(Document, models.PROTECT, related_name="+")
    state = StateField(max_length=10, states=PaperState, choices=pairs(STATES), default=PaperState.TO_MATCH)
    on = models.DateField(_("用印日期"))
    uploaded_at = models.DateTimeField(default=clock.now)
    uploaded_by = models.CharField(max_length=80)
    uploader_membership_id = models.BigIntegerField(null=True)
    matched_at = models.DateTimeField(null=True)
    matched_by = models.CharField(max_length=80, blank=True)
    note = models.CharField(max_length=300, blank=True)
    kept_at = models.CharField(_("原件存放处"), max_length=120, blank=True)

    def __str__(self) -> str:
        return f"{self.paper} {self.state}"


class Answers(AboutCase):
    """The answers of one form of one case: a JSON document with a revision and a hash."""

    revision = models.PositiveIntegerField(default=0)
    answers = models.JSONField(default=dict)
    sha256 = models.CharField(max_length=64, blank=True)
    updated_at = models.DateTimeField(default=clock.now)
    updated_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    updated_name = models.CharField(max_length=80, blank=True)

    class Meta:
        abstract = True


class FormDraft(Answers):
    """What one person has typed into the form of a move and not sent: seen by nobody else, gone with the act."""

    move = models.CharField(max_length=60)
    subject_id = models.BigIntegerField()
    membership_id = models.BigIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["case_kind", "case_id", "move", "subject_id", "membership_id"], name="one_draft_per_person"
            )
        ]

    def __str__(self) -> str:
        return f"{self.case_kind} {self.case_id} {self.move} {self.subject_id} {self.membership_id}.{self.revision}"


class FormAnswer(Answers):
    """The answers of a form of the dossier in one round."""

    form = models.CharField(max_length=60)
    round = models.PositiveSmallIntegerField(default=1)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["case_kind", "case_id", "form", "round"], name="one_answer_per_round")
        ]

    def __str__(self) -> str:
        return f"{self.case_kind} {self.case_id} {self.form} {self.round}.{self.revision}"


class Holiday(models.Model):
    """A day that is not what its weekday says: a holiday, or a weekend day worked instead."""

    day = models.DateField(primary_key=True)
    off = models.BooleanField(_("放假"))
    name = models.CharField(max_length=60)
    source = models.CharField(max_length=120, blank=True)

    def __str__(self) -> str:
        return f"{self.day} {self.name}"
