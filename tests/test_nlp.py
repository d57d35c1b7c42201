"""Word boundaries: the dictionary first, the segmenter only where it has to speak."""

from __future__ import annotations

import importlib.util
import os
import stat
import subprocess
import sys
import tempfile
from collections.abc import Callable
from importlib.machinery import ModuleSpec
from pathlib import Path

import jieba
import platformdirs
import pytest

from qa import nlp
from qa.source import Span


def lines_of_dictionary() -> list[str]:
    path = Path(jieba.__file__).with_name("dict.txt")
    return path.read_text(encoding="utf-8").splitlines()


def test_the_dictionary_is_sorted_as_the_search_needs_it() -> None:
    """All but some fifty of its words, with Latin letters, are found; a miss only leaves a hit standing."""
    words = [line.split(" ", 1)[0] for line in lines_of_dictionary()][::11]
    look = nlp._dictionary()
    missed = [word for word in words if not look(word)]
    assert len(missed) * 1000 < len(words), missed


def test_words_are_known_and_others_are_not() -> None:
    lines = lines_of_dictionary()
    for line in (*lines[200::5000], lines[-1]):
        assert nlp.known(line.split(" ", 1)[0])
    for word in ("平台独", "\x00", "龥龥龥龥", "", "工作 "):
        assert not nlp.known(word)


def test_an_entry_is_the_line_of_the_dictionary() -> None:
    lines = lines_of_dictionary()
    for line in (*lines[100::5000], lines[-1]):
        word, number, tag = line.split(" ")
        assert nlp.entry(word) == (int(number), tag)
    place, work = nlp.entry("北京"), nlp.entry("工作")
    assert place is not None
    assert work is not None
    assert place[1] == "ns"
    assert work[1] not in {"nr", "ns", "nt", "nz"}
    assert nlp.entry("平台独") is None


def look_in(dictionary: str, folder: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[str], object]:
    (folder / "dict.txt").write_bytes(dictionary.encode())
    spec = ModuleSpec("jieba", None, is_package=True)
    assert spec.submodule_search_locations is not None
    spec.submodule_search_locations.append(str(folder))
    monkeypatch.setattr(importlib.util, "find_spec", lambda _name: spec)
    look: Callable[[str], object] = nlp._dictionary.__wrapped__()
    return look


@pytest.mark.parametrize("end", ["\n", "\r\n", ""])
def test_entries_up_to_the_last_line(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, end: str) -> None:
    look = look_in(f"一 5 m\n丁 3\n龥 2 zg{end}", tmp_path, monkeypatch)
    found = {word: look(word) for word in ("一", "丁", "龥", "七", "龦", "", "一 5")}
    assert found == {
        "一": (5, "m"), "丁": (3, ""), "龥": (2, "zg"), "七": None, "龦": None, "": None, "一 5": None,
    }  # fmt: skip


@pytest.mark.parametrize(
    ("text", "word", "crossed", "whole"),
    [
        ("平台独立运行", "台独", True, False),
        ("反对台独势力", "台独", False, True),
        ("坚决反对", "坚决", False, True),
        ("中国人民大学", "人民", True, False),
        ("他来到了网易杭研大厦", "网易", False, True),
    ],
)
def test_prefilter_and_segmenter(text: str, word: str, crossed: bool, whole: bool) -> None:
    at = text.index(word)
    span = Span(at, at + len(word))
    assert nlp.crosses(text, span) is crossed
    assert nlp.is_word(text, span, Span(0, len(text))) is whole


def test_the_segmenter_is_not_asked_where_nothing_crosses(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(nlp, "edges", lambda _sentence: pytest.fail("asked"))
    assert nlp.is_word("甲乙", Span(0, 2), Span(0, 2))


def test_edges_of_a_sentence_with_blanks() -> None:
    edges = nlp.edges("我们 工作")
    assert {0, 2, 3, 5} <= edges


def test_importing_the_module_loads_no_segmenter() -> None:
    code = (
        "import sys, qa.nlp; qa.nlp.known('工作'); sys.exit('spacy' in sys.modules or 'jieba' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def folder_at(path: Path, monkeypatch: pytest.MonkeyPatch) -> str | None:
    monkeypatch.setattr(platformdirs, "user_cache_path", lambda *_args, **_options: path)
    return nlp._cache_folder()


def test_the_cache_stands_in_a_folder_of_the_users_own(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "cache" / "shenjiao"
    assert folder_at(path, monkeypatch) == str(path)
    assert stat.S_IMODE(path.stat().st_mode) & 0o077 == 0


@pytest.mark.skipif(not hasattr(os, "getuid"), reason="POSIX permissions")
def test_a_folder_others_may_write_to_is_not_used(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for mode in (0o777, 0o1777, 0o770):
        tmp_path.chmod(mode)
        assert folder_at(tmp_path, monkeypatch) is None
    tmp_path.chmod(0o700)
    monkeypatch.setattr(os, "getuid", lambda: tmp_path.stat().st_uid + 1)
    assert folder_at(tmp_path, monkeypatch) is None


def test_a_home_that_cannot_be_written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    blocked = tmp_path / "file"
    blocked.write_text("", encoding="utf-8")
    assert folder_at(blocked / "cache", monkeypatch) is None
    assert folder_at(blocked, monkeypatch) is None


def test_without_a_folder_the_cache_is_private(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    made = tmp_path / "own"

    def private(prefix: str) -> str:
        assert prefix == "shenjiao-"
        made.mkdir(mode=0o700)
        return str(made)

    monkeypatch.setattr(nlp, "_cache_folder", lambda: None)
    monkeypatch.setattr(tempfile, "mkdtemp", private)
    monkeypatch.setattr(jieba.dt, "tmp_dir", None)
    assert nlp._segmenter.__wrapped__()("工作").text == "工作"
    assert jieba.dt.tmp_dir == str(made)
