"""From inputs to outcomes: one checker, and worker processes for many files.

Results come in the order of the inputs, whatever the number of workers.  A file that kills its
worker (memory, a crash in native code) is reported as unchecked; the others go on.
"""

from __future__ import annotations

import os
import stat
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol

from qa.document import Document, LinkVerdict
from qa.engine import Engine, Outcome
from qa.files import Input, cause, read_at_most
from qa.finding import Finding
from qa.passes import Unchecked
from qa.readers import read
from qa.source import MAX_BYTES, Source, UnreadableError

if TYPE_CHECKING:
    from multiprocessing.connection import Connection
    from multiprocessing.context import BaseContext
    from multiprocessing.process import BaseProcess

SMALL = 8
"""Fewer files than this are done sooner than a second process starts."""

_POLL = 5.0
"""Seconds after which an idle worker looks whether its parent still lives."""

Finish = Callable[[Document, list[Finding], frozenset[str], Sequence[Unchecked]], list[Finding]]


def unchecked(name: str, reason: str) -> Outcome:
    """The outcome of something that could not be checked at all."""
    return Outcome(name, unchecked=[Unchecked(reason)])


def size_words(size: int) -> str:
    """A size for people."""
    return f"{size / 1048576:.1f} MB" if size >= 1048576 else f"{size / 1024:.1f} KB"


def load(path: str | os.PathLike[str], limit: int) -> bytes:
    """Bytes of a regular file of at most ``limit`` bytes.

    Raises:
        UnreadableError: too large, or not a regular file.
        OSError: it cannot be read.
    """
    handle = os.open(path, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0))
    status = os.fstat(handle)
    if not stat.S_ISREG(status.st_mode):
        os.close(handle)
        raise UnreadableError("不是普通文件（可能是文件夹、设备或管道）")
    with open(handle, "rb") as stream:  # noqa: PTH123 - a handle, not a path
        data = b"" if status.st_size > limit else read_at_most(stream, limit + 1)
    size = max(status.st_size, len(data))
    if size > limit:
        raise UnreadableError(
            f"文件太大（{size_words(size)}），上限是 {size_words(limit)}，可用 --max-size 调整"
        )
    return data


@dataclass
class Checker:
    """One input in, one outcome out; never raises for what is wrong with an input.

    Attributes:
        active: the rules in force for an input, ``None`` for all; see ``[[overrides]]``.
        finish: what is done to the findings afterwards (suppression).
        keep: keep the document in the outcome, for reporters that show the text.
        links: results of external links by URL, from the crawler.
        note: what else to take from a document, for ``Outcome.note``.
    """

    engine: Engine
    active: Callable[[Input], frozenset[str] | None] = lambda _item: None
    finish: Finish | None = None
    limit: int = MAX_BYTES
    keep: bool = True
    links: Mapping[str, LinkVerdict] | None = None
    note: Callable[[Document], Any] | None = None

    def read(self, item: Input) -> Document:
        """Decode and read an input.

        Raises:
            UnreadableError, OSError: it cannot be read.
        """
        if item.problem:
            raise UnreadableError(item.problem)
        data = item.data
        if data is None:
            if item.path is None:
                raise UnreadableError("没有取得内容")
            data = load(item.path, self.limit)
        elif len(data) > self.limit:
            raise UnreadableError(
                f"内容太大（{size_words(len(data))}），上限是 {size_words(self.limit)}，可用 --max-size 调整"
            )
        if not data.strip():
            raise UnreadableError("文件是空的，没有可检查的内容")
        source = Source.from_bytes(
            data,
            item.name,
            media=item.media or "html",
            http_charset=item.charset,
            path=item.path,
            root=item.root,
            url=item.url,
        )
        document = read(source)
        if not (
            document.text.strip()
            or document.images
            or document.links
            or document.resources
            or document.redirects
        ):
            raise UnreadableError("没有读出任何文字，没有可检查的内容")
        return document

    def check(self, item: Input) -> Outcome:
        """Check one input."""
        try:
            document = self.read(item)
            if self.links is not None:
                document.link_results = self.links
            active = self.active(item)
            outcome = self.engine.check(document, active)
            outcome.path = item.name
            if self.finish is not None:
                ran = frozenset(one.id for one in self.engine.rules) if active is None else active
                outcome.findings = self.finish(document, outcome.findings, ran, outcome.unchecked)
            if self.note is not None:
                outcome.note = self.note(document)
            # What is only in the way when an outcome is sent from a worker or kept in thousands.
            document.__dict__.pop("soup", None)
            document.link_results = None
            if not self.keep:
                outcome.document = None
        except UnreadableError as error:
            return unchecked(item.name, str(error))
        except FileNotFoundError:
            return unchecked(item.name, "检查期间文件不见了（可能被移动或删除）")
        except OSError as error:
            return unchecked(item.name, cause(error))
        except MemoryError:
            return unchecked(item.name, "内存不足，没有查完")
        except RecursionError:
            return unchecked(item.name, "内容嵌套过深，没有查完")
        except Exception as error:  # noqa: BLE001 - one bad page must not stop the others
            return unchecked(item.name, f"检查时出错：{type(error).__name__}：{error}")
        return outcome

    def answer(self, item: Input) -> Outcome:
        """:meth:`check` for a worker: a document nobody will be shown is not sent."""
        outcome = self.check(item)
        if not outcome.findings:
            outcome.document = None  # nothing to show it for, and dear to send
        return outcome


