"""`make check` refuses a variable whose name says nothing and a file that is too long: each fault planted in a house."""

from __future__ import annotations

import pytest

from config.tooling import order, plainness


def faults(root, text: str, place: str = "bases/queries.py") -> dict[str, list[str]]:
    """What the checks find in a house of one file."""
    (root / place).parent.mkdir(parents=True)
    (root / place).write_text(text, encoding="utf-8")
    return plainness.faults(order.House(root))


@pytest.mark.parametrize(
    "text",
    [
        "found = 1\n",
        "found: int = 1\n",
        "rest, found = 1, 2\n",
        "for one in (): pass\n",
        "pairs = [number for number, one in ()]\n",
        "words = {one: 1 for one in ()}\n",
        "first = min((), key=lambda one: one)\n",
        "def rows(case, one): pass\n",
        "def rows(*, found=None): pass\n",
        "def rows(*one): pass\n",
        "async def rows(**found): pass\n",
        "if found := 1: pass\n",
        "with open('a') as found: pass\n",
        "try: pass\nexcept ValueError as found: pass\n",
        "match 1:\n    case found: pass\n",
        "import json as one\n",
    ],
)
def test_a_variable_called_found_or_one(tmp_path, text):
    (fault,) = faults(tmp_path, text)["names that say nothing"]
    name, line = "found" if "found" in text else "one", 2 if text.startswith(("try", "match")) else 1
    assert fault == f"bases/queries.py:{line}: {name}"


@pytest.mark.parametrize(
    "text",
    [
        "from core.pages import found\n",
        "page = case.found('hint')\n",
        "text = show(one=1, found={'one': 'found'})\n",
        "def one_of(findings): return findings.found\n",
    ],
)
def test_other_peoples_words_and_words_with_more_to_say(tmp_path, text):
    assert faults(tmp_path, text)["names that say nothing"] == []


@pytest.mark.parametrize(("lines", "refused"), [(plainness.MOST, False), (plainness.MOST + 1, True)])
def test_a_file_that_is_too_long(tmp_path, lines, refused):
    expected = [f"bases/queries.py: {lines} lines, at most {plainness.MOST}"] if refused else []
    assert faults(tmp_path, "ROW = 1\n" * lines)["long files"] == expected


@pytest.mark.parametrize("place", ["bases/migrations/0001_initial.py", "tests/test_bases.py"])
def test_migrations_and_tests_are_left_out(tmp_path, place):
    assert faults(tmp_path, "found = 1\n" * (plainness.MOST + 1), place) == {title: [] for title in plainness.CHECKS}
