"""Reading pages beside the fetching: links and anchors are taken out of bodies by a second process.

One page costs 0.4 ms to read and 0.05 ms to fetch, so on two processors the reading is what a crawl
waits for.  The process starts when a crawl has shown to be more than a handful of pages; until
then, where there is one processor alone, or where it cannot start, pages are read in this process.
A page that kills its reader twice is told as such, and reading goes on in a new one.
"""

from __future__ import annotations

import marshal
import os
import select
import signal
import struct
import subprocess
import sys
from collections import deque
from collections.abc import Iterator
from contextlib import suppress
from typing import Any, NamedTuple

from qa.site.extract import extract
from qa.source import UnreadableError, decode

_SOON = 50
"""Pages read here before a second process is worth its start (some 0.1 s)."""
_HEAD = struct.Struct("<I")
_PIPE = 1 << 20
_GULP = 1 << 17
_HELD = 4_000_000
"""Bytes of pages that wait to be read, before the crawl reads some itself."""
_LIFE = 5
"""Readers that may die before pages are read without."""


class Page(NamedTuple):
    """A body to read.

    Attributes:
        charset: as the header says.
        whole: the body was read to its end.
    """

    url: str
    charset: str | None
    whole: bool
    body: bytes


class Reading(NamedTuple):
    """What a page says.

    Attributes:
        anchors: ids and names, one a line.
        links: tuples in the order of :class:`qa.site.extract.RawLink`.
        lost: why it could not be read (Chinese); empty where it was.
    """

    title: str
    anchors: str
    links: list[tuple[Any, ...]]
    lost: str = ""


def text_of(body: bytes, charset: str | None, *, whole: bool) -> str:
    """Decoded text of a body; empty where it is none."""
    for cut in range(1 if whole else 4):  # a body that was cut may end inside a character
        data = body[: len(body) - cut]
        if charset is not None and charset.lower() in ("utf-8", "utf8"):
            try:
                return data.decode("utf-8").removeprefix("\ufeff")
            except UnicodeDecodeError:
                pass
        try:
            return decode(data, http_charset=charset, markup=True).text
        except UnreadableError:
            continue
    return ""


def read(page: Page) -> Reading:
    """Read a page in this process; never raises for what is wrong with it."""
    try:
        found = extract(text_of(page.body, page.charset, whole=page.whole), page.url)
    except Exception as error:  # noqa: BLE001 - one bad page must not stop the others
        return Reading("", "", [], f"读取网页时出错：{type(error).__name__}：{error}")
    return Reading(found.title, "\n".join(found.anchors), list(map(tuple, found.links)))


