"""Pages read beside the fetching: the same readings, in order, whatever becomes of the second process."""

from __future__ import annotations

import os
import signal
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

sys.path.insert(0, str(Path(__file__).parent))

from hostile import Hostile, Night, crawl, serving, tree

from crawler import crawl as module
from crawler import reading
from crawler.reading import Page, Reader, Reading, read, text_of

pytestmark = pytest.mark.skipif(not sys.platform.startswith("linux"), reason="第二个进程只在 Linux 上用")


@pytest.fixture(autouse=True)
def two_processors(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reading, "_SOON", 0)
    monkeypatch.setattr(os, "sched_getaffinity", lambda _pid: {0, 1})


def page(n: int, extra: str = "") -> Page:
    body = f"<title>第{n}页</title><p id=a{n}><a href=/{n}.html#x>第{n}条</a>{extra}"
    return Page(f"http://www.example.com/{n}/index.html", "utf-8", whole=True, body=body.encode())


def collected(reader: Reader, seconds: float = 20) -> list[tuple[Reading, Any]]:
    found: list[tuple[Reading, Any]] = []
    until = time.monotonic() + seconds
    while len(reader) and time.monotonic() < until:
        found += reader.collect(0.2)
    assert not len(reader)
    return found


def given(reader: Reader, pages: list[Page]) -> list[tuple[Reading, Any]]:
    """Readings made at once."""
    return [(at_once, n) for n, one in enumerate(pages) if (at_once := reader.give(one, n)) is not None]


def test_readings_are_those_of_this_process_and_in_order() -> None:
    pages = [page(n) for n in range(200)]
    reader = Reader()
    try:
        assert given(reader, pages) == []
        found = collected(reader)
    finally:
        reader.close()
    assert [token for _, token in found] == list(range(200))
    assert [one for one, _ in found] == [read(one) for one in pages]
    assert found[7][0].title == "第7页"
    assert found[7][0].anchors == "a7"
    assert found[7][0].links[0][:2] == ("http://www.example.com/7.html", "x")


def test_the_first_pages_of_a_crawl_start_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reading, "_SOON", 3)
    reader = Reader()
    try:
        assert [n for _, n in given(reader, [page(n) for n in range(5)])] == [0, 1, 2]
        assert len(collected(reader)) == 2
    finally:
        reader.close()


@pytest.mark.parametrize("why", ["told", "one processor", "no start"])
def test_without_a_second_process_pages_are_read_here(why: str, monkeypatch: pytest.MonkeyPatch) -> None:
    if why == "one processor":
        monkeypatch.setattr(os, "sched_getaffinity", lambda _pid: {0})
    if why == "no start":
        monkeypatch.setattr(sys, "executable", "/nowhere/python")
    reader = Reader(apart=why != "told")
    assert given(reader, [page(1)]) == [(read(page(1)), 0)]
    assert list(reader.collect(0.1)) == []
    reader.close()


def test_pages_wider_than_the_pipe_and_a_reader_far_behind(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reading, "_HELD", 700_000)
    wide, plain = page(0, "宽" * 400_000), page(1, "长" * 50_000)
    reader = Reader()
    try:
        early = given(reader, [wide, *[plain] * 20])
        assert early[0] == (read(wide), 0)
        assert 10 < len(early) < 20
        later = collected(reader)
    finally:
        reader.close()
    assert sorted(token for _, token in [*early, *later]) == list(range(21))
    assert all(one == read(plain) for one, _ in later)


def test_answers_larger_than_the_pipe() -> None:
    many = page(0, "".join(f"<a href=/very/long/address/of/a/page/{n}.html>甲</a>" for n in range(9000)))
    reader = Reader()
    try:
        assert given(reader, [many, page(1)]) == []
        found = collected(reader)
    finally:
        reader.close()
    assert len(found[0][0].links) == 9001
    assert found[1][0] == read(page(1))


def killed(reader: Reader) -> None:
    process = reader._process
    assert process is not None
    os.kill(process.pid, signal.SIGKILL)
    process.wait()


def test_a_reader_that_dies_once_costs_nothing() -> None:
    reader = Reader()
    try:
        assert given(reader, [page(n) for n in range(30)]) == []
        killed(reader)
        found = collected(reader)
    finally:
        reader.close()
    assert found == [(read(page(n)), n) for n in range(30)]


