"""What people do to a form by mistake or on purpose: a clear message, nothing changed, nothing typed lost."""

from __future__ import annotations

import io
import time
from collections.abc import Callable, Iterator

import pytest
from django.contrib.sessions.models import Session
from openpyxl import load_workbook
from pypdf import PdfReader

from applications.models import Application
from casework.models import Objection
from core import clock
from core.forms import store
from core.models import Document
from tenants.demo import password_of
from tests.browser import assert_clean
from tests.browserjobs import drafts
from tests.browserjobs.site import _django_db_helper, _files_of_the_site, demo_site  # noqa: F401
from tests.forms.waiting import says, until
from tests.ground.browser import Watch
from tests.uploads import files

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
TYPED = "第三部分的数据与附件不一致，请核对后重新盖章。"
STALE_PAGE = "() => { const now = Date.now(); Date.now = () => now + 3600000; }"


@pytest.fixture
def sit(demo_site) -> Iterator[Callable]:  # noqa: F811
    """`sit("u1.clerk")` is a page of that account; at the end every page must have been free of faults.

    `sit.watch.expected` takes parts of messages that a test provokes on purpose.
    """
    watch = Watch(demo_site.url)
    contexts = []

    def sit_down(login: str, role: str = "", **options):
        page = demo_site.context(demo_site.membership(login, role), watch, **options)
        contexts.append(page.context)
        page.login = login
        return page

    sit_down.watch, sit_down.story = watch, demo_site.story
    yield sit_down
    for context in contexts:
        context.close()
    assert watch.faults == []


def form_of(page, case, key: str = "application"):
    page.goto(f"/cases/application/{case.pk}/forms/{key}/")


def log_in_again(page) -> None:
    page.wait_for_selector("#login-again[open]")
    page.fill("#login-again-password", password_of(page.login))
    page.click("#login-again button[type=submit]")


def lose(page) -> None:
    """The session is gone: an administrator's reset, a restart."""
    Session.objects.filter(pk=cookie(page)).delete()


def idle(page) -> None:
    """Half an hour without a request."""
    store = Session.objects.get(pk=cookie(page))
    held = store.get_decoded()
    held["seen"] = int(clock.real_now().timestamp()) - 30 * 60
    Session.objects.filter(pk=store.pk).update(session_data=Session.objects.encode(held))


def cookie(page) -> str:
    return next(one["value"] for one in page.context.cookies() if one["name"] == "sessionid")


# --- A session that ends while somebody types -------------------------------------------------------------------


@pytest.mark.parametrize("end", [lose, idle])
def test_an_opinion_is_sent_after_a_log_in_within_the_page(sit, end):
    case = drafts.recommending(sit.story)
    sit.watch.expected.append("401")
    page = sit("u1.clerk", "graduate_office")
    step = case.steps().get(state="open")
    page.goto(f"/cases/application/{case.pk}/do/act_on_step/?step={step.pk}&outcome=return")
    page.check("[name=f-outcome][value=return]")
    page.fill("[name=f-opinion]", TYPED)
    page.fill("[name=f-correction_due]", clock.today().isoformat())
    end(page)
    page.evaluate(STALE_PAGE)
    page.click("main form button[type=submit].btn-primary")
    log_in_again(page)
    page.wait_for_url(f"**/cases/application/{case.pk}/")
    assert drafts.fresh(case).state == "draft"
    assert drafts.times(case, "act_on_step") == 1
    assert TYPED in page.inner_text("main")


@pytest.mark.parametrize("end", [lose, idle])
def test_a_draft_is_saved_after_a_log_in_within_the_page(sit, end):
    case = drafts.nm(sit.story)
    sit.watch.expected.append("401")
    page = sit("u1c.secretary")
    form_of(page, case)
    end(page)
    page.fill("[name=f-industry_fit]", TYPED)
    log_in_again(page)
    says(page, "已暂存 ")
    assert drafts.answers_of(case, "application")["industry_fit"] == TYPED
    page.click("button:text-is('暂存并返回')")
    page.wait_for_url(f"**/cases/application/{case.pk}/")
    assert TYPED in page.inner_text("main")