class Reader:
    """Reads pages, in order, in a second process where that is worth it.

    Args:
        apart: whether a second process may be used at all.
    """

    def __init__(self, *, apart: bool = True) -> None:
        self._apart = apart and _can_be_apart()
        self._given = 0
        self._process: subprocess.Popen[bytes] | None = None
        self._lives = _LIFE
        self._room = 0
        self._waiting: deque[tuple[Page, Any]] = deque()
        self._sent = 0
        self._under_way = 0
        self._held = 0
        self._suspect: Page | None = None
        self._buffer = b""

    def __len__(self) -> int:
        """Pages given and not yet come back."""
        return len(self._waiting)

    def give(self, page: Page, token: Any) -> Reading | None:
        """Have a page read; the reading where that was done at once, else it comes out of :meth:`collect`.

        Never blocks: where the reader is far behind, this process reads as well.
        """
        self._given += 1
        if self._process is None and (not self._apart or self._given <= _SOON or not self._start()):
            return read(page)
        size = _size(page)
        if size > self._room or self._held + size > _HELD:
            return read(page)
        self._waiting.append((page, token))
        self._held += size
        self._send()
        return None

    def collect(self, wait: float = 0.0) -> Iterator[tuple[Reading, Any]]:
        """Readings that are done, with their tokens; waits for one ``wait`` seconds at most."""
        if not self._waiting:
            return
        assert self._process is not None
        assert self._process.stdout is not None
        source = self._process.stdout.fileno()
        if wait:
            select.select([source], [], [], wait)
        try:
            data = os.read(source, _GULP)
        except BlockingIOError:
            return
        if not data:
            yield from self._bury()
            return
        data = self._buffer + data if self._buffer else data
        at = 0
        while len(data) - at >= _HEAD.size:
            (length,) = _HEAD.unpack_from(data, at)
            end = at + _HEAD.size + length
            if end > len(data):
                break
            found = Reading(*marshal.loads(memoryview(data)[at + _HEAD.size : end]))  # noqa: S302 - our own process
            at = end
            page, token = self._waiting.popleft()
            self._sent -= 1
            self._under_way -= _size(page)
            self._held -= _size(page)
            yield found, token
        self._buffer = data[at:]
        self._send()

    def close(self) -> None:
        """End the process; what it has not answered is let go."""
        self._waiting.clear()
        self._sent = self._under_way = self._held = 0
        self._end()

    def _start(self) -> bool:
        if not self._lives:
            return False
        self._lives -= 1
        self._buffer = b""
        try:
            process = subprocess.Popen(
                [sys.executable, "-P", "-m", "crawler.reading"],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                bufsize=0,
                process_group=0,  # Ctrl-C is for the crawl, which ends its reader in good order
            )
        except OSError:
            self._lives = 0
            return False
        assert process.stdin is not None
        assert process.stdout is not None
        self._room = min(_widen(process.stdin.fileno()), _widen(process.stdout.fileno())) // 2
        os.set_blocking(process.stdout.fileno(), False)
        self._process = process
        return True

    def _send(self) -> None:
        """Send what fits: never more is under way than half of what the pipe holds, so this does not wait."""
        assert self._process is not None
        assert self._process.stdin is not None
        while self._sent < len(self._waiting):
            page = self._waiting[self._sent][0]
            if self._under_way + _size(page) > self._room:
                return
            data = marshal.dumps(tuple(page))
            try:
                os.write(self._process.stdin.fileno(), _HEAD.pack(len(data)) + data)
            except OSError:  # it has died, which collect() will see
                return
            self._sent += 1
            self._under_way += _size(page)

    def _bury(self) -> Iterator[tuple[Reading, Any]]:
        """A reader died over the first page it had not answered: that one is lost if it is the second time."""
        self._end()
        left, self._waiting = self._waiting, deque()
        self._sent = self._under_way = self._held = 0
        if left[0][0] is self._suspect or not self._lives:
            _, token = left.popleft()
            yield Reading("", "", [], "读取网页的进程意外退出，可能是内存不足或内容异常"), token
        else:
            self._suspect = left[0][0]
        for page, token in left:
            found = self.give(page, token)
            if found is not None:
                yield found, token

    def _end(self) -> None:
        process, self._process = self._process, None
        if process is None:
            return
        for stream in (process.stdin, process.stdout):
            if stream is not None:
                with suppress(OSError):
                    stream.close()
        process.kill()
        process.wait()


def _size(page: Page) -> int:
    return len(page.body) + 3 * len(page.url) + 64


def _can_be_apart() -> bool:
    """Whether there is a second processor, and pipes that can be made wide (Linux)."""
    if not sys.platform.startswith("linux") or not sys.executable:
        return False
    return len(os.sched_getaffinity(0)) > 1


def _widen(pipe: int) -> int:
    """Make a pipe hold as much as this system lets it; bytes it holds."""
    import fcntl

    with suppress(OSError):
        fcntl.fcntl(pipe, fcntl.F_SETPIPE_SZ, _PIPE)
    return fcntl.fcntl(pipe, fcntl.F_GETPIPE_SZ)


def _exactly(stream: int, size: int) -> bytes:
    parts = []
    while size:
        data = os.read(stream, size)
        if not data:
            return b""
        parts.append(data)
        size -= len(data)
    return b"".join(parts)


def serve(source: int, sink: int) -> None:
    """A reader's life: pages in, readings out, until no more come."""
    import gc

    signal.signal(signal.SIGINT, signal.SIG_IGN)
    gc.freeze()
    gc.set_threshold(20_000, 20, 20)
    while True:
        head = _exactly(source, _HEAD.size)
        data = head and _exactly(source, *_HEAD.unpack(head))
        if not data:
            return
        found = read(Page(*marshal.loads(data)))  # noqa: S302 - from the crawl that started this
        answer = marshal.dumps(tuple(found))
        view = memoryview(_HEAD.pack(len(answer)) + answer)
        while view:
            view = view[os.write(sink, view) :]


if __name__ == "__main__":
    pipe = os.dup(1)
    os.dup2(2, 1)  # nothing a library prints may get among the answers
    with suppress(BrokenPipeError, KeyboardInterrupt):
        serve(0, pipe)
