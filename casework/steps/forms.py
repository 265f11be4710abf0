"""The input form of a step, put together from its kind, its paper and the form its profile names."""

from __future__ import annotations

from django.db.models import Q
from django.utils.translation import gettext as _

from casework.papers import parcels
from casework.specs import PAPER, cited, field, form, options, reason
from casework.steps import corrections
from casework.steps.kind import kind_of
from core.door import LinkActor, Refused
from regulations import wording
from tenants.models import Membership, Organisation, Party

UNITS = "units"  # the answer of a step that chooses who acts in a later one
NAMED = "named"  # the answer of a step that says which unit a column of the case holds from then on


def step_form(case, actor, data, step) -> dict:
    """The form spec of a step as its acting person sees it now.

    With the outcome "return" or "negative" only the reason is asked for: nobody has to fill in a review in order to
    send a dossier back.
    """
    kind, declared = kind_of(step), case.step_declaration(step.key)
    raw = data.get("answers", data)
    outcome = raw.get("outcome") or "positive"
    sections = []
    profile_form = case.profile.forms.get(declared.form) if declared.form else None
    if profile_form and outcome == "positive":
        for section in profile_form.sections:
            if declared.section is None or section.key == declared.section:
                sections.append(section.for_a_step())
    own = [
        field("outcome", "choice", _("办理意见"), options=options(kind.outcomes_for(case, declared))),
        *kind.fields_for(case, step, declared, outcome),
    ]
    needed = outcome != "positive" or kind.wants_opinion(declared)
    own.append(field("opinion", "longtext", _("意见"), max_chars=2000, required=needed))
    if outcome == "return":
        own += corrections.fields(case, chosen=True)
    elif not raw.get("outcome") and "return" in dict(kind.outcomes_in(case)):
        own += corrections.fields(
            case, chosen=False
        )  # the outcome is not chosen yet: what it will ask for stands there
    if outcome != "positive" and actor.organisation_id != step.unit_id:
        own += _offline_fields(case, step, declared, actor, scan=False)
    if outcome == "positive":
        own += _unit_fields(case, declared)
        own += _evidence_fields(declared)
        for_others = _offline_fields(case, step, declared, actor)
        own = [asked for asked in own if asked["key"] not in {other["key"] for other in for_others}] + for_others
        if declared.paper is not None and declared.paper.scan != "none":
            own += [_scan_field(declared, case.waived(step)), *courier_fields(case, step.unit)]
    sections.append(cited({"key": "act", "title": wording.words(declared.title), "fields": own}, declared))
    spec = form(f"step_{step.key}", wording.words(declared.title))
    return {**spec, "sections": sections}


def _unit_fields(case, declared) -> list[dict]:
    """Which unit has the main part from now on (`names`), and which act in the later steps of the case that take theirs from
    this one (`unit_from`): where it has both, the one named acts in any event."""
    later = (step for step in case.declared_route() if step.unit_from == declared.key and case.follows(step))
    fields = []
    if declared.names is not None:
        chosen = options(units_in(case, declared.names))
        fields.append(
            field(NAMED, "choice", _("负责院系"), options=chosen, help=_("本项目今后由该院系经办、留存资料。"))
        )
    for column in sorted({step.unit for step in later})[:1]:
        label = _("办理单位") if declared.names != column else _("另外参加的院系")
        chosen, needed = options(units_in(case, column)), declared.names != column
        many = _("可选多个，各办一份。") if needed else _("没有可不选；可选多个，各办一份。")
        fields.append(field(UNITS, "multichoice", label, options=chosen, required=needed, help=many))
    return fields


def units_in(case, column: str) -> list[tuple[int, str]]:
    """The organisations that may act in a column of a case, as (id, name): the university's colleges, the partners of the
    case, the universities of the authority, the authority itself."""
    active = Organisation.objects.filter(active=True)
    if column == "college":
        rows = active.filter(kind="college", parent=case.university)
    elif column == "partner":
        further = Party.about(case).filter(role="partner", until_on=None)
        rows = active.filter(Q(pk=case.partner_id) | Q(pk__in=further.values("organisation")))
    elif column == "university":
        rows = active.filter(kind="university", parent=case.university.parent) if case.university else active.none()
    else:
        rows = active.filter(pk=getattr(case.route_unit(column), "pk", None))
    return [(row.pk, row.display_name) for row in rows.order_by("name")]


