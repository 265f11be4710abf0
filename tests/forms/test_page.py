"""The form in a real browser: looks, keyboard and screen reader, rows, files, counts, with and without scripts."""

from __future__ import annotations

import pytest

from core.forms import store
from core.forms.clean import clean
from core.models import Document
from core.uploads import accept_upload, store_document
from tests.browser import assert_clean, picture
from tests.forms import sample
from tests.forms.urls import CLERK, Dossier
from tests.forms.waiting import says, until
from tests.uploads import files

pytestmark = [
    pytest.mark.browser,
    pytest.mark.urls("tests.forms.urls"),
    pytest.mark.django_db(transaction=True),
    pytest.mark.usefixtures("own_templates"),
]


def stored() -> dict:
    row = store.load(Dossier(), "sample")
    return row.answers if row else {}


def keep(**answers) -> list[int]:
    """Put the good answers, changed like this, into the store, with two real documents."""
    sent = [
        store_document(accept_upload(files.sent(files.pdf(), f"证明{n}.pdf")), Dossier(), "proof", CLERK).pk
        for n in (1, 2)
    ]
    store.save(Dossier(), "sample", 1, sample.changed(**{"proof": sent, **answers}), 0, CLERK)
    return sent


def test_pages_are_clean_and_fit_desk_and_phone(form_page, new_page):
    keep(
        necessity=sample.SENTENCE * 9,
        phone="办公室",
        equipment=[{"name": "天平", "bought": "去年", "price": "99999"}],
    )
    page = form_page("/fill/")
    assert_clean(page)
    picture(page, "form-fill", full=True)
    new_page.watch.expected.append("422")
    page.click("button[name=check]")
    page.wait_for_selector(".dform-error")
    assert_clean(page)
    picture(page, "form-check", full=True)
    page.goto("/read/")
    assert_clean(page)
    picture(page, "form-read", full=True)


def test_an_empty_form_is_clean(form_page):
    page = form_page("/fill/")
    assert_clean(page)
    assert page.locator("[data-table=equipment] tbody tr").count() == 1
    assert page.locator("[data-table=students] tbody tr").count() == 0
    assert page.locator("[data-section=base] [data-badge]").inner_text() == "已填0/9"


def test_every_input_has_a_name_to_be_read_out(form_page):
    keep()
    page = form_page("/fill/")
    nameless = page.evaluate(
        """() => [...document.querySelectorAll(".dform :is(input, select, textarea):not([type=hidden])")].filter(
            e => !e.hidden && !(e.labels && e.labels.length) && !e.getAttribute("aria-label")).map(e => e.name)"""
    )
    assert nameless == []


def test_errors_are_tied_to_their_inputs(form_page, new_page):
    keep(phone="办公室", equipment=[{"name": "天平", "bought": "2020-01", "price": "1"}])
    new_page.watch.expected.append("422")
    page = form_page("/fill/")
    page.click("button[name=check]")
    phone = page.locator("#f-phone")
    assert phone.get_attribute("aria-invalid") == "true"
    assert phone.get_attribute("aria-describedby") == "f-phone-error"
    assert "不是电话号码" in page.locator("#f-phone-error").inner_text()
    price = page.locator("#f-equipment-0-price")
    assert price.get_attribute("aria-describedby") == "f-equipment-0-price-error"
    assert "不得小于100000元" in page.locator("#f-equipment-0-price-error").inner_text()


def test_the_link_of_a_finding_lands_on_the_input(form_page):
    keep()
    page = form_page("/fill/#f-necessity")
    assert page.evaluate("document.activeElement.id") == "f-necessity"
    page.evaluate("location.hash = '#f-rules'")
    until(page, "document.activeElement.id === 'f-rules'")


def test_characters_are_counted_while_typing(form_page):
    page = form_page("/fill/")
    count = page.locator("#f-necessity-count")
    assert count.inner_text() == "现有0字（不少于500字）"
    page.fill("#f-necessity", sample.SENTENCE[:30] + " a b")
    assert count.inner_text() == "现有32字，还需468字（不少于500字）"
    page.fill("#f-results", "字" * 503)
    assert page.locator("#f-results-count").inner_text() == "现有503字，超出3字（不超过500字）"
    assert "off" in page.locator("#f-results-count").get_attribute("class")
    page.fill("#f-results", "字" * 500)
    assert page.locator("#f-results-count").inner_text() == "现有500字（不超过500字）"


