"""Lists of cases, the notices that publicise them, and the objections of the public."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from casework.models.regulated import RegulatedCase
from core import clock
from core.models import About, AboutCase, Document
from core.state_styles import BLUE, GREEN, GREY, ORANGE
from core.states import CaseStateField, StateField, States
from regulations import vocabulary

ACTIVE = ["prepared", "publicised"]
RECOMMENDED, PRELIMINARY, RECOGNISED = "recommended", "preliminary", "recognition"  # no case: kinds of lists


class CaseList(About, RegulatedCase):
    """A list that carries cases on together: recommended, preliminary, recognised.

    Which conditions its members and its sending have to meet is said by the rooms above through
    `casework.lists.publicity.register`; the list itself only holds them together.
    """

    case_kind = "list"
    kind_label = _("名单")
    about_columns = ("context_kind", "context_id")

    class State(States):
        PREPARED = "prepared", GREY, "edit", _("拟定中")
        PUBLICISED = "publicised", BLUE, "megaphone", _("公示中")
        SENT = "sent", BLUE, "send", _("已报送")
        FIXED = "fixed", GREEN, "check-circle", _("已确定")
        PUBLISHED = "published", GREEN, "check-circle", _("已公布")

    KINDS = vocabulary.LIST_KINDS
    # The one move that takes a list of a kind on: up to the authority, into the next step inside the house, or public.
    GOES_ON = {RECOMMENDED: "send", PRELIMINARY: "fix_list", RECOGNISED: "publish"}

    state = CaseStateField(_("状态"), default=State.PREPARED, states=State, protected=True)
    key = models.CharField(max_length=40)
    kind = models.CharField(max_length=20)
    regulation_version = models.ForeignKey("regulations.RegulationVersion", models.PROTECT, related_name="+")
    context_kind = models.CharField(max_length=30)
    context_id = models.BigIntegerField()
    sent_on = models.DateField(null=True)
    sent_at = models.DateTimeField(null=True)
    document_number = models.CharField(_("文号"), max_length=60, blank=True)
    published_on = models.DateField(_("公布日期"), null=True)

    class Meta:
        indexes = [models.Index(fields=["context_kind", "context_id", "kind"])]

    @property
    def declaration(self):
        """What the profile says of this kind of list."""
        return self.regulation_version.profile.lists[self.key]

    @property
    def has_gone_on(self) -> bool:
        """Whether it has carried its members on."""
        return self.state in ("sent", "fixed", "published")

    def brings(self, case, act=None) -> dict:
        """What the steps of a member keep of the list that carried it on, with the member's place (raw data of
        `settle_step`): the day of sending, or number and dates of the document, of which `act` may know more."""
        entry = self.members().filter(case_kind=case.case_kind, case_id=case.pk).first()
        known = {
            "number": self.document_number,
            "published_on": self.published_on.isoformat() if self.published_on else "",
            "sent_on": self.sent_on.isoformat() if self.sent_on else "",
        }
        if act is not None and self.state == "published":
            known |= {name: act.data.get(name) for name in ("written_on", "issued_on")}
        answers = {name: value for name, value in known.items() if value}
        return {"answers": answers, "rank": entry.rank if entry else None}

    def members(self):
        """The entries on the list, by rank."""
        return self.entries.filter(removed_at=None).order_by("rank", "pk")

    def notice(self):
        """The latest notice that publicised the list, or None."""
        return self.notices.order_by("-pk").first()


class ListEntry(AboutCase):
    """One case on a list."""

    case_list = models.ForeignKey(CaseList, models.PROTECT, related_name="entries")
    case_title = models.CharField(max_length=200)
    rank = models.PositiveSmallIntegerField(_("排序"), default=1)
    note = models.CharField(max_length=300, blank=True)
    removed_at = models.DateTimeField(null=True)
    removal_reason = models.TextField(blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["case_list", "case_kind", "case_id"],
                condition=models.Q(removed_at=None),
                name="a_case_stands_once_on_a_list",
            )
        ]
        indexes = [
            models.Index(fields=["case_kind", "case_id"], condition=models.Q(removed_at=None), name="lists_of_case")
        ]

    def __str__(self) -> str:
        return f"{self.rank} {self.case_title}"


class Notice(RegulatedCase):
    """A public notice with the days in which anybody may object."""

    case_kind = "notice"
    kind_label = _("公示")

    class State(States):
        PREPARED = "prepared", GREY, "edit", _("待公示")
        PUBLICISED = "publicised", BLUE, "megaphone", _("公示中")
        CLOSED = "closed", GREY, "lock", _("公示结束")

    state = CaseStateField(_("状态"), default=State.PREPARED, states=State, protected=True)
    case_list = models.ForeignKey(CaseList, models.PROTECT, related_name="notices")
    key = models.CharField(max_length=40)
    slug = models.SlugField(max_length=40, unique=True)
    body = models.TextField(_("公示内容"), blank=True)
    opens_on = models.DateField(_("公示开始"))
    closes_on = models.DateField(_("公示截止"))
    days = models.PositiveSmallIntegerField(_("工作日数"))
    days_are_local = models.BooleanField(default=False)
    estimated = models.BooleanField(_("预计"), default=False)
    web_address = models.URLField(_("公示网址"), blank=True)
    contact = models.CharField(_("联系人"), max_length=60, blank=True)
    phone = models.CharField(_("联系电话"), max_length=40, blank=True)
    email = models.EmailField(_("电子邮箱"), blank=True)
    address = models.CharField(_("通讯地址"), max_length=120, blank=True)
    named = models.JSONField(default=list)  # codes of what is told of each project beside its name
    rows = models.JSONField(default=list)  # what was posted of each project, as it stood when the notice was drawn up
    closed_on = models.DateField(null=True)

    def governing_version(self):
        return self.case_list.regulation_version

    @property
    def is_running(self) -> bool:
        """Whether the public may object now: to the end of the last day."""
        return self.state == "publicised" and self.opens_on <= clock.today() <= self.closes_on

    def posted(self) -> list[dict]:
        """The lines that the public reads: those of the projects that still stand on the list."""
        standing = {entry.pk: entry for entry in self.case_list.members()} if self.pk else {}
        if not self.rows:  # posted before lines were kept: the names alone
            return [{"rank": entry.rank, "base_name": entry.case_title} for entry in standing.values()]
        return [row for row in self.rows if not self.pk or row["entry"] in standing]

    def objections_to_settle(self):
        """Those without an outcome, and those upheld without a consequence for the list."""
        return self.objections.filter(models.Q(outcome="") | models.Q(outcome="upheld", consequence="")).order_by("pk")


class NoticeProof(models.Model):
    """A picture of the official page on which a notice stood, taken when it began or ended; a wrong one is made void."""

    MOMENTS = [("start", _("公示开始")), ("end", _("公示期满"))]

    notice = models.ForeignKey(Notice, models.PROTECT, related_name="proofs")
    moment = models.CharField(_("截图时点"), max_length=8, choices=MOMENTS)
    site = models.CharField(_("网站及栏目"), max_length=80)
    address = models.URLField(_("网址"), max_length=300)
    seen_on = models.DateField(_("截图日期"))
    document = models.ForeignKey(Document, models.PROTECT, related_name="+")
    entered_by = models.CharField(max_length=80)
    entered_at = models.DateTimeField()
    void_reason = models.CharField(max_length=200, blank=True)

    class Meta:
        ordering = ["-moment", "seen_on", "pk"]  # start before end

    def __str__(self) -> str:
        return f"{self.notice_id} {self.moment} {self.seen_on}"


class Objection(models.Model):
    """One objection to a notice. Blocks what waits for the notice until it is settled."""

    CHANNELS = [("web", _("网上")), ("phone", _("电话")), ("letter", _("来信")), ("visit", _("来访"))]
    CONSEQUENCES = [("removed", _("移出名单")), ("stays", _("维持列入"))]

    class Outcome(States):
        OPEN = "", BLUE, "progress", _("办理中")
        DISMISSED = "dismissed", GREY, "check", _("异议不成立")
        UPHELD = "upheld", ORANGE, "flag", _("异议成立")

    notice = models.ForeignKey(Notice, models.PROTECT, related_name="objections")
    number = models.CharField(max_length=30, unique=True)
    channel = models.CharField(max_length=10, choices=CHANNELS)
    name = models.CharField(max_length=60)
    contact = models.CharField(max_length=120)
    text = models.TextField()
    raised_at = models.DateTimeField()
    received_on = models.DateField(_("收到日期"), null=True)  # of a letter or a call that was entered later
    outcome = StateField(max_length=10, states=Outcome, blank=True, default=Outcome.OPEN)
    resolution = models.TextField(blank=True)
    entry = models.ForeignKey(ListEntry, models.PROTECT, null=True, related_name="objections")
    consequence = models.CharField(max_length=10, choices=CONSEQUENCES, blank=True)
    decision = models.TextField(_("维持列入的决定和理由"), blank=True)
    resolved_on = models.DateField(null=True)
    resolved_by = models.CharField(max_length=80, blank=True)
    document = models.ForeignKey(Document, models.PROTECT, null=True, related_name="+")  # what came with it
    ruling = models.ForeignKey(Document, models.PROTECT, null=True, related_name="+")  # the stamped finding

    def __str__(self) -> str:
        return self.number

    @property
    def came_on(self):
        """The day that counts: on which it was received."""
        return self.received_on or clock.local(self.raised_at).date()
