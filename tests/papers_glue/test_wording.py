"""正式文字: a form that must keep its official wording prints it to the letter, from a day on, for its version alone."""

from __future__ import annotations

import datetime as dt

import pytest
from django.urls import reverse

from core import clock
from core.papers.auto import default_layout
from core.papers.fixed import expanded, reworded, texts
from core.papers.layout import parse_layout
from regulations import fixedtexts
from regulations.models import Immutable, LocalWording
from tests.papers_glue.reading import fetched, papers_of, printed
from tests.papers_glue.reading import texts as pages_of
from tests.scenarios import house
from tests.scenarios.house import Person, done, fresh
from tests.tenants import factories

pytestmark = pytest.mark.django_db
FORM = "西昌学院研究生联合培养基地申报书"
NOTES = "第一条原文，用全角Ａ３纸。\n第二条原文——**年1月1日—**年12月31日。\n第三条原文。\n第四条原文。\n第五条是原表另有的。"


@pytest.fixture
def admin(school):
    return Person(factories.member(school.university, "admin", factories.user("孟管理")))


def address(school, key: str = "application") -> str:
    return reverse("regulations:wording", args=[school.version.regulation.code, school.version.number, key])


def place(school, kind: str, name: str):
    """The one fixed text of Annex 1 in an element of this kind under this name."""
    known = texts(fixedtexts.layout(school.version, "application"))
    return next(fixed for fixed in known if (fixed.kind, fixed.name) == (kind, name))


def enter(person, school, typed: dict, **more):
    known = {"from_on": "2026-03-02", "reason": "原表随西学院〔2025〕75号印发"}
    return person.client.post(address(school), {f"exact-{path}": text for path, text in typed.items()} | known | more)


def test_the_notes_are_printed_to_the_letter_from_their_day_on(school, draft, admin):
    notes, cover = place(school, "notes", "items"), place(school, "cover", "imprint")
    with clock.travel("2026-03-01T09:30"):
        assert admin.client.get(address(school)).status_code == 200
        assert enter(admin, school, {notes.path: NOTES, cover.path: "学 校 制"}).status_code == 302
        before = "".join(pages_of(printed(school.secretary, draft, f"{FORM}（草稿）")))
        assert "第五条是原表另有的" not in before
    with clock.travel("2026-03-02T09:30"):
        pages = pages_of(printed(school.secretary, draft, f"{FORM}（草稿）"))
        assert "学校制" in pages[0] and "西昌学院制" not in pages[0]
        for number, line in zip("一二三四五", NOTES.split("\n"), strict=True):
            assert f"{number}、{line}" in pages[1], pages[1]
        blank = "".join(pages_of(printed(school.secretary, draft, f"{FORM}（空白表）")))
        assert "五、第五条是原表另有的。" in blank
        said = admin.client.get(address(school)).content.decode()
        assert "西学院〔2025〕75号" in said and "孟管理" in said and "用全角Ａ３纸" in said


def test_a_paper_that_was_issued_before_keeps_its_words(school, draft, admin):
    with clock.travel("2026-03-03T10:00"):
        done(school.secretary.do(draft, "submit"))
        (issued,) = papers_of(fresh(draft))
    with clock.travel("2026-03-03T11:00"):
        enter(admin, school, {place(school, "notes", "items").path: NOTES}, from_on="2026-03-01")
        pdf = f"{draft.get_absolute_url()}papers/{issued.pk}/pdf/"
        assert "第五条是原表另有的" not in "".join(pages_of(fetched(school.secretary, pdf)))  # drawn only now
        said = "".join(pages_of(printed(school.secretary, fresh(draft), f"{FORM}（送审稿）")))
        assert "第五条是原表另有的" in said


def test_an_empty_text_takes_the_wording_back(school, draft, admin):
    notes = place(school, "notes", "items")
    with clock.travel("2026-03-02T09:00"):
        enter(admin, school, {notes.path: NOTES})
    with clock.travel("2026-03-03T09:00"):
        assert enter(admin, school, {notes.path: ""}, from_on="2026-03-03").status_code == 302
        said = "".join(pages_of(printed(school.secretary, draft, f"{FORM}（草稿）")))
        assert "第五条是原表另有的" not in said and "表内数据均为所依托学科" in said
    assert [row.text for row in LocalWording.objects.order_by("pk")] == [NOTES, ""]


