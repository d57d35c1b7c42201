"""Safe fixes, byte for byte."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from qa import fix as fixing
from qa.document import Document
from qa.engine import Engine, Outcome
from qa.files import Collector, Input
from qa.finding import Level, Pass
from qa.fix import FixError, diff, plan, write
from qa.lexicon import Entry, TermRule
from qa.passes import Unchecked
from qa.pool import Checker
from qa.rule import Bad, Good, Hit, Rule
from qa.source import Span
from rules._standards import EDITING


def table(identifier: str, *entries: Entry) -> TermRule:
    one = TermRule(
        lambda match: match.hit(),
        "错字",
        Level.ERROR,
        Pass.PROOF1,
        EDITING[""],
        (Bad("⟦甲⟧"),),
        (Good("乙"),),
        "为什么",
        entries=entries,
    )
    one.id = identifier
    return one


def custom(identifier: str, function: object) -> Rule:
    one = Rule(
        function, "自拟", Level.ERROR, Pass.PROOF1, EDITING[""], (Bad("⟦甲⟧"),), (Good("乙"),), "为什么"
    )  # type: ignore[arg-type]
    one.id = identifier
    return one


SAFE = table(
    "typo/safe",
    Entry("布署", ("部署",), safe=True),
    Entry("甲乙丙", ("丁",), safe=True),
    Entry("小于号", ("<&>\"'",), safe=True),
    Entry("生僻字", ("𠮷",), safe=True),
)
UNSAFE = table("typo/unsafe", Entry("可能", ("或许",)))


def checker(*rules: Rule) -> Checker:
    return Checker(Engine(rules or (SAFE, UNSAFE)))


def item(path: Path) -> Input:
    (one,) = Collector().collect([str(path)]).inputs
    return one


def put(folder: Path, data: bytes, name: str = "a.html") -> Path:
    path = folder / name
    path.write_bytes(data)
    return path


@pytest.mark.parametrize(
    ("encoding", "head", "bom"),
    [
        ("utf-8", "", b""),
        ("utf-8", "", b"\xef\xbb\xbf"),
        ("gb18030", '<meta charset="gbk">', b""),
        ("utf-16-le", "", b"\xff\xfe"),
        ("utf-16-be", "", b"\xfe\xff"),
    ],
)
def test_bytes_elsewhere_stay(tmp_path: Path, encoding: str, head: str, bom: bytes) -> None:
    before = f"{head}<p>工作\t布署</p>\r\n<p>一&nbsp;可能</p>\r\x0c\u2028<p>布署"
    path = put(tmp_path, bom + before.encode(encoding))
    path.chmod(0o640)
    made = plan(item(path), checker())
    assert (made.problem, made.count, made.left, made.changed) == ("", 2, 1, True)
    write(made)
    assert path.read_bytes() == bom + before.replace("布署", "部署").encode(encoding)
    assert path.stat().st_mode & 0o777 == 0o640
    again = plan(item(path), checker())
    assert not again.changed
    assert again.count == 0


def test_diff(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    put(tmp_path, "<p>一</p>\n<p>布署</p>".encode())
    made = plan(item(Path("a.html")), checker())
    assert diff(made) == (
        "--- a/a.html\n+++ b/a.html\n@@ -1,2 +1,2 @@\n <p>一</p>\n"
        "-<p>布署</p>\n\\ No newline at end of file\n+<p>部署</p>\n\\ No newline at end of file\n"
    )
    put(tmp_path, "<p>布署</p>\n".encode())
    assert diff(plan(item(Path("a.html")), checker())).endswith("-<p>布署</p>\n+<p>部署</p>\n")


def test_escaped_in_html(tmp_path: Path) -> None:
    made = plan(item(put(tmp_path, '<p title="小于号">小于号</p>'.encode())), checker())
    assert made.text == """<p title="&lt;&amp;&gt;&quot;&#39;">&lt;&amp;&gt;"'</p>"""
    made = plan(item(put(tmp_path, "小于号".encode(), "a.txt")), checker())
    assert made.text == "<&>\"'"


def test_fixes_of_the_source_itself_are_markup_already(tmp_path: Path) -> None:
    def href(document: Document) -> Iterator[Hit]:
        for link in document.links:
            if link.href == "x?a=1":
                yield Hit(link.span, fix="x?a=1&amp;b=2", safe=True, source=link.source, quote="x")

    made = plan(item(put(tmp_path, b'<a href="x?a=1">go</a>')), checker(custom("links/x", href)))
    assert made.text == '<a href="x?a=1&amp;b=2">go</a>'