def test_without_scripts_the_whole_form_comes_back_to_be_sent_again(sit):
    case = drafts.nm(sit.story)
    sit.watch.expected.append("401")
    page = sit("u1c.secretary", java_script_enabled=False)
    form_of(page, case)
    page.fill("[name=f-industry_fit]", TYPED)
    lose(page)
    page.click("button:text-is('暂存并返回')")
    assert TYPED in page.inner_text("main")
    assert drafts.answers_of(case, "application")["industry_fit"] != TYPED


# --- Twice, and two at once ---------------------------------------------------------------------------------------


def test_a_double_click_hands_in_once(sit):
    case = drafts.nm(sit.story)
    page = sit("u1c.secretary")
    page.goto(case.get_absolute_url())
    button = page.locator(".acts-list button:has-text('送审')")
    button.dblclick()
    if page.locator("#ask[open]").count():
        page.locator("#ask [data-answer=yes]").dblclick()
    page.wait_for_selector("#messages >> text=已办理：送审")
    assert drafts.fresh(case).state == "recommending"
    assert drafts.times(case, "submit") == 1


def test_the_same_act_from_two_windows_stands_once_and_says_so(sit):
    case = drafts.nm(sit.story)
    first = sit("u1c.secretary")
    second = first.context.new_page()
    sit.watch.follow(second)
    for page in (first, second):
        page.goto(case.get_absolute_url())
    for page in (first, second):
        page.locator(".acts-list button:has-text('送审')").click()
        if page.locator("#ask[open]").count():
            page.locator("#ask [data-answer=yes]").click()
        page.wait_for_selector("#messages")
    assert "已办理：送审" in first.inner_text("#messages")
    assert "“送审”已办理，无需重复提交。" in second.inner_text("#messages")
    assert drafts.times(case, "submit") == 1


def test_an_opinion_on_a_step_that_somebody_else_settled_comes_back(sit):
    case = drafts.recommending(sit.story)
    sit.watch.expected += ["409", "410"]  # the act, and the draft that is kept while it is typed
    step = case.steps().get(state="open")
    page = sit("u1.clerk", "graduate_office")
    page.goto(f"/cases/application/{case.pk}/do/act_on_step/?step={step.pk}&outcome=return")
    page.check("[name=f-outcome][value=return]")
    page.fill("[name=f-opinion]", TYPED)
    page.fill("[name=f-correction_due]", clock.today().isoformat())
    sit.story.do("u1.clerk2", case, "not_recommend", {"reason": "名额已满，本年不推荐。"})
    before = drafts.everything_of(case)
    page.click("main form button[type=submit].btn-primary")
    page.wait_for_selector("h1:has-text('此页面已不是最新')")
    assert TYPED in page.inner_text("main")
    assert_clean(page)
    assert drafts.everything_of(case) == before


def test_two_people_in_one_draft(sit):
    case = drafts.nm(sit.story)
    sit.watch.expected.append("409")
    ours, theirs = sit("u1c.secretary"), sit("u1c.secretary")
    for page in (ours, theirs):
        form_of(page, case)
    theirs.fill("[name=f-quality_statement]", "对方写的培养质量。")
    says(theirs, "已暂存 ")
    ours.fill("[name=f-quality_statement]", TYPED)
    ours.wait_for_selector("dialog.dform-conflict[open]")
    told = ours.inner_text("dialog.dform-conflict")
    assert TYPED in told and "对方写的培养质量。" in told
    assert drafts.answers_of(case, "application")["quality_statement"] == "对方写的培养质量。"
    ours.check("dialog.dform-conflict input[value=mine]")
    ours.click("dialog.dform-conflict .btn-primary")
    says(ours, "已暂存 ")
    assert drafts.answers_of(case, "application")["quality_statement"] == TYPED


