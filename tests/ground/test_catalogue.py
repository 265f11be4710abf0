"""The catalogue tools: what is read from a .po is what gettext loads from the .mo."""

from __future__ import annotations

import gettext
import io
import shutil
import subprocess

import pytest
from django.utils import translation

from config.tooling import catalogue

PO = r"""# a comment
msgid ""
msgstr ""
"Content-Type: text/plain; charset=UTF-8\n"
"Plural-Forms: nplurals=2; plural=(n != 1);\n"

#: core/a.py
msgid "送审"
msgstr "Submit for review"

#: core/b.py
#, python-format
msgid ""
"还有 %(count)s 个\n"
"“问题”"
msgstr ""
"%(count)s \"questions\"\n"
"left"

msgctxt "act"
msgid "撤回"
msgstr "Recall"

msgid "撤回"
msgstr "Withdrawal"

#, fuzzy
msgid "旧"
msgstr "Guess"

msgid "空"
msgstr ""

msgid "%(n)s 份"
msgid_plural "%(n)s 份"
msgstr[0] "%(n)s copy"
msgstr[1] "%(n)s copies"

#~ msgid "没有了"
#~ msgstr "Gone"
"""


def loaded(data: bytes) -> gettext.GNUTranslations:
    return gettext.GNUTranslations(io.BytesIO(data))


def test_what_is_translated_is_found():
    found = loaded(catalogue.machine_object(catalogue.parse(PO)))
    assert found.gettext("送审") == "Submit for review"
    assert found.gettext("还有 %(count)s 个\n“问题”") == '%(count)s "questions"\nleft'
    assert found.pgettext("act", "撤回") == "Recall"
    assert found.gettext("撤回") == "Withdrawal"
    assert found.gettext("旧") == "旧" and found.gettext("空") == "空"
    assert [found.ngettext("%(n)s 份", "%(n)s 份", n) for n in (1, 2)] == ["%(n)s copy", "%(n)s copies"]


@pytest.mark.skipif(not shutil.which("msgfmt"), reason="compares with the gettext tools")
def test_msgfmt_agrees(tmp_path):
    (tmp_path / "a.po").write_text(PO, encoding="utf-8")
    subprocess.run(["msgfmt", "-o", tmp_path / "a.mo", tmp_path / "a.po"], check=True)
    theirs = loaded((tmp_path / "a.mo").read_bytes())
    assert theirs._catalog == loaded(catalogue.machine_object(catalogue.parse(PO)))._catalog


def test_obsolete_and_flags():
    entries = {entry.key: entry for entry in catalogue.parse(PO)}
    assert (None, "没有了") not in entries
    assert entries[None, "旧"].flags == {"fuzzy"} and not entries[None, "旧"].translated
    assert entries[None, "送审"].places == ["core/a.py"]
    assert len(entries) == 8


def test_other_placeholders_are_a_fault():
    entry = catalogue.Entry(id="还有 %(count)s 个", strings={0: "%(number)s left"})
    assert catalogue.placeholder_faults(entry)
    entry.strings = {0: "%(count)s left"}
    assert catalogue.placeholder_faults(entry) == []


def test_english_is_there_and_is_shown():
    """The committed catalogue is compiled when the portal starts, and Django finds it."""
    entries = [entry for entry in catalogue.parse(catalogue.PO.read_text(encoding="utf-8")) if entry.id]
    assert len(entries) > 1500

    def shown(entry):
        if entry.plural is not None:
            return (
                translation.npgettext(entry.context, entry.id, entry.plural, 2)
                if entry.context
                else (translation.ngettext(entry.id, entry.plural, 2))
            )
        return translation.pgettext(entry.context, entry.id) if entry.context else translation.gettext(entry.id)

    with translation.override("en"):
        assert translation.gettext("待办") == "To do" and translation.gettext("合作单位") == "Partner unit"
        wrong = [one.id for one in entries if one.translated and shown(one) != one.strings[max(one.strings)]]
    assert wrong == []


def test_english_keeps_placeholders_and_plurals():
    """Every translation has its message's placeholders; where a count is in it, singular and plural differ."""
    for entry in catalogue.parse(catalogue.PO.read_text(encoding="utf-8")):
        if entry.id and entry.translated:
            assert catalogue.placeholder_faults(entry) == []
            assert entry.plural is None or len(entry.strings) == 2, entry.id
