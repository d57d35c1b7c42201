"""Inputs to outcomes, here and in workers."""

from __future__ import annotations

import errno
import multiprocessing
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from qa import pool
from qa.document import Document, LinkVerdict
from qa.engine import Engine
from qa.files import Input
from qa.finding import Level, Pass
from qa.pool import Checker, load, run, size_words, unchecked
from qa.rule import Bad, Good, Hit, Rule
from qa.source import Span, UnreadableError
from rules._standards import EDITING


def _find(document: Document) -> Iterator[Hit]:
    text = document.text
    if "崩溃" in text:
        os.kill(os.getpid(), signal.SIGKILL)
    if "退出" in text:
        os._exit(7)
    if "甲" in text:
        at = text.index("甲")
        yield Hit(Span(at, at + 1))


def rule() -> Rule:
    one = Rule(_find, "甲", Level.ERROR, Pass.PROOF1, EDITING[""], (Bad("⟦甲⟧"),), (Good("乙"),), "为什么")
    one.id = "x/one"
    return one


def checker(**options: Any) -> Checker:
    return Checker(Engine([rule()]), **options)


def inputs(*texts: str) -> list[Input]:
    return [Input(f"{n}.txt", media="text", data=text.encode()) for n, text in enumerate(texts)]


def reasons(outcome: Any) -> list[str]:
    return [gap.reason for gap in outcome.unchecked]


def test_one_input(tmp_path: Path) -> None:
    path = tmp_path / "a.html"
    path.write_text("<p>甲</p>", encoding="utf-8")
    outcome = checker().check(Input("a.html", path, "html"))
    assert [one.quote for one in outcome.findings] == ["甲"]
    assert outcome.document is not None
    assert checker(keep=False).check(Input("a.html", path, "html")).document is None


@pytest.mark.parametrize(
    ("item", "words"),
    [
        (Input("a", problem="坏"), "坏"),
        (Input("a", data=b" \n", media="html"), "文件是空的，没有可检查的内容"),
        (Input("a", data=b"\xef\xbb\xbf", media="html"), "没有读出任何文字，没有可检查的内容"),
        (Input("a", data=b"<html></html>", media="html"), "没有读出任何文字，没有可检查的内容"),
        (Input("a", data=b"%PDF-1.7", media="html"), "不是文本文件（看起来是PDF 文档）"),
        (
            Input("a", data=b"x" * 300, media="html"),
            "内容太大（0.3 KB），上限是 0.2 KB，可用 --max-size 调整",
        ),
        (Input("a", Path("/nonexistent/a.html"), "html"), "检查期间文件不见了（可能被移动或删除）"),
        (Input("a", Path(__file__).parent, "html"), "不是普通文件（可能是文件夹、设备或管道）"),
        (Input("a", Path(__file__), "html"), "文件太大"),
        (Input("http://x", url="http://x"), "没有取得内容"),
    ],
)
def test_problems(item: Input, words: str) -> None:
    assert reasons(checker(limit=200).check(item))[0].startswith(words)


@pytest.mark.parametrize(
    ("error", "words"),
    [
        (PermissionError(errno.EACCES, "x"), "没有读取权限"),
        (MemoryError(), "内存不足，没有查完"),
        (RecursionError(), "内容嵌套过深，没有查完"),
        (ValueError("怪"), "检查时出错：ValueError：怪"),
        (UnreadableError("乱码"), "乱码"),
    ],
)
def test_errors_become_outcomes(monkeypatch: pytest.MonkeyPatch, error: Exception, words: str) -> None:
    def broken(_source: object) -> Document:
        raise error

    monkeypatch.setattr(pool, "read", broken)
    assert reasons(checker().check(inputs("甲")[0])) == [words]


def test_charset_of_the_header() -> None:
    item = Input("http://x", url="http://x", data="<p>甲</p>".encode("gb18030"), charset="gbk", media="html")
    outcome = checker().check(item)
    assert outcome.path == "http://x"
    assert [one.quote for one in outcome.findings] == ["甲"]


def test_links_overrides_and_finish() -> None:
    seen: list[object] = []

    def finish(document: Document, findings: list[Any], ran: frozenset[str], _gaps: object) -> list[Any]:
        seen.extend((document.link_results, ran))
        return findings[:0]

    verdicts = {"http://x": LinkVerdict("dead", "404")}
    made = checker(links=verdicts, finish=finish)
    outcome = made.check(inputs("甲")[0])
    assert outcome.findings == []
    assert seen == [verdicts, {"x/one"}]
    assert outcome.document is not None
    assert outcome.document.link_results is None
    made.active = lambda _item: frozenset()
    made.check(inputs("甲")[0])
    assert seen[-1] == frozenset()


