"""The frame: who is shown as what, the demo ribbon, error pages, badges and due dates, what must never be inline."""

from __future__ import annotations

import datetime as dt
import re
from pathlib import Path

import pytest
from django.template import Context, Template
from django.template.loader import render_to_string
from django.test import Client, RequestFactory
from django.views.defaults import server_error

from core import clock, state_styles
from core.findings import Finding
from core.pages import ActionChoice, CasePage, CurrentStep, LogEntry, PageFinding, group_log
from core.states import States
from portal import gallery
from tenants.models import Organisation
from tests.tenants import factories
from tests.ui.test_home import signed_in

TODAY = dt.date(2026, 11, 20)
ROOT = Path(__file__).resolve().parents[2]


def draw(source: str, **context) -> str:
    return Template("{% load ui %}" + source).render(Context(context))


@pytest.mark.parametrize(
    ("days", "tone", "words"),
    [
        (-1, "red", "逾期1天"),
        (0, "red", "今天到期"),
        (7, "red", "剩7天"),
        (8, "orange", "剩8天"),
        (30, "orange", "剩30天"),
        (31, "yellow", "剩31天"),
        (60, "yellow", "剩60天"),
        (61, "blue", "剩61天"),
        (90, "blue", "剩90天"),
        (91, "grey", "剩91天"),
    ],
)
def test_four_colour_warning(days, tone, words):
    found = state_styles.of_due(TODAY + dt.timedelta(days=days), TODAY)
    assert (found[0], found[2]) == (tone, words)


def icons_drawn() -> set[str]:
    """Names of the symbols in the sprite."""
    return set(re.findall(r'<symbol id="([\w-]+)"', (ROOT / "static/img/icons.svg").read_text(encoding="utf-8")))


def test_every_state_has_a_known_tone_and_an_icon_that_exists():
    sprite = icons_drawn()
    states = [state for kind in States.__subclasses__() for state in kind]
    assert {type(state).__qualname__ for state in states} >= {"Application.State", "Agreement.State", "PaperState"}
    for state in states:
        assert state.tone in state_styles.TONES and state.icon in sprite, repr(state)
    assert set(state_styles.TONE_ICON.values()) <= sprite


def test_icons_named_in_templates_exist():
    sprite = icons_drawn()
    for template in (ROOT / "templates").rglob("*.html"):
        named = set(re.findall(r'{% icon "([\w-]+)"', template.read_text(encoding="utf-8")))
        assert named <= sprite, f"{template}: {named - sprite}"


def test_red_never_means_success():
    for state in (state for kind in States.__subclasses__() for state in kind):
        if state in ("approved", "active", "signed", "passed", "done", "matched", "submitted"):
            assert state.tone == "green", repr(state)


@pytest.mark.django_db
def test_a_state_read_from_the_database_knows_its_word_and_colour():
    made = factories.member(factories.university(), "graduate_office", state="suspended")
    state = type(made).objects.get(pk=made.pk).state
    assert (state, state.tone, state.icon, str(state.label)) == ("suspended", "orange", "pause", "已停用")
    assert "tag-orange" in draw("{% state_badge state state.label %}", state=state)


def test_an_unknown_state_is_grey_and_readable():
    text = draw("{% state_badge 'brand_new' '新状态' %}")
    assert "tag-grey" in text and "新状态" in text


def test_badges_escape_their_words():
    text = draw("{% state_badge code label title %}", code="draft", label="<b>x</b>", title='"><i>')
    assert "<b>" not in text and "<i>" not in text


def test_sentences_get_one_full_stop():
    assert draw("{{ a|sentence }}{{ b|sentence }}{{ c|sentence }}", a="甲", b="乙。", c="") == "甲。乙。"


def test_dates_are_shanghai_days():
    late = dt.datetime(2026, 11, 20, 17, 30, tzinfo=dt.UTC)
    assert draw("{{ at|day }} {{ at|moment }}", at=late) == "2026-11-21 2026-11-21 01:30"


def test_file_sizes():
    assert (
        draw("{{ a|file_size }} {{ b|file_size }} {{ c|file_size }}", a=12, b=2048, c=3_400_000) == "12 B 2 KB 3.2 MB"
    )


# --- dataclasses of the case page ------------------------------------------------------------------------------


def page_with(*choices) -> CasePage:
    return CasePage("application", "申报项目", 1, "基地", "N", 1, "draft", "草稿", "/", choices=list(choices))


def test_the_one_blue_button():
    first, second = ActionChoice("a", "甲", True), ActionChoice("b", "乙", True, primary=True)
    assert page_with(first, second).primary is second
    assert page_with(first).primary is first
    assert page_with(ActionChoice("c", "退回", True, careful=True)).primary is None
    assert page_with(ActionChoice("d", "丁", False, primary=True)).primary is None


