"""The baseline."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from qa.baseline import BaselineError, Known, apply, dump, entries, load, write
from qa.engine import Outcome
from qa.finding import Confidence, Finding, Level, Pass
from qa.passes import Unchecked
from qa.source import Position

AT = Position(1, 1, 0)
RAN = frozenset({"typo/one"})


def finding(mark: str, path: str = "a.html", **changes: object) -> Finding:
    return Finding(
        "typo/one",
        "",
        Level.ERROR,
        Pass.PROOF1,
        Confidence.HIGH,
        "",
        path,
        AT,
        AT,
        "甲",
        "",
        "",
        "",
        mark * 32,
        **changes,
    )  # type: ignore[arg-type]


def known(mark: str, path: str = "a.html", rule: str = "typo/one") -> Known:
    return Known(path, rule, mark * 32, "甲")


def outcome(path: str, *findings: Finding, unchecked: bool = False) -> Outcome:
    return Outcome(path, list(findings), [Unchecked("坏了")] if unchecked else [])


def judged(
    items: list[Known], *outcomes: Outcome, there: tuple[str, ...] = ()
) -> tuple[list[list[str]], list[str]]:
    gone = apply(items, outcomes, RAN, there.__contains__)
    return [[f.baseline for f in one.findings] for one in outcomes], [
        f"{g.path}:{g.fingerprint[0]}" for g in gone
    ]


def test_round_trip(tmp_path: Path) -> None:
    path = tmp_path / "known.json"
    findings = [finding("b"), finding("a"), finding("c", suppressed="理由")]
    assert write(path, findings) == 2
    assert load(path) == [known("a"), known("b")] == entries(findings)
    before = path.read_bytes()
    write(path, reversed(findings))
    assert path.read_bytes() == before == dump(load(path))
    assert json.loads(before)["version"] == 1
    assert before.endswith(b"\n")


def test_new_unchanged_gone() -> None:
    assert judged([known("a"), known("b")], outcome("a.html", finding("a"), finding("c"))) == (
        [["unchanged", "new"]],
        ["a.html:b"],
    )


def test_renamed_files_keep_their_entries() -> None:
    assert judged([known("a", "old.html")], outcome("new.html", finding("a", "new.html"))) == (
        [["unchanged"]],
        [],
    )


def test_a_second_copy_is_new() -> None:
    first, second = finding("a", "a.html"), finding("a", "b.html")
    assert judged([known("a", "b.html")], outcome("a.html", first), outcome("b.html", second)) == (
        [["new"], ["unchanged"]],
        [],
    )
    assert judged(
        [known("a", "b.html"), known("a", "c.html")], outcome("a.html", first), outcome("b.html", second)
    ) == (
        [["unchanged"], ["unchanged"]],
        [],
    )


def test_chrome_is_one_fault_on_all_pages() -> None:
    pages = [outcome(name, finding("a", name, chrome=True)) for name in ("a.html", "b.html")]
    assert judged([known("a", "x.html")], *pages) == ([["unchanged"], ["unchanged"]], [])
    assert judged([], *pages)[0] == [["new"], ["new"]]


def test_only_what_was_checked_can_be_gone() -> None:
    items = [
        known("a", "checked.html"),
        known("b", "elsewhere.html"),
        known("c", "deleted.html"),
        known("d", "broken.html"),
        known("e", "checked.html", "typo/other"),
    ]
    outcomes = [outcome("checked.html"), outcome("broken.html", unchecked=True)]
    assert judged(items, *outcomes, there=("elsewhere.html",)) == (
        [[], []],
        ["checked.html:a", "deleted.html:c"],
    )


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "不是合法的 JSON"),
        ("[" * 100000, "不是合法的 JSON"),
        ("[]", "不是审校的基线文件"),
        ('{"findings": 1}', "不是审校的基线文件"),
        ('{"findings": [], "version": 9}', "版本 9 不认识"),
        ('{"findings": [1], "version": 1}', "第 1 条不是对象"),
        ('{"findings": [{"fingerprint": "x"}], "version": 1}', "第 1 条不合格式"),
        ('{"findings": [{"path": 1, "fingerprint": "x"}], "version": 1}', "第 1 条不合格式"),
    ],
)
def test_broken_files(tmp_path: Path, text: str, words: str) -> None:
    path = tmp_path / "known.json"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(BaselineError, match=words):
        load(path)


def test_files_that_cannot_be_read_or_written(tmp_path: Path) -> None:
    with pytest.raises(BaselineError, match="文件不存在"):
        load(tmp_path / "none.json")
    with pytest.raises(BaselineError, match="无法写入：文件不存在"):
        write(tmp_path / "none" / "known.json", [])