def test_what_else_to_take_from_a_document() -> None:
    outcome = checker(note=lambda document: document.text.strip(), keep=False).check(inputs("甲乙")[0])
    assert (outcome.note, outcome.document) == ("甲乙", None)


def test_few_files_need_no_workers(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pool, "spread", None)
    items = inputs("甲", "乙")
    assert [len(one.findings) for one in run(items, checker(), checker, 4)] == [1, 0]
    assert len(list(run(inputs(*"甲" * 20), checker(), checker, 1))) == 20


def spread(monkeypatch: pytest.MonkeyPatch, method: str, items: list[Input], jobs: int = 2) -> list[Any]:
    monkeypatch.setattr(pool, "_context", lambda: multiprocessing.get_context(method))
    return list(run(items, checker(), checker, jobs))


@pytest.mark.filterwarnings("ignore::DeprecationWarning")
def test_workers_keep_the_order(monkeypatch: pytest.MonkeyPatch) -> None:
    texts = ["甲" if n % 3 else "乙" for n in range(30)]
    found = spread(monkeypatch, "fork", inputs(*texts))
    assert [one.path for one in found] == [f"{n}.txt" for n in range(30)]
    assert [len(one.findings) for one in found] == [int(text == "甲") for text in texts]


@pytest.mark.filterwarnings("ignore::DeprecationWarning")
def test_a_crash_costs_one_file(monkeypatch: pytest.MonkeyPatch) -> None:
    texts = ["甲"] * 12
    texts[3] = "崩溃"
    texts[7] = "退出"
    texts[11] = "崩溃"
    found = spread(monkeypatch, "fork", inputs(*texts))
    assert [bool(one.unchecked) for one in found] == [n in (3, 7, 11) for n in range(12)]
    assert "信号 9" in reasons(found[3])[0]
    assert "退出码 7" in reasons(found[7])[0]


def test_stopping_early_leaves_no_process(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pool, "_context", lambda: multiprocessing.get_context("fork"))
    # Many, so that one fast worker cannot finish them all while the other still starts.
    results = run(inputs(*["甲"] * 5000), checker(), checker, 2)
    for _ in range(3):
        next(results)
    results.close()  # type: ignore[attr-defined]
    assert multiprocessing.active_children() == []


def test_context(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(threading, "active_count", lambda: 1)
    assert pool._context().get_start_method() == ("fork" if sys.platform == "linux" else "spawn")
    monkeypatch.setattr(threading, "active_count", lambda: 2)
    assert pool._context().get_start_method() == "spawn"


def test_spawned_workers(tmp_path: Path) -> None:
    # In a process of its own: what spawn imports must be importable there.
    script = tmp_path / "main.py"
    script.write_text(
        "import multiprocessing\n"
        "from qa import pool\n"
        "from qa.engine import Engine\n"
        "from qa.files import Input\n"
        "def build():\n"
        "    return pool.Checker(Engine([]))\n"
        "if __name__ == '__main__':\n"
        "    pool._context = lambda: multiprocessing.get_context('spawn')\n"
        "    items = [Input(str(n), media='text', data=b'x') for n in range(9)]\n"
        "    print([one.path for one in pool.run(items, build(), build, 2)])\n",
        encoding="utf-8",
    )
    done = subprocess.run([sys.executable, str(script)], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == str([str(n) for n in range(9)])


def test_the_life_of_a_worker(monkeypatch: pytest.MonkeyPatch) -> None:
    before = signal.getsignal(signal.SIGINT)
    ours, theirs = multiprocessing.Pipe()
    try:
        ours.send(inputs("甲")[0])
        ours.send(inputs("好")[0])

        def end() -> None:
            assert [one.quote for one in ours.recv().findings] == ["甲"]
            clean = ours.recv()
            assert (clean.findings, clean.document) == ([], None)
            ours.close()

        threading.Timer(0, end).start()
        monkeypatch.setattr(pool, "_POLL", 0.05)
        pool._work(theirs, checker)
        ours, theirs = multiprocessing.Pipe()
        parents = iter([1, 1, 2])
        monkeypatch.setattr(os, "getppid", lambda: next(parents))
        pool._work(theirs, checker)
    finally:
        signal.signal(signal.SIGINT, before)


def test_words() -> None:
    assert size_words(2 << 20) == "2.0 MB"
    assert unchecked("a", "坏").path == "a"
    with pytest.raises(FileNotFoundError):
        load("/nonexistent", 1)
    assert partial(load, __file__)(1 << 20).startswith(b'"""')
