"""Forms in browsers as people have them: older ones, several tabs, a log-in elsewhere, an input method, a spreadsheet."""

from __future__ import annotations

import pytest

from core.forms import store
from tests.forms import sample
from tests.forms.conftest import PASSWORD
from tests.forms.urls import CLERK, Dossier
from tests.forms.waiting import SAY, says, until
from tests.uploads import files

pytestmark = [
    pytest.mark.browser,
    pytest.mark.urls("tests.forms.urls"),
    pytest.mark.django_db(transaction=True),
    pytest.mark.usefixtures("own_templates"),
]
OLDER = """delete HTMLFormElement.prototype.requestSubmit; delete SubmitEvent.prototype.submitter;
delete HTMLDialogElement.prototype.showModal; delete Navigator.prototype.locks;"""
LATER = "() => { const now = Date.now; Date.now = () => now() + 3600000; }"
PASTE = """([selector, text]) => {
  const data = new DataTransfer();
  data.setData("text/plain", text);
  const event = new ClipboardEvent("paste", { clipboardData: data, bubbles: true, cancelable: true });
  document.querySelector(selector).dispatchEvent(event);
}"""


def row():
    return store.load(Dossier(), "sample")


@pytest.fixture
def page(form_page):
    store.save(Dossier(), "sample", 1, sample.changed(proof=None), 0, CLERK)
    return form_page("/fill/")


def test_an_older_browser_fills_in_saves_and_sends(page, new_page):
    """Safari 15 and older web views: no requestSubmit, no submitter, no modal dialogs, no locks."""
    new_page.watch.expected.append("422")
    page.add_init_script(OLDER)
    page.reload()
    page.fill("#f-leader", "何婧")
    says(page, "已暂存 ")
    page.fill("#f-leader", "何婧（副院长）")
    page.evaluate(LATER)
    with page.expect_navigation():
        page.click("button[name=check]")
    assert page.input_value("input[name=revision]") == "3"
    assert row().answers["leader"] == "何婧（副院长）"
    page.evaluate(LATER)
    page.click("#save")
    page.wait_for_url("**/read/")


def logged_in(page, username: str):
    """Another tab of the same browser logs out and in again."""
    other = page.context.new_page()
    other.goto("/accounts/logout/")
    other.click("main form button[type=submit]")
    other.goto("/accounts/login/")
    other.fill("[name=login]", username)
    other.fill("[name=password]", PASSWORD)
    other.click("main form button[type=submit]")
    other.wait_for_load_state()
    other.close()


def test_a_log_in_in_another_tab_in_the_middle_of_a_form(page, new_page, django_user_model, tmp_path):
    new_page.watch.expected += ["403", "409"]
    page.fill("#f-leader", "何")
    says(page, "已暂存 ")
    logged_in(page, "wen.lan")
    page.fill("#f-leader", "何婧")
    until(page, "document.querySelector('input[name=revision]').value === '3'")
    assert row().answers["leader"] == "何婧"
    (tmp_path / "证明.pdf").write_bytes(files.pdf())
    page.locator("input[name=upload-proof]").first.set_input_files(tmp_path / "证明.pdf")
    page.wait_for_selector("[data-file-list] a")
    says(page, "已暂存 ")
    django_user_model.objects.create_user("zhao.gong", email="z@example.org", password=PASSWORD, name="赵龚")
    logged_in(page, "zhao.gong")
    before = row().revision
    page.fill("#f-leader", "何婧（院长）")
    says(page, "换成了“赵龚”")
    assert (row().revision, page.input_value("#f-leader")) == (before, "何婧（院长）")


def test_two_tabs_keep_what_each_holds(page, new_page):
    new_page.watch.expected.append("ERR_FAILED")
    page.route("**/fill/autosave/", lambda route: route.abort())
    page.fill("#f-leader", "甲页所填")
    says(page, "连不上")
    other = page.context.new_page()
    other.goto("/fill/")
    assert other.locator(".dform-kept").count() == 0  # the first tab still has its own
    other.fill("#f-leader", "乙页所填")
    says(other, "已暂存 ")
    kept = "Object.keys(localStorage).filter(key => key.startsWith('lianpei:typed:')).map(key => localStorage[key])"
    (first,) = page.evaluate(kept)
    assert "甲页所填" in first
    page.close()
    other.reload()
    other.wait_for_selector(".dform-kept")


def test_what_was_sent_is_not_offered_again_and_composing_is_no_text(page, new_page):
    new_page.watch.expected.append("422")
    page.fill("#f-funds", "855,000.50")
    with page.expect_navigation():
        page.click("button[name=check]")
    assert page.input_value("#f-funds") == "855000.50"
    page.wait_for_timeout(300)
    assert page.locator(".dform-kept").count() == 0
    page.evaluate(
        """() => { const box = document.querySelector("#f-leader"); box.value = "he'j";
        box.dispatchEvent(new CompositionEvent("compositionstart", { bubbles: true }));
        box.dispatchEvent(new InputEvent("input", { bubbles: true, isComposing: true })); }"""
    )
    page.wait_for_timeout(1800)
    assert "未暂存" not in page.evaluate(SAY)
    page.evaluate(
        """() => { const box = document.querySelector("#f-leader"); box.value = "何婧";
        box.dispatchEvent(new CompositionEvent("compositionend", { bubbles: true })); }"""
    )
    says(page, "已暂存 ")
    assert row().answers["leader"] == "何婧"


def test_rows_of_a_spreadsheet_are_spread_after_a_look(page):
    first = "[data-table=equipment] tbody tr:first-child [data-field=name] input"
    copied = '光谱仪\t2021年3月\t１２0,000\n离心机\t2022-05\t230000\n"大型\n温室"\t2020.1\t100000\n'
    page.evaluate(PASTE, [first, copied])
    page.click(".dform-paste .btn-plain")
    assert page.input_value(first) != "光谱仪"
    page.evaluate(PASTE, [first, copied])
    assert page.locator(".dform-paste tbody tr").count() == 3
    page.click(".dform-paste .btn-primary")
    says(page, "已暂存 ")
    stored = [(one["name"], one["bought"], one["price"]) for one in row().answers["equipment"]]
    assert stored[:2] == [("光谱仪", "2021-03", "120000"), ("离心机", "2022-05", "230000")]
    assert stored[2][1:] == ("2020-01", "100000")
    page.evaluate(PASTE, [first, "a\n" * 6])
    assert "此表最多5行" in page.inner_text(".dform-paste")
    assert page.locator(".dform-paste .btn-primary").count() == 0
    page.click(".dform-paste .btn-plain")
    page.evaluate(PASTE, ["#f-leader", "何婧\t赵龚"])
    assert "此栏只填一行" in page.inner_text("[data-paste-said]")
