"""One normaliser at the edge: what people paste and type, in one form, for keeping, comparing, searching, looking up."""

from __future__ import annotations

import datetime as dt

import pytest

from core import text


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("⽂⽅⼀⻓⼾⾯", "文方一长户面"),
        ("ＡＢｃ１２", "ABc12"),
        ("０８３４－２５８００００", "0834-2580000"),
        ("１．５；ａ＠ｂ", "1.5；a@b"),
        ("西\u200b南\ufeff大学\u200e\u2060", "西南大学"),
        ("第一行\u2028第二行\x0b第三行\r\n第四行\r", "第一行\n第二行\n第三行\n第四行\n"),
        ("a\u00a0b\u2003c", "a b c"),
        ("非\u2011标\u2010准", "非-标-准"),
        ("破折号―在", "破折号—在"),
        ("\uf914", "樂"),
        ("e\u0301", "é"),
        ("中\u200d文\u200c", "中文"),
        ("\x00a\ud800b", "ab"),
        ("a\U000e0041b", "ab"),
    ],
)
def test_what_is_kept(typed, kept):
    assert text.normal(typed) == kept
    assert text.normal(kept) == kept


@pytest.mark.parametrize(
    "typed",
    [
        "　　建立基地的必要性——“双师”（第一期），共80%；a/b、C·D：《办法》……",
        "阿依古丽·买买提",
        "👩‍🎓❤️‍🔥",
        "ꆈꌠꁱꂷ ལྷ་ས། ᠮᠣᠩᠭᠣᠯ\u202f᠎ᠠ",
        "ئۇيغۇر\u200dچە",
        "𠮷野\t家\n第二行",
    ],
)
def test_what_people_see_stays(typed):
    assert text.normal(typed) == typed


@pytest.mark.parametrize(
    ("one", "two"),
    [
        ("西南大学（荣昌）", "西南大学 (荣昌)"),
        ("阿依古丽•买买提", "阿依古丽·买买提"),
        ("YY—2026－003", "yy-2026-003"),
        ("王　五", "王五"),
        ("“双师”", '"双师"'),
        ("ﾃｽﾄ①", "テスト1"),
        ("⻢⻰", "马龙"),
    ],
)
def test_what_is_the_same(one, two):
    assert text.folded(one) == text.folded(two)


def test_what_is_not_the_same():
    assert text.folded("未来") != text.folded("末来")
    assert text.folded("1051") != text.folded("105100")


def test_words_of_a_search():
    assert text.words(" 西南大学(荣昌)　ＹＹ－2026—003 ") == ["西南大学", "荣昌", "YY-2026-003"]
    assert text.words("（）， ") == []
    assert text.words("a b c d e f g") == list("abcdef")


def test_figures_phones_addresses_codes():
    assert text.figure("８５５，０００．５０") == "855000.50"
    assert text.figure("−12 000") == "-12000"
    assert text.phone("电话：（０８３４）２５８００００ 转 8") == "(0834)2580000 转 8"
    assert text.phone("０８３４—２５８００００") == "0834-2580000"
    assert text.address("ｗｅｎ＠example。ｃｎ ") == "wen@example.cn"
    assert text.code("编号：ａｂ１２－ＣＤ34") == "AB12-CD34"
    assert text.code("核验码: abcd—12 34") == "ABCD-1234"
    assert text.code("91510000ma62\u200b00001x") == "91510000MA6200001X"


@pytest.mark.parametrize(
    "typed", ["2027-03-01", "2027/3/1", "2027.3.1", "2027年3月1日", "２０２７年３月１号", "20270301", " 2027－03－01 "]
)
def test_days(typed):
    assert text.day(typed) == dt.date(2027, 3, 1)


@pytest.mark.parametrize("typed", ["", "2027-02-30", "1899-12-31", "2200-01-01", "27-3-1", "2027-3", "20271", "明天"])
def test_no_days(typed):
    assert text.day(typed) is None


def test_months():
    assert text.month("2027年3月") == text.month("２０２７/3") == "2027-03"
    assert text.month("2027-13") is text.month("2027-03-01") is text.month("2200-1") is None