def test_harmful_acts_stand_behind_the_others():
    careful, plain = ActionChoice("c", "退回", True, careful=True), ActionChoice("p", "转办", True)
    page = page_with(careful, plain, ActionChoice("x", "送审", True, primary=True))
    assert page.others == [plain, careful]


def test_findings_by_what_they_do():
    groups = [found.group for found in gallery.findings()]
    assert groups == ["blocking", "exception", "passed", "hint"]
    assert PageFinding(Finding("C-1", "default", "x")).clause_text == "C-1"


def test_days_of_a_step():
    with clock.travel("2026-11-20T10:00"):
        step = CurrentStep("审核", "学校", due=dt.date(2026, 11, 18), since=clock.aware("2026-11-10T23:00"))
        assert (step.days_left, step.days_open) == (-2, 10)


def test_log_by_round_and_what_was_entered_later():
    at = clock.aware("2026-11-20T10:00")
    entries = [
        LogEntry("甲", "校", "送审", at, on=at.date(), round=1),
        LogEntry("乙", "校", "登记", at, on=TODAY - dt.timedelta(days=2), round=2),
    ]
    assert [number for number, _rows in group_log(entries)] == [2, 1]
    assert [entry.backdated for entry in entries] == [False, True]


# --- pages -------------------------------------------------------------------------------------------------------


@pytest.mark.django_db
def test_demo_ribbon_only_for_demo_organisations():
    member = factories.member(factories.university(), "graduate_office")
    assert 'class="ribbon"' not in signed_in(member).get("/").content.decode()
    Organisation.objects.filter(pk=member.organisation_id).update(is_demo=True)
    text = signed_in(member).get("/").content.decode()
    assert 'class="ribbon"' in text and "（演示）" in text


@pytest.mark.django_db
def test_switch_offers_every_membership_and_menus_differ():
    person = factories.user()
    office = factories.member(factories.university(name="甲大学"), "graduate_office", person)
    factories.member(factories.partner(name="乙医院"), "contact", person)
    client = signed_in(office)
    text = client.get("/").content.decode()
    assert "甲大学" in text and "乙医院" in text and "首页（需要我办的）" not in text
    other = person.memberships.get(role="contact")
    client.post("/switch/", {"membership": other.pk})
    assert "首页（需要我办的）" in client.get("/").content.decode()


@pytest.mark.django_db
def test_not_found_keeps_the_frame_and_says_who_one_is():
    member = factories.member(factories.university(name="甲大学"), "graduate_office")
    answer = signed_in(member).get("/nothing-here/")
    text = answer.content.decode()
    assert answer.status_code == 404
    assert "没有找到这个页面" in text and "甲大学·研究生处" in text and 'id="menu"' in text


def test_the_page_for_errors_needs_neither_request_nor_database():
    answer = server_error(RequestFactory().get("/"))
    text = answer.content.decode()
    assert answer.status_code == 500 and "页面暂时打不开" in text
    assert "无权" not in text and "操作失败" not in text


@pytest.mark.django_db
def test_gallery_is_not_for_production(settings):
    assert Client().get("/gallery/").status_code == 200
    settings.DEBUG, settings.TESTING, settings.PRODUCTION = False, False, True
    assert Client().get("/gallery/").status_code == 404
    assert Client().get("/gallery/?page=case").status_code == 404


FORBIDDEN_WORDS = ("租户", "实例", "流程引擎", "规则引擎", "权限不足", "操作失败", "非法")


@pytest.mark.django_db
@pytest.mark.parametrize("name", ["", *gallery.PAGES])
def test_pages_have_nothing_inline_and_no_forbidden_word(name):
    text = Client().get("/gallery/", {"page": name} if name else {}).content.decode()
    assert not re.search(r"<script(?![^>]*\bsrc=)", text)
    assert "<style" not in text
    assert not re.search(r'\sstyle="', text)
    assert not re.search(r"\son\w+=", text)
    assert not re.search(r'(?:src|href)="(?:https?:)?//', text)
    for word in FORBIDDEN_WORDS:
        assert word not in text


def test_every_part_of_a_case_page_is_drawn():
    text = render_to_string("casework/case.html", {"page": gallery.case()})
    for words in (
        "填写审核意见",
        "退回修改",
        "推荐单位审核尚未完成",
        "未通过 1",
        "可例外 1",
        "去填写",
        "申请例外办理",
        "第1轮",
        "登记线下审批",
        "决定人：骆思齐（副校长）（由高柏年登记）",
        "补录",
        "已作废的版本",
        "应盖印章",
        "原件存放处",
        "代拟稿",
        "补正期限",
        "已停留3天",
        "相关事项",
    ):
        assert words in text, words
