"""Writes facts in batches, in a thread of its own: first the bodies (WARC), then one transaction.

A batch is there wholly or not at all: after kill -9 the store holds every committed batch, and
what lies in the WARC file beyond it is cut off at the next start.
"""

from __future__ import annotations

import errno
import queue
import sqlite3
import threading
from dataclasses import dataclass, field
from itertools import chain
from pathlib import Path
from typing import NamedTuple

from qa.site.snapshot import Place, Writer
from qa.site.store import explain as explain_store
from qa.site.store import open_store


class Body(NamedTuple):
    """A body to keep, with all that ``content`` says of it."""

    content_id: int
    url_id: int
    url: str
    at: str
    status: int
    headers: str
    body: bytes
    digest: bytes
    media: str
    charset: str | None
    title: str
    excerpt: str
    etag: str | None
    modified: str | None
    anchors: str
    targets: bytes
    page: int
    current: bool
    """Whether it is the newest body of its address, to be asked for conditionally next time."""


@dataclass(slots=True)
class Batch:
    """Rows to write; tuples are in the order of the tables' columns."""

    urls: list[tuple[int, str, str]] = field(default_factory=list)
    frontier: list[tuple[int, int, int, str, int | None, str]] = field(default_factory=list)
    fetches: list[tuple[object, ...]] = field(default_factory=list)
    bodies: list[Body] = field(default_factory=list)
    links: list[tuple[object, ...]] = field(default_factory=list)
    newest: list[tuple[int | None, int]] = field(default_factory=list)
    read: list[tuple[str, str, bytes, int]] = field(default_factory=list)
    """Bodies known from checking whether a link is alive, now read as pages: title, anchors, targets, id."""
    packed: list[tuple[bytes, int | None]] = field(default_factory=list)
    """Targets of unchanged bodies, packed for another scope: targets, id."""
    dropped: list[tuple[int, int]] = field(default_factory=list)
    traps: list[tuple[int, str, int]] = field(default_factory=list)
    size: int = 0

    def __bool__(self) -> bool:
        return bool(self.urls or self.frontier or self.fetches or self.newest or self.dropped or self.traps)


_STOP = None


class Recorder:
    """The writing thread.

    Args:
        path: of ``run.db``; the thread opens its own connection.
        folder: of the WARC files.
        run: number of the run.
    """

    def __init__(self, path: Path, folder: Path, run: int) -> None:
        self._path = path
        self._folder = folder
        self._run = run
        self._queue: queue.Queue[Batch | None] = queue.Queue(maxsize=3)
        self.error: BaseException | None = None
        self._thread = threading.Thread(target=self._work, name="recorder", daemon=True)
        self._thread.start()

    def put(self, batch: Batch) -> None:
        """Hand over a batch; waits where the disk is slower than the net."""
        if self.error is None:
            self._queue.put(batch)

    def drain(self) -> None:
        """Wait until all is committed."""
        self._queue.join()

    def close(self) -> None:
        """Commit what is there and end the thread."""
        if self._thread.is_alive():
            self._queue.put(_STOP)
            self._thread.join()

    def _work(self) -> None:
        db: sqlite3.Connection | None = None
        warc: Writer | None = None
        while True:
            batch = self._queue.get()
            try:
                if batch is _STOP:
                    break
                if self.error is None:
                    if db is None or warc is None:
                        db = open_store(self._path)
                        warc = Writer(self._folder, self._run, _ends(db))
                    self._write(db, warc, batch)
            except Exception as error:  # noqa: BLE001 - told to the crawl, which stops
                self.error = error
                if db is not None and db.in_transaction:
                    db.rollback()
            finally:
                self._queue.task_done()
        try:
            if warc is not None:
                warc.close()
        except OSError as error:  # a full disk: nothing of it was committed
            self.error = self.error or error
        if db is not None:
            db.close()

    def _write(self, db: sqlite3.Connection, warc: Writer, batch: Batch) -> None:
        places: list[Place] = [
            warc.response(item.url, item.at, item.status, item.headers, item.body, item.digest)
            for item in batch.bodies
        ]
        warc.flush()
        db.execute("BEGIN IMMEDIATE")
        many = db.executemany
        many("INSERT INTO url (id, url, host) VALUES (?, ?, ?)", batch.urls)
        many(
            "INSERT INTO frontier VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT (run_id, url_id) DO UPDATE SET"
            " depth = excluded.depth, purpose = excluded.purpose, referrer_id = excluded.referrer_id,"
            " source = excluded.source",
            batch.frontier,
        )
        many(
            "INSERT INTO content VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            [
                (item.content_id, item.url_id, item.digest, len(item.body), item.media, item.charset, *place,
                 self._run, item.at, item.title, item.excerpt, item.etag, item.modified, item.anchors,
                 item.targets, item.page)
                for item, place in zip(batch.bodies, places, strict=True)
            ],
        )  # fmt: skip
        many(
            "UPDATE content SET title = ?, excerpt = '', anchors = ?, targets = ?, page = 1 WHERE id = ?",
            batch.read,
        )
        many("UPDATE content SET targets = ? WHERE id = ?", batch.packed)
        _insert_links(db, batch.links)
        many(
            "INSERT OR REPLACE INTO fetch VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            batch.fetches,
        )
        many("UPDATE url SET content_id = ? WHERE id = ?", batch.newest)
        many("DELETE FROM frontier WHERE run_id = ? AND url_id = ?", batch.dropped)
        many(
            "INSERT INTO trap VALUES (?, ?, ?) ON CONFLICT (run_id, shape) DO UPDATE SET"
            " dropped = dropped + excluded.dropped",
            batch.traps,
        )
        db.execute("COMMIT")


_LINK = "(?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
_TOGETHER = 200
_LINKS = f"INSERT INTO link VALUES {', '.join([_LINK] * _TOGETHER)}"


def _insert_links(db: sqlite3.Connection, links: list[tuple[object, ...]]) -> None:
    """Insert links, many a statement: each statement gives the interpreter's lock away once.

    One a row, this thread would queue for the lock forty times a page behind the one that reads.
    """
    whole = len(links) - len(links) % _TOGETHER
    for at in range(0, whole, _TOGETHER):
        db.execute(_LINKS, list(chain.from_iterable(links[at : at + _TOGETHER])))
    db.executemany(f"INSERT INTO link VALUES {_LINK}", links[whole:])


def _ends(db: sqlite3.Connection) -> dict[str, int]:
    """Committed length of every WARC file."""
    return dict(
        db.execute("SELECT warc, max(offset + length) FROM content WHERE warc IS NOT NULL GROUP BY warc")
    )


def explain(error: BaseException) -> str:
    """Chinese cause of a failure to write."""
    if isinstance(error, OSError) and error.errno in (errno.ENOSPC, errno.EDQUOT, errno.EFBIG):
        return "磁盘空间不足"
    if isinstance(error, sqlite3.Error):
        return explain_store(error)
    if isinstance(error, OSError):
        return f"写不进文件：{error.strerror or error}"
    return f"{type(error).__name__}：{error}"