def test_only_some_rules_and_only_live_findings(tmp_path: Path) -> None:
    path = put(tmp_path, "<p>布署</p>".encode())
    assert plan(item(path), checker(), frozenset({"typo/unsafe"})).count == 0
    assert plan(item(path), checker(), frozenset({"typo/safe"})).fixes == {"typo/safe": 1}

    def ignore(_d: object, findings: list, *_: object) -> list:  # type: ignore[type-arg]
        from dataclasses import replace

        return [replace(one, suppressed="引文") for one in findings]

    made = checker()
    made.finish = ignore
    assert not plan(item(path), made).changed


def test_overlapping_fixes_keep_the_first(tmp_path: Path) -> None:
    def both(document: Document) -> Iterator[Hit]:
        if "一二三" in document.text:
            yield Hit(Span(0, 2), "甲", "甲", safe=True)
            yield Hit(Span(1, 3), "乙", "乙", safe=True)
        if document.text.startswith("插"):
            yield Hit(Span(0, 0), "子", "子", safe=True)
            yield Hit(Span(0, 0), "丑", "丑", safe=True)

    path = put(tmp_path, "一二三".encode(), "a.txt")
    assert plan(item(path), checker(custom("x/both", both))).text == "甲三"
    path.write_text("插", encoding="utf-8")
    assert plan(item(path), checker(custom("x/both", both))).text in ("子插", "丑插")


def test_fixes_that_call_for_fixes(tmp_path: Path) -> None:
    chain = table("typo/chain", Entry("一一", ("二二",), safe=True), Entry("二二", ("三三",), safe=True))
    made = plan(item(put(tmp_path, "一一".encode(), "a.txt")), checker(chain))
    assert (made.text, made.fixes) == ("三三", {"typo/chain": 2})
    circle = table("typo/circle", Entry("一一", ("二二",), safe=True), Entry("二二", ("一一",), safe=True))
    made = plan(item(put(tmp_path, "一一".encode(), "a.txt")), checker(circle))
    assert "规则之间可能互相冲突" in made.problem
    assert not made.changed


def test_characters_the_encoding_lacks(tmp_path: Path) -> None:
    made = plan(item(put(tmp_path, '<meta charset="big5"><p>生僻字</p>'.encode("big5"))), checker())
    assert made.text == '<meta charset="big5"><p>生僻字</p>' or "&#134071;" in made.text

    source = fixing.Source("a.txt", "甲", "text", "big5hkscs")
    with pytest.raises(FixError, match="编码里写不出来"):
        fixing._encode(source, "\U0001f600")
    source.media = "html"
    assert fixing._encode(source, "\U0001f600") == b"&#128512;"


def test_bytes_that_would_not_come_back(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = put(tmp_path, "<p>布署</p>".encode())
    monkeypatch.setattr(fixing.Source, "encode", lambda _self: b"other")
    assert "无法原样写回" in plan(item(path), checker()).problem
    assert path.read_bytes() == "<p>布署</p>".encode()


def test_text_that_would_be_read_otherwise(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = put(tmp_path, "<p>布署</p>".encode())
    monkeypatch.setattr(fixing, "_encode", lambda _source, text: text.encode("gb18030") + b"\xff")
    monkeypatch.setattr(
        fixing.Source, "from_bytes", classmethod(lambda _c, *_a, **_k: fixing.Source("a.html", "布署"))
    )
    assert plan(item(path), checker()).problem


def test_problems(tmp_path: Path) -> None:
    assert plan(item(tmp_path / "none.html"), checker()).problem == "文件不存在"
    assert plan(Input("a.html", tmp_path / "none.html", "html"), checker()).problem == "文件不存在"
    assert plan(item(put(tmp_path, b" ")), checker()).problem == "文件是空的，没有可检查的内容"
    small = checker()
    small.limit = 1
    assert "太大" in plan(item(put(tmp_path, b"<p>x")), small).problem


def test_what_could_not_be_checked_is_told(tmp_path: Path) -> None:
    def broken(_document: Document) -> Iterator[Hit]:
        raise ValueError("坏")

    made = plan(item(put(tmp_path, "<p>布署</p>".encode())), checker(SAFE, custom("x/broken", broken)))
    assert made.changed
    assert made.gaps == ["规则 x/broken 运行出错：ValueError：坏"]


def test_never_touches_a_file_that_changed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = put(tmp_path, "<p>布署</p>".encode())
    made = plan(item(path), checker())
    for other in (b"<p>x</p>", "<p>布署</p>很长很长".encode()):
        path.write_bytes(other)
        with pytest.raises(FixError, match="在此期间被改动"):
            write(made)
        assert path.read_bytes() == other
    path.unlink()
    with pytest.raises(FixError, match="无法写入：文件不存在"):
        write(made)
    put(tmp_path, made.data)
    monkeypatch.setattr(os, "access", lambda *_: False)
    with pytest.raises(FixError, match="文件只读"):
        write(made)


def test_no_document() -> None:
    with pytest.raises(FixError, match="坏了"):
        fixing._readable(Outcome("a", unchecked=[Unchecked("坏了")]))