def test_two_people_in_one_draft_without_scripts(sit):
    case = drafts.nm(sit.story)
    sit.watch.expected.append("409")
    page = sit("u1c.secretary", java_script_enabled=False)
    form_of(page, case)
    page.fill("[name=f-quality_statement]", TYPED)
    sit.story.fill("u1c.secretary", case, "application", {"quality_statement": "对方写的培养质量。"})
    page.click("button:text-is('暂存并返回')")
    told = page.inner_text("main")
    assert "您这次填写的内容没有覆盖对方的内容" in told
    assert TYPED in told and "对方写的培养质量。" in told
    assert drafts.answers_of(case, "application")["quality_statement"] == "对方写的培养质量。"


# --- Too long, of the wrong kind ----------------------------------------------------------------------------------


def test_a_text_that_is_too_long_is_counted_refused_and_kept(sit):
    case = drafts.annex1(sit.story)
    sit.watch.expected.append("422")
    page = sit("u4b.secretary")
    form_of(page, case, "annex1")
    long = "联合攻关成果。" * 100
    page.fill("[name=f-collab_results]", long)
    assert "超出200字" in page.inner_text("#f-collab_results-count")
    says(page, "已暂存 ")
    page.click("button[name=check]")
    page.wait_for_selector("#f-collab_results-error")
    assert "不超过500字" in page.inner_text("#f-collab_results-error")
    assert page.input_value("[name=f-collab_results]") == long
    page.goto(case.get_absolute_url())
    assert "近三年" in page.inner_text("main")
    assert drafts.answers_of(case, "annex1")["collab_results"] == long
    before = drafts.everything_of(case)
    answer = post(page, f"/cases/application/{case.pk}/do/submit/", {"seen": str(drafts.fresh(case).version)})
    assert answer.status == 422
    assert drafts.everything_of(case) == before


def test_wrong_kinds_are_named_beside_their_field_and_kept(sit):
    case = drafts.annex1(sit.story)
    sit.watch.expected.append("422")
    page = sit("u4b.secretary")
    form_of(page, case, "annex1")
    wrong = {
        "nat_count": "三项",
        "nat_funds": "1e5",
        "coll_leader_phone": "办公室",
        "coll_contact_email": "没有@",
    }
    for key, value in wrong.items():
        page.fill(f"[name=f-{key}]", value)
    says(page, "已暂存 ")
    page.click("button[name=check]")
    page.wait_for_selector("#f-nat_count-error")
    for key, value in wrong.items():
        assert page.input_value(f"[name=f-{key}]") == value
        assert page.inner_text(f"#f-{key}-error").strip(), key
    assert_clean(page)


def test_a_day_that_does_not_exist_is_told_and_kept(sit):
    """A browser's date field refuses it; one without such a field, or a script, sends it."""
    case = drafts.annex1(sit.story)
    sit.watch.expected.append("422")
    page = sit("u4b.secretary")
    form_of(page, case, "annex1")
    page.evaluate("document.querySelector('[name=f-applied_on]').type = 'text'")
    page.fill("[name=f-applied_on]", "2026-02-30")
    page.click("button[name=check]")
    page.wait_for_selector("#f-applied_on-error")
    assert page.input_value("[name=f-applied_on]") == "2026-02-30"


# --- Files --------------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def huge(tmp_path_factory):
    """Fifty megabytes that call themselves a PDF."""
    path = tmp_path_factory.mktemp("huge") / "扫描合订本.pdf"
    with path.open("wb") as out:
        out.write(b"%PDF-1.7\n")
        out.truncate(50 * 1024 * 1024)
    return path


def test_fifty_megabytes_are_refused_at_once(sit, huge):
    case = drafts.nm(sit.story)
    page = sit("u1c.secretary")
    form_of(page, case)
    page.fill("[name=f-industry_fit]", TYPED)
    documents = Document.objects.count()
    began = time.monotonic()
    page.locator("[data-field=capacity_evidence] input[type=file]").first.set_input_files(huge)
    until(
        page,
        "document.querySelector('[data-field=capacity_evidence] [data-chosen]').textContent.includes('MB')",
    )
    assert time.monotonic() - began < 10
    assert "“扫描合订本.pdf”为50 MB，超过20 MB的上限" in page.inner_text("[data-field=capacity_evidence] [data-chosen]")
    assert page.input_value("[name=f-industry_fit]") == TYPED
    assert Document.objects.count() == documents
    assert_clean(page)