def test_progress_and_the_text_of_another_choice(form_page):
    page = form_page("/fill/")
    badge = page.locator("[data-section=base] [data-badge]")
    page.fill("#f-base_name", "基地")
    page.check("input[name=f-legal][value=false]")
    assert badge.inner_text() == "已填2/9"
    other = page.locator("input[name=f-kind_other]")
    assert not other.is_visible()
    page.select_option("#f-kind", "other")
    assert other.is_visible()


def test_a_code_brings_its_name(form_page):
    page = form_page("/fill/")
    page.fill("#f-category", "0951")
    page.locator("#f-category").blur()
    assert page.input_value("#f-category_name") == "农业"
    page.fill("#f-category", "兽医")
    page.locator("#f-category").blur()
    assert (page.input_value("#f-category"), page.input_value("#f-category_name")) == ("0952", "兽医")
    page.fill("#f-category_name", "自己写的名称")
    page.fill("#f-category", "0951")
    page.locator("#f-category").blur()
    assert page.input_value("#f-category_name") == "自己写的名称"
    page.click("[data-table=students] [data-add-row]")
    page.fill("#f-students-0-category", "0952")
    page.locator("#f-students-0-category").blur()
    assert page.input_value("#f-students-0-subject") == "兽医"


def test_rows_come_go_and_come_back(form_page):
    keep(equipment=[{"name": name, "bought": "2020-01", "price": "100000"} for name in ("一", "二", "三")])
    page = form_page("/fill/")
    names = "() => [...document.querySelectorAll('[data-table=equipment] td[data-field=name] input')].map(i => i.value)"
    numbers = (
        "() => [...document.querySelectorAll('[data-table=equipment] tbody [data-number]')].map(i => i.textContent)"
    )
    page.locator("[data-table=equipment] [data-remove-row]").nth(1).click()
    assert page.evaluate(names) == ["一", "三"]
    assert page.evaluate(numbers) == ["1", "2"]
    assert page.locator("[data-table=equipment] [data-gone]").inner_text() == "已删除第2行。 撤销"
    page.click("[data-table=equipment] [data-gone] button")
    assert page.evaluate(names) == ["一", "二", "三"]
    page.click("[data-table=equipment] [data-add-row]")
    page.keyboard.type("四")
    page.click("[data-table=equipment] [data-add-row]")
    assert page.evaluate(names) == ["一", "二", "三", "四", ""]
    assert page.evaluate(numbers) == ["1", "2", "3", "4", "5"]
    assert page.locator("[data-table=equipment] [data-add-row]").is_disabled()
    assert page.locator("[data-table=equipment] [id]").evaluate_all(
        "all => new Set(all.map(e => e.id)).size === all.length"
    )


