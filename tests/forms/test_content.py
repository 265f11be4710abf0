"""Terms, facts and contacts: what a confirmation covers, and what two contents say differently."""

from __future__ import annotations

from core.forms.content import answers_that, differences, digest, keys_of, only
from core.forms.spec import parse_form


def field(key: str, kind: str = "text", **more) -> dict:
    return {"key": key, "type": kind, "label": key, "local": True, **more}


SPEC = parse_form(
    {
        "key": "deal",
        "title": "约定",
        "local": True,
        "sections": [
            {
                "key": "one",
                "title": "一",
                "local": True,
                "fields": [field("price", "money"), field("leader", holds="fact")],
            },
            {
                "key": "two",
                "title": "二",
                "local": True,
                "fields": [
                    field("phone", "phone"),
                    field("mail", "email", holds="term"),
                    field("people", "table", holds="contact", columns=[field("name")]),
                    field(
                        "way",
                        "choice",
                        options=[{"code": "a", "label": "甲"}, {"code": "o", "label": "其他"}],
                        other="o",
                    ),
                ],
            },
        ],
    }
)
BEFORE = {"price": "100.00", "leader": "甲", "phone": "0834-2580001", "way": "o", "way_other": "按季"}


def changed(**new) -> list[tuple[str, str, str]]:
    return [(change.key, change.holds, change.section) for change in differences(SPEC, BEFORE, {**BEFORE, **new})]


def test_the_type_says_it_where_the_field_does_not():
    assert answers_that(SPEC, BEFORE, "term") == {"price": "100.00", "way": "o", "way_other": "按季"}
    assert answers_that(SPEC, BEFORE, "contact") == {"phone": "0834-2580001"}
    assert answers_that(SPEC, BEFORE, "fact") == {"leader": "甲"}
    assert answers_that(SPEC, {**BEFORE, "mail": "a@b.cn"}, "term", "two") == {
        "mail": "a@b.cn",
        "way": "o",
        "way_other": "按季",
    }


def test_facts_are_named_whether_answered_or_not():
    assert keys_of(SPEC, "fact") == ["leader"]


def test_differences_are_typed_and_in_order():
    assert changed() == []
    assert changed(phone="0834-2580002", price="120.00") == [("price", "term", "one"), ("phone", "contact", "two")]
    assert changed(way_other="按月") == [("way", "term", "two")]
    assert changed(people=[{"name": "乙"}]) == [("people", "contact", "two")]
    (change,) = differences(SPEC, BEFORE, {**BEFORE, "price": "1200.00"})
    assert (change.old, change.new) == ("100.00元", "1,200.00元")


def test_nothing_and_an_empty_answer_are_the_same():
    assert changed(mail="", people=[]) == []
    assert digest(answers_that(SPEC, {**BEFORE, "mail": ""}, "term")) == digest(answers_that(SPEC, BEFORE, "term"))


def test_a_contact_leaves_the_hash_and_a_term_does_not():
    before = digest(answers_that(SPEC, BEFORE, "term"))
    assert digest(answers_that(SPEC, {**BEFORE, "phone": "1", "leader": "乙"}, "term")) == before
    assert digest(answers_that(SPEC, {**BEFORE, "price": "100.01"}, "term")) != before


def test_the_fields_of_one_class_with_their_sections():
    assert [(part.key, [one.key for one in part.fields]) for part in only(SPEC, "contact")] == [
        ("two", ["phone", "people"])
    ]
