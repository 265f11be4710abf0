"""Checking answers: both sides of every bound, every fault at once, and the words in which it is said."""

from __future__ import annotations

from typing import Any

import pytest

from core.findings import Finding
from core.forms.clean import clean
from core.forms.count import char_count
from core.forms.spec import parse_form
from tests.forms import sample
from tests.forms.sample import GOOD, SENTENCE, changed

SPEC = sample.spec()
HOUSE = sample.House()


def faults(answers: Any, **more: Any) -> list[Finding]:
    return clean(SPEC, answers, resolver=HOUSE, **more)[1]


def said(**answers: Any) -> list[str]:
    """The sentences of all faults after changing some of the good answers."""
    return [finding.message + finding.fix for finding in faults(changed(**answers))]


def chinese(n: int) -> str:
    return (SENTENCE * (n // len(SENTENCE) + 1))[:n]


def test_good_answers_are_kept_exactly_as_they_are():
    answers, found = clean(SPEC, GOOD, resolver=HOUSE)
    assert found == []
    assert answers == GOOD
    assert clean(SPEC, answers, resolver=HOUSE) == (GOOD, [])


def test_the_sentence_of_a_text_that_is_too_short():
    (finding,) = faults(changed(necessity=chinese(468)))
    assert finding == Finding(
        clause="XCU-A1.I",
        strength="hard",
        message="“建立基地的必要性和可行性论证分析”现有468字，要求不少于500字。",
        facts={"characters": 468, "least": 500},
        fix="请补充至少32字。",
        form="sample",
        section="case",
        field="necessity",
    )


ACCEPTED = [
    ("base_name", "二十个字的基地名称正好写满这么多字不多少"),
    ("necessity", chinese(500)),
    ("necessity", chinese(6000)),
    ("results", chinese(500)),
    ("results", "industry " * 500),
    ("results", "a\r\nb"),
    ("staff", 1),
    ("staff", "1"),
    ("staff", 100000),
    ("staff", "１２"),
    ("staff", "1,200"),
    ("staff", 12.0),
    ("projects", "0"),
    ("projects", "1.55"),
    ("projects", 1.5),
    ("funds", "1000000.5"),
    ("funds", "318,000.50"),
    ("funds", "999999999999"[:6]),
    ("phone", "13900001234"),
    ("phone", "+86 (0834) 2580000转8021"),
    ("phone", "12345"),
    ("email", "wen.lan+base@mail.example.cn"),
    ("code", "1299 0300 DEMP 000334"),
    ("code", "12990300demp000334"),
    ("applied_on", "2020-01-01"),
    ("applied_on", "2030-12-31"),
    ("applied_on", "2028-02-29"),
    ("applied_on", "2027/3/1"),
    ("applied_on", "2027年3月1日"),
    ("since", "2021-12"),
    ("since", "2021年9月"),
    ("term", {"from": "2026-09-01", "to": "2026-09-01"}),
    ("level", "provincial"),
    ("methods", ["team", "case", "field"]),
    ("methods", "team"),
    ("methods", ["team", "team"]),
    ("legal", False),
    ("legal", "true"),
    ("proof", [1]),
    ("proof", ["1", "2", "3"]),
    ("partner", "22"),
    ("rules", {"mentors": {"checked": "on"}, "students": True}),
]


@pytest.mark.parametrize(("key", "value"), ACCEPTED)
def test_what_is_right_is_taken(key, value):
    assert said(**{key: value}) == []


CLEANED = [
    ("base_name", "  基地 名称 \n", "基地 名称"),
    ("base_name", "⽂⼀\u200bＡＢ１２", "文一AB12"),
    ("results", "第一段\u2028第二段\r\n\t第三段", "第一段\n第二段\n\t第三段"),
    ("staff", "１,２00", 1200),
    ("staff", "007", 7),
    ("projects", "1.5", "1.5"),
    ("projects", "1.50", "1.50"),
    ("projects", 2, "2"),
    ("funds", " 318，000.50 ", "318000.50"),
    ("code", "1299 0300-demp 000334", "12990300DEMP000334"),
    ("applied_on", "2027.3.1", "2027-03-01"),
    ("since", "2021年9月", "2021-09"),
    ("term", {"from": "2026/9/1", "to": "2029-08-31", "more": 1}, {"from": "2026-09-01", "to": "2029-08-31"}),
    ("methods", ["team", "", "team"], ["team"]),
    ("legal", "false", False),
    ("proof", ["2", 2, 99, "x"], [2]),
    ("results", "一\r\n二\r三", "一\n二\n三"),
    ("results", "<b>粗</b> & 'x'", "<b>粗</b> & 'x'"),
    ("results", "见\x00附\x07件\u202e", "见附件"),
    (
        "rules",
        {"mentors": True, "students": {"checked": True, "remark": " 有 "}, "extra": True},
        {"mentors": {"checked": True, "remark": ""}, "students": {"checked": True, "remark": "有"}},
    ),
    (
        "equipment",
        [{}, {"name": " 仪器 ", "bought": "2020年1月", "price": "100,000.00", "junk": 1}, {"name": ""}],
        [{"name": "仪器", "bought": "2020-01", "price": "100000.00"}],
    ),
]


@pytest.mark.parametrize(("key", "value", "wanted"), CLEANED)
def test_how_answers_are_stored(key, value, wanted):
    answers, found = clean(SPEC, changed(**{key: value}), resolver=HOUSE)
    assert (answers[key], found) == (wanted, [])


REFUSED = [
    ({"base_name": None}, "“基地名称”尚未填写。请填写。"),
    ({"base_name": " \n "}, "“基地名称”尚未填写。请填写。"),
    (
        {"base_name": "二十一个字的基地名称刚好比能写的多出一个字"},
        "“基地名称”现有21字，要求不超过20字。请删减至少1字。",
    ),
    ({"leader": "x" * 501}, "“负责人”过长，现有501个字符，最多500个（含空格）。请删减至少1个字符，或改为附件上传。"),
    ({"partner": None}, "“合作单位”尚未选择。请选择。"),
    ({"partner": 11}, "“合作单位”选择的单位不存在或不在可选范围内。请从列表中选择。"),
    ({"partner": 99}, "“合作单位”选择的单位不存在或不在可选范围内。请从列表中选择。"),
    ({"partner": "某公司"}, "“合作单位”选择的单位不存在或不在可选范围内。请从列表中选择。"),
    (
        {"phone": "请打办公室"},
        "“联系电话”填写的“请打办公室”不是电话号码。请填写手机号或带区号的座机号，如0834-2580000。",
    ),
    ({"phone": "1234"}, "“联系电话”填写的“1234”不是电话号码。请填写手机号或带区号的座机号，如0834-2580000。"),
    ({"phone": "1" * 61}, f"“联系电话”填写的“{'1' * 30}”不是电话号码。请填写手机号或带区号的座机号，如0834-2580000。"),
    ({"email": "luwz@example"}, "“电子邮箱”填写的“luwz@example”不是电子邮箱地址。请按name@example.cn的格式填写。"),
    (
        {"email": "a" * 250 + "@example.cn"},
        f"“电子邮箱”填写的“{'a' * 30}”不是电子邮箱地址。请按name@example.cn的格式填写。",
    ),
    (
        {"code": "12990300DEMP000335"},
        "“统一社会信用代码”填写的“12990300DEMP000335”不是有效的统一社会信用代码"
        "（18位，末位为校验码）。请对照营业执照或法人证书核对。",
    ),
    ({"applied_on": "2019-12-31"}, "“申报日期”为2019-12-31，不得早于2020-01-01。"),
    ({"applied_on": "2031-01-01"}, "“申报日期”为2031-01-01，不得晚于2030-12-31。"),
    ({"applied_on": "2027-02-29"}, "“申报日期”填写的“2027-02-29”不是日期。请按2027-03-01的格式填写。"),
    ({"applied_on": "去年"}, "“申报日期”填写的“去年”不是日期。请按2027-03-01的格式填写。"),
    ({"applied_on": "0026-03-01"}, "“申报日期”填写的“0026-03-01”不是日期。请按2027-03-01的格式填写。"),
    ({"since": "2021-13"}, "“合作开始年月”填写的“2021-13”不是年月。请按2027-03的格式填写。"),
    ({"term": {"from": "2026-09-01"}}, "“拟建设期”的结束日期尚未填写。请填写。"),
    ({"term": {"from": "九月", "to": "2026-09-01"}}, "“拟建设期”的开始日期“九月”不是日期。请按2027-03-01的格式填写。"),
    ({"term": {"from": "2026-09-02", "to": "2026-09-01"}}, "“拟建设期”的结束日期2026-09-01早于开始日期2026-09-02。"),
    ({"term": None}, "“拟建设期”尚未填写。请填写。"),
    ({"level": "national"}, "“拟申报级别”没有“national”这一选项。请重新选择。"),
    ({"level": None}, "“拟申报级别”尚未选择。请选择。"),
    ({"kind_other": " "}, "“合作单位类型”选择了“其他”，请写明具体内容。"),
    (
        {"kind_other": "其" * 501},
        "“合作单位类型”过长，现有501个字符，最多500个（含空格）。请删减至少1个字符，或改为附件上传。",
    ),
    ({"kind": "enterprise"}, "“营业执照号”尚未填写。请填写。"),
    ({"methods": []}, "“指导方法”尚未选择。请选择。"),
    ({"methods": ["team", "other"]}, "“指导方法”选择了“其他”，请写明具体内容。"),
    ({"methods": ["team", "lecture"]}, "“指导方法”没有“lecture”这一选项。请重新选择。"),
    ({"legal": None}, "“具有独立法人资格”尚未选择。请选择。"),
    ({"legal": "perhaps"}, "“具有独立法人资格”尚未选择。请选择。"),
    ({"necessity": chinese(499)}, "“建立基地的必要性和可行性论证分析”现有499字，要求不少于500字。请补充至少1字。"),
    ({"necessity": None}, "“建立基地的必要性和可行性论证分析”尚未填写。请填写。"),
    ({"necessity": " \n　"}, "“建立基地的必要性和可行性论证分析”尚未填写。请填写。"),
    (
        {"necessity": chinese(20001)},
        "“建立基地的必要性和可行性论证分析”过长，现有20001个字符，最多20000个（含空格）。请删减至少1个字符，或改为附件上传。",
    ),
    ({"base_name": "甲\t乙"}, "“基地名称”只能填写一行，现含有制表符或换行。从表格粘贴的内容请分别填入各栏。"),
    ({"base_name": "甲\u2028乙"}, "“基地名称”只能填写一行，现含有制表符或换行。从表格粘贴的内容请分别填入各栏。"),
    ({"results": chinese(501)}, "“近三年政产学研用取得的成果”现有501字，要求不超过500字。请删减至少1字。"),
    ({"staff": 0}, "“总人数”为0人，不得小于1人。"),
    ({"staff": 100001}, "“总人数”为100001人，不得大于100000人。"),
    ({"staff": "一百"}, "“总人数”填写的“一百”不是整数。请填写整数。"),
    ({"staff": 1.5}, "“总人数”填写的“1.5”不是整数。请填写整数。"),
    ({"staff": 10**12}, "“总人数”填写的“1000000000000”数值过大。"),
    ({"projects": "-0.01"}, "“导师年均科研项目数”为-0.01项，不得小于0项。"),
    ({"projects": "1.555"}, "“导师年均科研项目数”填写的“1.555”有3位小数，最多2位。"),
    ({"projects": "约3项"}, "“导师年均科研项目数”填写的“约3项”不是数字。请只填写数字，不带单位。"),
    ({"projects": "1e3"}, "“导师年均科研项目数”填写的“1e3”不是数字。请只填写数字，不带单位。"),
    ({"projects": "1_000"}, "“导师年均科研项目数”填写的“1_000”不是数字。请只填写数字，不带单位。"),
    ({"projects": "NaN"}, "“导师年均科研项目数”填写的“NaN”不是数字。请只填写数字，不带单位。"),
    ({"projects": float("inf")}, "“导师年均科研项目数”填写的“inf”不是数字。请只填写数字，不带单位。"),
    ({"funds": "1000000.51"}, "“经费预算”为1000000.51元，不得大于1000000.5元。"),
    ({"funds": "0.001"}, "“经费预算”填写的“0.001”有3位小数，最多2位。"),
    ({"category": "9999"}, "“专业学位类别代码”填写的“9999”不在目录中。请从目录中选择代码。"),
    (
        {"category": "0952"},
        "“专业学位类别代码”填写的0952在目录中的名称是“兽医”，但填写的名称是“农业”。请核对代码或名称。",
    ),
    ({"category_name": None}, "“专业学位类别名称”尚未填写。请填写。"),
    ({"equipment": []}, "“单价10万元以上仪器设备”尚未填写，至少填写1行。"),
    (
        {"equipment": [{"bought": "2020-01", "price": "100000"}]},
        "“单价10万元以上仪器设备”第1行“名称”尚未填写。请填写。",
    ),
    (
        {"equipment": GOOD["equipment"] + [{}, {"name": "天平", "bought": "2020-01", "price": "99999.99"}]},
        "“单价10万元以上仪器设备”第2行“单价”为99999.99元，不得小于100000元。",
    ),
    (
        {"equipment": GOOD["equipment"] * 6},
        "“单价10万元以上仪器设备”现有6行，要求不超过5行。请删除多余的1行，或改为附件上传。",
    ),
    (
        {"students": [GOOD["students"][0] | {"subject": "兽医"}]},
        "“已联合培养研究生名单”第1行“类别代码”填写的0951在目录中的名称是“农业”，但填写的名称是“兽医”。请核对代码或名称。",
    ),
    (
        {"students": GOOD["students"] * 301},
        "“已联合培养研究生名单”现有301行，要求不超过300行。请删除多余的1行，或改为附件上传。",
    ),
    ({"rules": {"mentors": True}}, "“实践管理制度”的“对研究生的管理制度”未勾选。确已具备的，请勾选并说明。"),
    (
        {"rules": {"mentors": True, "students": {"checked": True, "remark": "x" * 2001}}},
        "“实践管理制度”过长，现有2001个字符，最多2000个（含空格）。请删减至少1个字符，或改为附件上传。",
    ),
    ({"proof": []}, "“证明材料”尚未上传。请上传。"),
    ({"proof": [77]}, "“证明材料”尚未上传。请上传。"),
    ({"proof": [1, 2, 3, 4]}, "“证明材料”已上传4个文件，最多3个。请移除1个。"),
]


@pytest.mark.parametrize(("answers", "sentence"), REFUSED)
def test_what_is_wrong_is_said_with_facts_and_what_to_do(answers, sentence):
    assert said(**answers) == [sentence]


def test_all_faults_come_at_once_in_the_order_of_the_form():
    found = faults({})
    assert [finding.field for finding in found] == [
        "base_name",
        "partner",
        "leader",
        "phone",
        "applied_on",
        "term",
        "level",
        "methods",
        "legal",
        "necessity",
        "staff",
        "category",
        "category_name",
        "equipment",
        "rules",
        "rules",
        "proof",
    ]
    assert {finding.strength for finding in found} == {"hard"}
    assert {finding.form for finding in found} == {"sample"}
    assert [finding.clause for finding in found[:3]] == ["XCU-A1.C1", "XCU-A1.C3", "XCU-A1.C4"]


def test_faults_in_a_table_point_at_the_cell():
    rows = GOOD["equipment"] + [{}, {"name": "天平", "bought": "去年", "price": "1"}]
    found = faults(changed(equipment=rows))
    assert [(one.field, one.clause) for one in found] == [
        ("equipment-1-bought", "XCU-A1.IV.3"),
        ("equipment-1-price", "XCU-A1.IV.4"),
    ]


def test_a_checklist_cites_its_items_clause_or_its_own():
    spec = parse_form(
        {
            "key": "f",
            "title": "表",
            "sections": [
                {
                    "key": "s",
                    "title": "节",
                    "fields": [
                        {
                            "key": "a",
                            "type": "checklist",
                            "label": "甲",
                            "required": True,
                            "clause": "NM-7.2c",
                            "items": [{"code": "x", "label": "一", "clause": "NM-7.2d"}, {"code": "y", "label": "二"}],
                        }
                    ],
                }
            ],
        }
    )
    assert [finding.clause for finding in clean(spec, {})[1]] == ["NM-7.2d", "NM-7.2c"]


def test_only_some_sections():
    answers, found = clean(SPEC, {}, section_keys=["opinions"])
    assert (answers, found) == ({}, [])
    answers, found = clean(SPEC, GOOD, section_keys={"opinions"}, resolver=HOUSE)
    assert answers == {"partner_will": "愿意长期合作。"}


def test_a_condition_sees_the_other_sections():
    spec = parse_form(
        {
            "key": "f",
            "title": "表",
            "sections": [
                {
                    "key": "s",
                    "title": "节",
                    "fields": [{"key": "asked", "type": "boolean", "label": "甲", "local": True}],
                },
                {
                    "key": "t",
                    "title": "节",
                    "fields": [
                        {
                            "key": "then",
                            "type": "text",
                            "label": "乙",
                            "local": True,
                            "required_when": {"field": "asked", "in": ["true"]},
                        }
                    ],
                },
            ],
        }
    )
    assert [one.field for one in clean(spec, {"asked": True}, section_keys=["t"])[1]] == ["then"]
    assert clean(spec, {"asked": False}, section_keys=["t"])[1] == []
    assert clean(spec, {}, section_keys=["t"])[1] == []


def test_strength_default_holds_bounds_only():
    """What a field asks for "in principle" may be let pass; what is no number at all never can."""
    spec = parse_form(
        {
            "key": "f",
            "title": "表",
            "sections": [
                {
                    "key": "s",
                    "title": "节",
                    "fields": [
                        {"key": "n", "type": "integer", "label": "甲", "min": 3, "strength": "default", "local": True},
                        {
                            "key": "c",
                            "type": "catalogue",
                            "catalogue": "degree_categories_2022",
                            "name_key": "m",
                            "label": "乙",
                            "strength": "default",
                            "local": True,
                        },
                        {"key": "m", "type": "text", "label": "丙", "local": True},
                    ],
                }
            ],
        }
    )
    assert [one.strength for one in clean(spec, {"n": 2}, resolver=HOUSE)[1]] == ["default"]
    assert [one.strength for one in clean(spec, {"n": "二"}, resolver=HOUSE)[1]] == ["hard"]
    assert clean(spec, {"c": "9999", "m": "新类别"}, resolver=HOUSE)[1] == []
    assert [one.strength for one in clean(spec, {"c": "0951", "m": "兽医"}, resolver=HOUSE)[1]] == ["hard"]


def test_without_a_resolver_codes_and_ids_are_checked_in_form_only():
    answers, found = clean(SPEC, changed(partner=12345, category="X", proof=[1234]))
    assert found == []
    assert (answers["partner"], answers["category"], answers["proof"]) == (12345, "X", [1234])


# --- drafts -----------------------------------------------------------------------------------------------------

TYPED = {
    "base_name": "名" * 600,
    "phone": "办公室",
    "staff": "一百",
    "projects": "约3项",
    "funds": "十万元",
    "applied_on": "去年",
    "since": "2021-13",
    "term": {"from": "九月", "to": ""},
    "level": "national",
    "methods": ["lecture"],
    "partner": "某公司",
    "code": "123",
    "category": "金融",
    "necessity": chinese(20000),
    "equipment": [{"name": "天平", "price": "三千"}],
    "kind_other": "尚未选择其他",
}


def test_a_draft_keeps_everything_that_was_typed_and_finds_nothing():
    answers, found = clean(SPEC, TYPED, draft=True, resolver=HOUSE)
    assert found == []
    assert answers == TYPED
    assert clean(SPEC, answers, draft=True) == (TYPED, [])


def test_a_draft_is_checked_when_it_is_sent():
    assert {finding.field for finding in faults(TYPED)} >= {
        "base_name",
        "phone",
        "staff",
        "projects",
        "funds",
        "applied_on",
        "since",
        "term",
        "level",
        "methods",
        "partner",
        "code",
        "category",
        "equipment-0-price",
        "equipment-0-bought",
    }


def test_the_counted_sample_is_what_it_says():
    assert char_count(chinese(468)) == 468


@pytest.mark.parametrize(
    ("answers", "kept", "sentence"),
    [
        ({"necessity": chinese(20_000)}, "necessity", None),
        ({"necessity": chinese(25_000)}, "necessity", "现有25000个字符，最多20000个"),
        ({"base_name": "x" * 501}, "base_name", None),
        ({"base_name": "x" * 25_000}, "base_name", "现有25000个字符，最多20000个"),
        ({"staff": "一" * 25_000}, "staff", "现有25000个字符，最多20000个"),
        ({"methods": ["x" * 25_000]}, "methods", "现有25000个字符，最多20000个"),
        ({"term": {"from": "x" * 25_000, "to": ""}}, "term", "现有25000个字符，最多20000个"),
        ({"students": GOOD["students"] * 300}, "students", None),
        ({"students": GOOD["students"] * 305}, "students", "现有305行，要求不超过300行"),
        ({"proof": list(range(1, 61))}, "proof", None),
        ({"proof": list(range(1, 62))}, "proof", "已上传61个文件"),
    ],
)
def test_a_draft_holds_everything_or_names_what_it_cannot_hold(answers, kept, sentence):
    drafted, findings = clean(SPEC, {**GOOD, **answers}, draft=True)
    assert [sentence in finding.message for finding in findings] == ([True] if sentence else [])
    given = answers[kept]
    assert len(drafted[kept]) == len(given)


def test_signs_without_a_glyph_are_named_and_block_nothing():
    (finding,) = faults(changed(leader="何\U00012f90婧"))
    assert finding.message == "“负责人”中的“\U00012f90”在文书字库中没有字形，打印出来是方框。"
    assert not finding.blocks
    assert clean(SPEC, changed(leader="何\U00012f90婧"), draft=True)[1] == []