def test_a_page_that_kills_its_reader_is_told_and_the_others_are_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A reader made to die over one page."""
    program = tmp_path / "python"
    words = (
        "import os, crawler.reading as r\nplain = r.read\n"
        "r.read = lambda page: os._exit(9) if 'deadly' in page.url else plain(page)\n"
        "r.serve(0, 1)\n"
    )
    program.write_text(f"#!/bin/sh\nexec '{sys.executable}' -c \"{words}\"\n")
    program.chmod(0o755)
    monkeypatch.setattr(sys, "executable", str(program))
    pages = [page(n) for n in range(20)]
    pages[8] = pages[8]._replace(url="http://www.example.com/deadly")
    reader = Reader()
    try:
        assert given(reader, pages) == []
        found = collected(reader)
    finally:
        reader.close()
    assert [token for _, token in found] == list(range(20))
    assert found[8][0] == Reading("", "", [], "读取网页的进程意外退出，可能是内存不足或内容异常")
    assert [one for one, token in found if token != 8] == [read(one) for one in pages if one is not pages[8]]


def test_readers_that_die_again_and_again_are_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "executable", "/bin/false")
    reader = Reader()
    try:
        early = given(reader, [page(n) for n in range(6)])
        later = collected(reader)
    finally:
        reader.close()
    found = sorted([*early, *later], key=lambda item: item[1])
    assert [token for _, token in found] == list(range(6))
    assert 2 <= sum(bool(one.lost) for one, _ in found) <= 3
    assert found[5][0] == read(page(5))


def test_a_page_that_cannot_be_read_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(_text: str, _url: str) -> None:
        raise RecursionError("太深")

    monkeypatch.setattr(reading, "extract", broken)
    assert read(page(1)).lost == "读取网页时出错：RecursionError：太深"


def test_readers_end_with_the_crawl() -> None:
    reader = Reader()
    assert reader.give(page(1), "x") is None
    process = reader._process
    assert process is not None
    reader.close()
    assert process.returncode is not None
    assert len(reader) == 0
    assert list(reader.collect()) == []


def test_readers_end_where_the_crawl_is_killed() -> None:
    """All they live for is the pipe."""
    sink, source = os.pipe(), os.pipe()
    os.close(source[1])
    reading.serve(source[0], sink[1])
    for end in (*sink, source[0]):
        os.close(end)


def test_serving() -> None:
    import marshal

    given, answered = os.pipe(), os.pipe()
    data = marshal.dumps(tuple(page(3)))
    os.write(given[1], reading._HEAD.pack(len(data)) + data)
    os.close(given[1])
    before = signal.getsignal(signal.SIGINT)
    try:
        reading.serve(given[0], answered[1])
    finally:
        signal.signal(signal.SIGINT, before)
    answer = os.read(answered[0], 100_000)
    assert Reading(*marshal.loads(answer[4:])) == read(page(3))
    for end in (given[0], *answered):
        os.close(end)


@pytest.mark.parametrize(
    ("body", "charset", "whole", "text"),
    [
        ("政务公开".encode(), "utf-8", True, "政务公开"),
        ("\ufeff政务公开".encode(), "UTF8", True, "政务公开"),
        ("<p>政务公开工作要点".encode("gb18030"), "utf-8", True, "<p>政务公开工作要点"),
        ("政务公开".encode()[:-1], "utf-8", False, "政务公"),
        (b"\x00\xff\xfe\x81" * 40, None, True, ""),
    ],
)
def test_text(body: bytes, charset: str | None, whole: bool, text: str) -> None:
    assert text_of(body, charset, whole=whole) == text


# -- whole crawls ----------------------------------------------------------------


def links(night: Night) -> list[tuple[object, ...]]:
    return [(name, *night.links(name)) for name in sorted(night.pages)]


@pytest.fixture
def server() -> Iterator[Hostile]:
    with serving() as made:
        tree(made, 150)
        yield made


@pytest.fixture
def readers(monkeypatch: pytest.MonkeyPatch) -> list[Reader]:
    """Readers of the crawls of a test."""
    made: list[Reader] = []

    class Kept(Reader):
        def __init__(self, *, apart: bool = True) -> None:
            super().__init__(apart=apart)
            made.append(self)

    monkeypatch.setattr(module, "Reader", Kept)
    return made


def test_a_crawl_is_the_same_with_one_process_and_with_two(
    server: Hostile, tmp_path: Path, readers: list[Reader], monkeypatch: pytest.MonkeyPatch
) -> None:
    two = crawl(server, tmp_path / "2")
    assert readers[0]._lives == 4  # one was started
    monkeypatch.setattr(os, "sched_getaffinity", lambda _pid: {0})
    one = crawl(server, tmp_path / "1")
    assert readers[1]._lives == 5
    assert len(one.pages) == 150
    assert links(one) == links(two)
    assert {name: row.depth for name, row in one.fetches.items()} == {
        name: row.depth for name, row in two.fetches.items()
    }


def test_a_crawl_outlives_its_reader(server: Hostile, tmp_path: Path, readers: list[Reader]) -> None:
    kills = [3]

    def stopping() -> bool:
        process = readers[-1]._process
        if process is not None and readers[-1]._given > 30 * (4 - kills[0]) and kills[0]:
            kills[0] -= 1
            killed(readers[-1])
        return False

    night = crawl(server, tmp_path, stopping=stopping)
    assert night.crawled.state == "done"
    assert kills == [0]
    assert all(row.status == 200 and row.content for row in night.pages.values())
    for gap in night.crawled.gaps:
        assert gap.startswith(server.base)
        assert "的链接没有读出来：读取网页的进程意外退出" in gap


def test_what_was_being_read_when_a_crawl_stopped_is_asked_again(
    server: Hostile, tmp_path: Path, readers: list[Reader]
) -> None:
    night = crawl(server, tmp_path, stopping=lambda: len(readers[-1]) > 2)
    assert night.crawled.state == "stopped"
    assert len(night.pages) < 150
    night = crawl(server, tmp_path, resume=True)
    assert night.crawled.state == "done"
    whole = crawl(server, tmp_path / "whole")
    assert links(night) == links(whole)