class Answering(Protocol):
    """What lives in a worker: one item in, one answer out, both picklable; never raises."""

    def answer(self, item: Any) -> Any:
        """Answer one item."""


def _work(connection: Connection, build: Callable[[], Answering]) -> None:
    """A worker's life: build the checker once, then check what comes until told to stop."""
    import signal

    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, signal.SIG_DFL)  # what the parent made of it must not keep this one alive
    parent = os.getppid()
    checker = build()
    while True:
        while not connection.poll(_POLL):
            if os.getppid() != parent:
                return
        try:
            item = connection.recv()
        except (EOFError, OSError):
            return
        connection.send(checker.answer(item))


class _Worker:
    """One process and the input it is busy with."""

    def __init__(self, context: BaseContext, build: Callable[[], Answering]) -> None:
        self.connection, theirs = context.Pipe()
        self.process: BaseProcess = context.Process(  # type: ignore[attr-defined]
            target=_work, args=(theirs, build), daemon=True
        )
        self.process.start()
        theirs.close()
        self.index = -1

    def give(self, index: int, item: Any) -> None:
        """Hand over one input; a worker that is dead already shows when its answer is read."""
        self.index = index
        with suppress(OSError):
            self.connection.send(item)

    def stop(self) -> None:
        """End the process; it holds nothing worth waiting for."""
        self.connection.close()
        self.process.terminate()
        self.process.join()

    def epitaph(self) -> str:
        """Why the worker ended, for people."""
        self.process.join()
        code = self.process.exitcode or 0
        how = f"信号 {-code}" if code < 0 else f"退出码 {code}"
        return f"检查进程意外退出（{how}），这份文件没有查完，可能是内存不足或内容异常"


def _context() -> BaseContext:
    """Fork where that is safe (no thread is running): workers then share the engine for nothing."""
    import multiprocessing
    import sys
    import threading

    forks = sys.platform == "linux" and threading.active_count() == 1
    return multiprocessing.get_context("fork" if forks else "spawn")


def run(
    items: Sequence[Input],
    checker: Checker,
    build: Callable[[], Checker],
    jobs: int,
) -> Iterator[Outcome]:
    """Outcomes of all inputs, in their order, as they become known.

    Args:
        items: the inputs.
        checker: used in this process where few inputs make workers pointless.
        build: makes a checker in a worker; must be picklable where processes cannot fork.
        jobs: number of processes.
    """
    local = jobs < 2 or len(items) < SMALL
    if local:
        yield from map(checker.check, items)
        return
    yield from spread(items, build, min(jobs, len(items)), lambda item, why: unchecked(item.name, why))


def spread(
    items: Iterable[Any],
    build: Callable[[], Answering],
    jobs: int,
    lost: Callable[[Any, str], Any],
) -> Iterator[Any]:
    """Answers to all items, in their order, from worker processes; items are taken as workers need them.

    Args:
        items: picklable; as many are under way as there are workers, so answers may wait for a slow one.
        build: makes what answers, in a worker.
        jobs: number of processes.
        lost: the answer where a worker died over an item, given the item and why (Chinese).
    """
    from multiprocessing.connection import wait

    context = _context()
    workers: dict[Any, _Worker] = {}
    done: dict[int, Any] = {}
    given: dict[int, Any] = {}
    waiting = iter(enumerate(items))

    def start() -> None:
        following = next(waiting, None)
        if following is not None:
            worker = _Worker(context, build)
            workers[worker.connection] = worker
            given[following[0]] = following[1]
            worker.give(*following)

    try:
        for _ in range(jobs):
            start()
        position = 0
        while given or done:
            while position not in done:
                for ready in wait(list(workers)):
                    worker = workers[ready]
                    item = given.pop(worker.index)
                    try:
                        done[worker.index] = worker.connection.recv()
                    except (EOFError, OSError):
                        done[worker.index] = lost(item, worker.epitaph())
                        workers.pop(ready).stop()
                        start()
                        continue
                    following = next(waiting, None)
                    if following is None:
                        workers.pop(ready).stop()
                    else:
                        given[following[0]] = following[1]
                        worker.give(*following)
            yield done.pop(position)
            position += 1
    finally:
        for worker in workers.values():
            worker.stop()
