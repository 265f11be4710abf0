"""What is remembered of a regulation's text is what reading it again would give."""

from __future__ import annotations

import shutil

from regulations import loader


def test_a_text_is_told_again_and_a_changed_one_is_read(tmp_path):
    folder = tmp_path / "jlu"
    shutil.copytree(loader.PROFILES / "jlu", folder)
    first, again = loader.load(folder), loader.load(folder)
    assert first.profile is again.profile
    assert (first.content, first.source.data, first.source.places) == (
        again.content,
        again.source.data,
        again.source.places,
    )
    first.source.data.clear()  # a test's own copy
    assert loader.load(folder).source.data == again.source.data
    title = again.profile.head.title.zh
    with (folder / "profile.yaml").open("r+", encoding="utf-8") as file:
        text = file.read()
        assert text.count(title) >= 1
        file.seek(0)
        file.write(text.replace(title, f"{title}改", 1))
    assert loader.load(folder).require().head.title.zh == f"{title}改"


def test_faults_are_found_anew_each_time(tmp_path, monkeypatch):
    folder = tmp_path / "jlu"
    shutil.copytree(loader.PROFILES / "jlu", folder)
    assert not loader.load(folder).faults
    monkeypatch.setattr(loader, "CHECKS", (*loader.CHECKS, lambda profile, data: [(("head",), "planted")]))
    assert [fault.message for fault in loader.load(folder).faults] == ["planted"]
    monkeypatch.undo()
    with (folder / "more.yaml").open("w", encoding="utf-8") as file:
        file.write("nonsense: 1\n")
    assert [loader.load(folder).faults for _each in range(2)] == [loader.load(folder).faults] * 2
    assert loader.load(folder).faults