def test_fifty_megabytes_without_scripts_are_refused_and_the_rest_is_kept(sit, huge):
    case = drafts.nm(sit.story)
    sit.watch.expected.append("422")
    page = sit("u1c.secretary", java_script_enabled=False)
    form_of(page, case)
    page.fill("[name=f-industry_fit]", TYPED)
    documents = Document.objects.count()
    page.locator("[data-field=capacity_evidence] input[type=file]").first.set_input_files(huge)
    page.click("button:text-is('暂存并返回')")
    assert "20 MB" in page.inner_text("main .dform-error >> nth=0")
    assert page.input_value("[name=f-industry_fit]") == TYPED
    assert Document.objects.count() == documents


def false_files(folder) -> list:
    made = {
        "信用证明.pdf": "这是一个文本文件。".encode(),
        "安装程序.pdf": b"MZ\x90\x00" + b"\0" * 2000,
        "带脚本.pdf": files.script_pdf(),
        "膨胀.docx": files.rezipped(files.docx(), add={"word/media/image1.bin": b"\0" * 120 * 1024 * 1024}),
    }
    for name, content in made.items():
        (folder / name).write_bytes(content)
    return [folder / name for name in made]


def test_what_is_no_such_file_is_refused_by_name_and_nothing_of_it_is_kept(sit, tmp_path):
    case = drafts.nm(sit.story)
    sit.watch.expected.append("422")
    page = sit("u1c.secretary")
    form_of(page, case)
    documents = Document.objects.count()
    page.locator("[data-field=capacity_evidence] input[type=file]").first.set_input_files(false_files(tmp_path))
    place = "[data-field=capacity_evidence] [data-chosen]"
    until(page, f"document.querySelector('{place}').textContent.includes('膨胀.docx”')")
    said = page.inner_text(place)
    for name in ("信用证明.pdf", "安装程序.pdf", "带脚本.pdf", "膨胀.docx"):
        assert f"“{name}”" in said, said
    assert Document.objects.count() == documents
    assert page.locator("[data-field=capacity_evidence] [data-file-list] li").count() == 0


def test_a_move_whose_file_is_refused_is_not_made(sit, tmp_path):
    """Also where the file may be left out: whoever sent one meant it."""
    objection = Objection.objects.filter(outcome="").first()
    notice, documents = objection.notice, Document.objects.count()
    sit.watch.expected.append("422")
    page = sit("u1.clerk", "graduate_office")
    page.goto(f"/cases/notice/{notice.pk}/do/resolve_objection/")
    page.check(f"[name=f-objection][value='{objection.pk}']")
    page.check("[name=f-outcome][value=dismissed]")
    page.fill("[name=f-resolution]", TYPED)
    page.locator("[data-field=file] input[type=file]").first.set_input_files(false_files(tmp_path)[0])
    page.click("main form button[type=submit].btn-primary")
    page.wait_for_selector("[role=alert]")
    assert "“信用证明.pdf”的内容不是可接收的格式" in page.inner_text("[role=alert]")
    assert page.input_value("[name=f-resolution]") == TYPED
    assert page.is_checked("[name=f-outcome][value=dismissed]")
    objection.refresh_from_db()
    assert (objection.outcome, Document.objects.count()) == ("", documents)
    assert_clean(page)


# --- Signs that mean something elsewhere --------------------------------------------------------------------------

HOSTILE = '<img src=x onerror="alert(1)"><script>alert(2)</script>{{ 7*7 }}'
FORMULA = '=HYPERLINK("http://example.invalid","点")'
WORDS = "main [data-type={}]:not([data-row] *) :is(input, textarea)[name]"


def type_everywhere(page) -> None:
    """Mark-up into every text, a formula into every name and every cell of the tables."""
    for kind, text in (("text", FORMULA), ("person", FORMULA), ("longtext", HOSTILE)):
        for one in page.locator(WORDS.format(kind)).all():
            if one.is_editable():
                one.fill(text)
    for one in page.locator("tbody [data-row] :is([data-type=text], [data-type=person]) input").all():
        one.fill(FORMULA)