def test_files_are_sent_at_once_and_can_be_taken_away(form_page, new_page, tmp_path):
    new_page.watch.expected.append("422")
    (tmp_path / "证明.pdf").write_bytes(files.pdf())
    (tmp_path / "公章.jpg").write_bytes(files.picture(exif=True))
    (tmp_path / "伪装.pdf").write_bytes(b"MZ this is a program")
    (tmp_path / "合订本.pdf").write_bytes(b"%PDF-1.7\n" + b"0" * (21 * 1024 * 1024))
    page = form_page("/fill/")
    chosen = page.locator("[data-field=proof] [data-chosen]")
    names = page.locator("[data-field=proof] [data-file-list] a")
    sender = page.locator("[data-field=proof] input[type=file]").first
    sender.set_input_files([tmp_path / "证明.pdf", tmp_path / "公章.jpg"])
    until(page, "document.querySelectorAll('[data-field=proof] [data-file-list] li').length === 2")
    assert names.all_inner_texts() == ["证明.pdf", "公章.jpg"]
    assert chosen.inner_text() == "已上传2个文件。"
    sender.set_input_files([tmp_path / "伪装.pdf", tmp_path / "合订本.pdf"])
    until(page, "document.querySelector('[data-field=proof] [data-chosen]').textContent.includes('MB')")
    said = chosen.inner_text()
    assert "“合订本.pdf”为21 MB，超过20 MB的上限。请压缩或拆分后重新上传。" in said
    assert "“伪装.pdf”的内容不是可接收的格式（PDF、JPG、PNG）。" in said
    says(page, "已暂存 ")
    assert stored()["proof"] == list(Document.objects.order_by("pk").values_list("pk", flat=True))
    page.get_by_role("button", name="移除：证明.pdf").click()
    assert chosen.inner_text() == "已移除：证明.pdf"
    assert names.all_inner_texts() == ["公章.jpg"]
    (tmp_path / "二.pdf").write_bytes(files.pdf())
    sender.set_input_files([tmp_path / "证明.pdf", tmp_path / "二.pdf", tmp_path / "公章.jpg"])
    until(page, "document.querySelectorAll('[data-field=proof] [data-file-list] li').length === 3")
    until(page, "document.querySelector('[data-field=proof] [data-chosen]').textContent.includes('最多3个')")


def test_a_phone_may_take_photographs(form_page):
    page = form_page("/fill/", viewport={"width": 390, "height": 844}, has_touch=True, is_mobile=True)
    photos = page.locator("[data-field=proof] .touch input")
    assert photos.get_attribute("accept") == "image/jpeg,image/png"
    assert photos.get_attribute("multiple") is not None
    assert page.locator("[data-field=proof] .touch .btn").is_visible()


def test_a_long_list_of_organisations_can_be_searched(form_page, monkeypatch):
    many = {n: ("partner", f"合作单位{n:03}（演示）") for n in range(100, 200)}
    monkeypatch.setattr(sample, "ORGANISATIONS", sample.ORGANISATIONS | many)
    page = form_page("/fill/")
    page.click("#f-partner-ts-control")
    page.keyboard.type("157")
    until(page, "document.querySelectorAll('.ts-dropdown [data-selectable]').length === 1")
    page.keyboard.press("Enter")
    assert page.input_value("#f-partner") == "157"
    says(page, "已暂存 ")
    assert stored()["partner"] == 157
    assert_clean(page)


def test_without_scripts_everything_still_works(form_page, tmp_path):
    keep(proof=[], equipment=[{"name": "一", "bought": "2020-01", "price": "100000"}])
    (tmp_path / "证明.pdf").write_bytes(files.pdf())
    page = form_page("/fill/?plain=1", java_script_enabled=False)
    page.fill("#f-leader", "何婧")
    page.click("button[name=add-row][value=equipment]")
    page.fill("#f-equipment-1-name", "二")
    page.fill("#f-equipment-1-price", "十万")
    page.locator("input[name=upload-proof]").first.set_input_files(tmp_path / "证明.pdf")
    page.click("button[name=add-row][value=equipment]")
    assert page.input_value("#f-equipment-1-price") == "十万"
    assert page.locator("[data-file-list] a").all_inner_texts() == ["证明.pdf"]
    page.click("button[name=remove-row][value=equipment-0]")
    page.uncheck("[data-file-list] input[type=checkbox]")
    page.check("input[name=f-legal][value=false]")
    page.click("#save")
    page.wait_for_url("**/read/")
    answers = stored()
    assert answers["equipment"] == [{"name": "二", "price": "十万"}]
    assert (answers["leader"], answers["legal"], answers.get("proof")) == ("何婧", False, None)
    assert answers["partner_will"] == "愿意长期合作。"


def test_what_the_script_collects_is_what_the_form_sends(form_page):
    """An autosave stores exactly what a plain save of the same page stores."""
    keep()
    before = stored()
    page = form_page("/fill/")
    raw = page.evaluate("() => lianpeiForms.collect(document.querySelector('.dform'))")
    kept = clean(sample.spec(), raw, draft=True)[0] | {"partner_will": before["partner_will"]}
    assert kept == before
    page.click("#save")
    page.wait_for_url("**/read/")
    assert stored() == before