def test_another_version_and_another_university_have_their_own(school, admin):
    with clock.travel("2026-03-02T09:00"):
        enter(admin, school, {place(school, "notes", "items").path: NOTES})
    at = clock.aware("2026-03-02T10:00")
    other = factories.university(name="另一学院")
    assert fixedtexts.in_force(school.version, "application", school.university, at)
    assert not fixedtexts.in_force(school.version, "application", other, at)
    assert not fixedtexts.in_force(house.published("nm"), "application", school.university, at)


@pytest.mark.parametrize(
    ("kind", "name", "text", "said"),
    [
        ("cover", "imprint", "第一行\n第二行", "只印一行，所填文字有2行"),
        ("cover", "title", "关于{partner_secret}的申报书", "不能使用{partner_secret}"),
        ("notes", "items", "第一条\n\n第三条", "其中有空行"),
        ("cover", "imprint", "学校\U00012f90制", "没有字形"),
        ("cover", "imprint", "字" * 4001, "最多4000个"),
        ("cover", "imprint", "西昌学院制", "没有改动"),
    ],
)
def test_what_does_not_fit_its_place_is_refused_and_kept(school, admin, kind, name, text, said):
    with clock.travel("2026-03-02T09:00"):
        answer = enter(admin, school, {place(school, kind, name).path: text})
    assert answer.status_code == 422
    page = answer.content.decode()
    assert said in page and (said == "没有改动" or text.split("\n")[0] in page)
    assert not LocalWording.objects.exists()
    without = enter(admin, school, {place(school, "cover", "imprint").path: "学校制"}, reason="")
    assert without.status_code == 422 and not LocalWording.objects.exists()


def test_the_preview_prints_what_is_typed_and_keeps_nothing(school, admin):
    typed = {place(school, "notes", "items").path: NOTES}
    with clock.travel("2026-03-02T09:00"):
        answer = enter(admin, school, typed, act="preview", reason="")
    assert answer["Content-Type"] == "application/pdf"
    assert "第五条是原表另有的" in "".join(pages_of(answer.content))
    assert not LocalWording.objects.exists()


def test_it_is_the_administrators_of_the_unit_whose_form_it_is(school, admin):
    with clock.travel("2026-03-02T09:00"):
        assert school.office.client.get(address(school)).status_code == 403
        assert school.secretary.client.get(address(school)).status_code == 404
        assert enter(school.office, school, {"1.items": "x"}).status_code == 403
        assert admin.client.get(address(school, "nothing")).status_code == 404
        page = admin.client.get(f"/regulations/{school.version.regulation.code}/{school.version.number}/")
        assert address(school) in page.content.decode()
        page = school.office.client.get(f"/regulations/{school.version.regulation.code}/{school.version.number}/")
        assert address(school) not in page.content.decode()
    assert not LocalWording.objects.exists()


def test_a_row_is_never_changed(school, admin):
    with clock.travel("2026-03-02T09:00"):
        enter(admin, school, {place(school, "cover", "imprint").path: "学校制"})
    row = LocalWording.objects.get()
    for change in (row.save, row.delete):
        with pytest.raises(Immutable):
            change()


def test_forms_that_the_house_lays_out_are_reached_like_those_of_a_layout():
    """Labels of sections that a layout takes from the form are fixed texts of the paper as well."""
    profile = house.published("nm").profile
    layout = parse_layout(profile.papers["application"].layout)
    whole = expanded(layout, profile.forms["application"])
    label = next(fixed for fixed in texts(whole) if fixed.kind == "grid" and fixed.name == "text")
    changed = reworded(whole, {label.path: "原表的栏目名"})
    assert [fixed.text for fixed in texts(changed) if fixed.path == label.path] == ["原表的栏目名"]
    assert len(texts(changed)) == len(texts(whole))
    form = profile.forms["six_aspects"]
    assert any(fixed.text == "申报理由是否充分" for fixed in texts(expanded(default_layout(form), form)))


def test_a_layout_that_says_something_else_meanwhile_is_left_alone():
    layout = parse_layout({"elements": [{"text": {"paragraphs": ["甲"]}}, {"part": {"title": "乙"}}]})
    known = texts(layout)
    moved = LocalWording(path="9.title", original="乙", text="乙的原文", from_on=dt.date(2026, 1, 1))
    gone = LocalWording(path="0.paragraphs", original="丙", text="丙的原文", from_on=dt.date(2026, 1, 1))
    assert fixedtexts.placed(known, [moved, gone]) == {"1.title": "乙的原文"}