def squeezed(text: str) -> str:
    return "".join(text.split())


def hold_to_text(page, case) -> None:
    """The case's page and everything it offers to print show what was typed, as text."""
    page.goto(case.get_absolute_url())
    shown = squeezed(page.inner_text("main"))
    assert squeezed(HOSTILE) in shown and squeezed(FORMULA) in shown
    assert page.locator("img[src=x]").count() == 0
    assert page.locator("main script").count() == 0
    links = page.locator("a[href*='/prints/'], a[href*='draft.pdf']").evaluate_all("all => all.map(a => a.href)")
    kinds: set[str] = set()
    for link in dict.fromkeys(links):
        answer = page.request.get(link)
        assert answer.status == 200, link
        kinds.add(answer.headers["content-type"])
        if "pdf" in answer.headers["content-type"]:
            text = squeezed("".join(one.extract_text() for one in PdfReader(io.BytesIO(answer.body())).pages))
            assert "blank" in link or squeezed(FORMULA) in text, link
        elif "spreadsheet" in answer.headers["content-type"]:
            assert FORMULA in texts_of(answer.body()), link
    assert "application/pdf" in kinds, links


def texts_of(content: bytes) -> set:
    """The texts of a workbook, none of which may be a formula."""
    cells = [cell for sheet in load_workbook(io.BytesIO(content)) for row in sheet.iter_rows() for cell in row]
    assert not [cell.coordinate for cell in cells if cell.data_type == "f"]
    return {str(cell.value).lstrip("'") for cell in cells if cell.value is not None}


def no_dialog(page) -> None:
    page.on("dialog", lambda dialog: pytest.fail(f"the page ran what was typed: {dialog.message}"))


def test_signs_in_every_text_of_the_nm_application_stay_text(sit):
    case = drafts.nm(sit.story)
    page = sit("u1c.secretary")
    no_dialog(page)
    form_of(page, case)
    type_everywhere(page)
    says(page, "已暂存 ")
    page.click("button:text-is('暂存并返回')")
    page.wait_for_url(f"**/cases/application/{case.pk}/")
    hold_to_text(page, case)
    answer = page.request.get("/applications/?export=all")
    assert FORMULA in texts_of(answer.body())


def test_signs_in_every_text_of_annex_1_stay_text(sit):
    case = drafts.annex1(sit.story, partner="P8")
    for login in ("u4b.secretary", "p8.contact"):
        page = sit(login)
        no_dialog(page)
        form_of(page, case, "annex1")
        type_everywhere(page)
        says(page, "已暂存 ")
        page.click("button:text-is('暂存并返回')")
        page.wait_for_url(f"**/cases/application/{case.pk}/")
        hold_to_text(page, case)
    assert FORMULA in texts_of(page.request.get("/applications/?export=all").body())


# --- Forged ------------------------------------------------------------------------------------------------------


def post(page, address: str, data: dict):
    """What a forged page would send: with this session's cookie and form token."""
    token = page.request.get("/session/").json()["token"]
    return page.request.post(
        address,
        form={"csrfmiddlewaretoken": token, **data},
        headers={"Referer": page.context.base_address + "/"},
        max_redirects=0,
    )