def _scan_field(declared, waived) -> dict:
    """The stamped paper; one that was let wait may be left out until its day."""
    help = _("用手机拍照即可，可多张，系统合成一份PDF。")
    if waived is not None:
        help = _("已准予后补（%(n)s），请于%(day)s前补交。") % {"n": waived.number, "day": waived.due_on}
    return field(
        "scan",
        "file",
        _("盖章件扫描件（%(seal)s）") % {"seal": wording.words(declared.paper.seal) or _("公章")},
        accept=PAPER,
        required=waived is None,
        min_files=0 if waived else 1,
        max_files=20,
        help=help,
    )


def courier_fields(case, sender) -> list[dict]:
    """By which courier the original is on its way, where the unit sends it to another."""
    if parcels.recipient(case, sender) is None:
        return []
    help = _("原件已寄出的填写，便于对方查收；当面送交或以后再寄的不填，以后可在“盖章件”处登记。")
    return [
        field("courier", "text", _("快递公司"), required=False, max_chars=parcels.COURIER_CHARS, holds="contact"),
        field("courier_number", "text", _("快递单号"), required=False, max_chars=60, holds="contact", help=help),
    ]


def supply_scan(case, actor, data, subject) -> dict:
    """The stamped paper that was let wait, and by which courier its original is on its way."""
    return form(
        "supply_scan",
        _("补交盖章件"),
        field(
            "scan",
            "file",
            _("盖章件扫描件（全部页）"),
            accept=PAPER,
            min_files=1,
            max_files=20,
            help=_("用手机拍照即可，可多张，系统合成一份PDF。"),
        ),
        *courier_fields(case, subject.requester),
    )


def _evidence_fields(declared) -> list[dict]:
    return [
        {
            **field(
                f"evidence_{item.code}",
                "file",
                wording.words(item.label),
                accept=[*PAPER, "docx", "xlsx"],
                max_files=10,
            ),
            **({"clause": item.clause, "local": False} if item.clause else {}),
        }
        for item in declared.evidence
    ]


def _offline_fields(case, step, declared, actor, scan: bool = True) -> list[dict]:
    """Who decided and when, for people who never log in: entered by the clerk with the signed paper. `scan`: the form
    asks for the step's stamped paper already, where the profile wants one."""
    for_others = actor.organisation_id != step.unit_id
    if isinstance(actor, LinkActor):  # decides in person
        return []
    if kind_of(step).decided_by_body or not declared.offline or (actor.role == step.role and not for_others):
        return []
    fields = [
        field("decided_by", "text", _("作出意见的人"), max_chars=40, help=_("姓名与职务，如：蒋维桢（院长）")),
        field("decided_on", "date", _("签署日期")),
    ]
    if not scan or declared.paper is None or declared.paper.scan == "none":
        fields.append(field("signed", "file", _("签字件"), accept=PAPER, min_files=1, max_files=5))
    return fields


def successors(step):
    """Who may take a step of a person over: the others of its role in its unit."""
    return Membership.objects.of(step.unit_id, step.role).exclude(user_id=step.assignee.user_id)


def successor(step, chosen: str) -> Membership:
    """One of them by id. Raises Refused for anybody else."""
    member = successors(step).filter(pk=int(chosen)).first()
    if member is None:
        raise Refused(_("所选人员不是本单位同一身份的在任成员，不能移交。请重新选择。"))
    return member


def hand_over_form(case, actor, data, step) -> dict:
    """To whom a step of a person goes, and why."""
    people = [(member.pk, member.user.name) for member in successors(step)]
    return form("hand_over", _("移交待办"), field("to", "choice", _("移交给"), options=options(people)), reason())