def test_foreign_ids_in_a_draft_are_named_and_lead_nowhere(sit):
    case, other = drafts.nm(sit.story), drafts.annex1(sit.story)
    page = sit("u1c.secretary")
    stranger = Document.objects.filter(case_kind="application", case_id=other.pk).first()
    foreign = sit.story.unit("U2A")
    forged = {
        "f-partner": str(foreign.pk),
        "f-partner_kind": "forged",
        "f-sectors": "forged",
        "f-degree_category": "9999",
        "f-other_files": [str(stranger.pk), "²"],
    }
    form = f"/cases/application/{case.pk}/forms/application/"
    revision = store.load(case, "application").revision
    assert post(page, form, {"revision": str(revision), **forged, "check": "1"}).status == 200
    page.goto(f"{form}?check=1")
    for key in ("partner", "partner_kind", "sectors", "degree_category"):
        assert page.locator(f"#f-{key}-error").inner_text().strip(), key
    page.goto(case.get_absolute_url())
    shown = page.inner_text("main")
    assert foreign.name not in shown and stranger.name not in shown.replace("其他佐证.pdf", "")
    assert page.locator(f"a[href='/documents/{stranger.uid}/']").count() == 0
    assert page.request.get(f"/documents/{stranger.uid}/").status == 404
    before = drafts.everything_of(case)
    answer = post(page, f"/cases/application/{case.pk}/do/submit/", {"seen": str(drafts.fresh(case).version)})
    assert answer.status == 422
    assert "不在可选范围内" in answer.text() and foreign.name not in answer.text()
    assert drafts.everything_of(case) == before


@pytest.mark.parametrize("revision", ["0", "999999999", "-1", "x", "²", "9" * 40, ""])
def test_a_forged_revision_overwrites_nothing(sit, revision):
    case = drafts.nm(sit.story)
    page = sit("u1c.secretary")
    before = drafts.everything_of(case)
    answer = post(page, f"/cases/application/{case.pk}/forms/application/", {"revision": revision, "f-leader": TYPED})
    assert answer.status == 409
    assert TYPED in answer.text()
    assert drafts.everything_of(case) == before


def test_forged_steps_and_outcomes_are_refused(sit):
    case, other = drafts.recommending(sit.story), drafts.recommending(sit.story)
    page = sit("u1.clerk", "graduate_office")
    own, strange = (one.steps().get(state="open") for one in (case, other))
    before = drafts.everything_of(case), drafts.everything_of(other)
    here = f"/cases/application/{case.pk}/do/act_on_step/"
    typed = {"f-outcome": "return", "f-opinion": TYPED, "f-correction_due": clock.today().isoformat()}
    sent = [
        ({"step": str(strange.pk), **typed}, {409}),
        ({"step": "²", **typed}, {409}),
        ({"step": "9" * 40, **typed}, {409}),
        ({**typed}, {409}),
        ({"step": str(own.pk), **typed, "f-outcome": "forged"}, {422}),
        ({"step": str(own.pk), **typed, "f-correction_due": "2026-13-45"}, {422}),
        ({"step": str(own.pk), **typed, "seen": "9" * 30}, {409, 422}),
        ({"step": str(own.pk), **typed, "seen": "999999"}, {409}),
    ]
    for data, wanted in sent:
        answer = post(page, here, data)
        assert answer.status in wanted, (data, answer.status)
        assert TYPED in answer.text(), data
        assert (drafts.everything_of(case), drafts.everything_of(other)) == before, data


def test_a_member_of_another_house_is_no_expert_here(sit):
    """The number of a stranger's membership in the list of experts."""
    case = Application.objects.get(title="望川医科大学—城东医院基地")
    step = case.steps().get(key="expert_review", state="open")
    page = sit("ped.officer", "officer")
    before, asked = drafts.everything_of(case), step.assignments.count()
    for stranger in (sit.story.who("u4.finance").pk, sit.story.who("p8.contact").pk, 10**9):
        answer = post(
            page,
            f"/cases/application/{case.pk}/do/assign_expert/",
            {"step": str(step.pk), "f-expert": str(stranger), "f-closes_on": clock.today().isoformat()},
        )
        assert answer.status == 422
        assert 'role="alert"' in answer.text()
    assert (drafts.everything_of(case), step.assignments.count()) == (before, asked)


def test_without_the_form_token_nothing_is_taken(sit):
    case = drafts.nm(sit.story)
    page = sit("u1c.secretary")
    before = drafts.everything_of(case)
    for address in (
        f"/cases/application/{case.pk}/do/submit/",
        f"/cases/application/{case.pk}/forms/application/",
    ):
        answer = page.request.post(address, form={"revision": "1", "f-leader": TYPED}, max_redirects=0)
        assert answer.status == 403
    assert drafts.everything_of(case) == before
