"""Evidence snapshots: WARC 1.1, one gzip member a record, opened by any WARC reader.

Written here rather than by warcio because a crawl writes a thousand a second: 0.2 ms a page, nearly
all of it zlib outside the interpreter's lock, against 0.5 ms.  Bodies are stored decoded; the
header fields that spoke of the transfer are kept as ``X-Archive-Orig-*``.
"""

from __future__ import annotations

import base64
import os
import uuid
import zlib
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO, NamedTuple

from qa import __version__

if TYPE_CHECKING:
    _deflate: Any
    LEVEL: int
else:
    try:
        # Five times as fast as zlib at a size one tenth above; there are builds for x86-64 and ARM.
        from isal import isal_zlib as _deflate

        LEVEL = 2
    except ImportError:  # pragma: no cover - a machine ISA-L is not built for
        _deflate = zlib
        LEVEL = 4

ROTATE = 1_000_000_000
"""Bytes after which a new file is begun (the WARC guideline's 1 GB)."""

_TRANSFER = frozenset(["content-encoding", "transfer-encoding", "content-length"])
_NAMESPACE = uuid.UUID("6f1d3a52-7d0c-4c0e-9d51-5f2f6d6d8a10")


class SnapshotError(Exception):
    """A snapshot that cannot be read; the message is Chinese and names the file."""


class Place(NamedTuple):
    """Where a record lies: file name in the folder, offset and length of its gzip member."""

    warc: str
    offset: int
    length: int


def _record(kind: str, fields: list[tuple[str, str]], block: bytes) -> bytes:
    head = "".join(f"{name}: {value}\r\n" for name, value in fields)
    record = f"WARC/1.1\r\nWARC-Type: {kind}\r\n{head}Content-Length: {len(block)}\r\n\r\n".encode()
    stream = _deflate.compressobj(LEVEL, zlib.DEFLATED, 31)
    return b"".join(
        (stream.compress(record), stream.compress(block), stream.compress(b"\r\n\r\n"), stream.flush())
    )


def _http_block(status: int, headers: str, body: bytes) -> bytes:
    lines = headers.split("\n") if headers else [f"HTTP/1.1 {status} OK"]
    first = lines[0].split(" ", 2)
    kept = [f"HTTP/1.1 {status} {first[2] if len(first) > 2 else ''}".rstrip()]
    for line in lines[1:]:
        name = line.partition(":")[0].strip().lower()
        kept.append(f"X-Archive-Orig-{line}" if name in _TRANSFER else line)
    kept.append(f"Content-Length: {len(body)}")
    return "\r\n".join(kept).encode("utf-8", "replace") + b"\r\n\r\n" + body


class Writer:
    """Appends records to the files of one run; one thread writes.

    Args:
        folder: ``DIR/warc``; made where it is missing.
        run: number of the run; its files are ``run-00001-00000.warc.gz`` and so on.
        ends: what is committed of files that exist, of earlier runs too, by name: more than that
            is cut off (the half-written tail of a crawl that was killed).
    """

    def __init__(self, folder: Path, run: int, ends: dict[str, int] | None = None) -> None:
        self._folder = folder
        self._run = run
        self._stream: BinaryIO | None = None
        self._name = ""
        self._offset = 0
        folder.mkdir(parents=True, exist_ok=True)
        ends = ends or {}
        prefix = f"run-{run:05d}-"
        mine = []
        for path in sorted(folder.glob("run-*-*.warc.gz")):
            end = ends.get(path.name, 0)
            if path.name.startswith(prefix):
                mine.append(path.name)
            if not end:
                path.unlink()
            elif path.stat().st_size > end:
                os.truncate(path, end)
        self._number = int(mine[-1][10:15]) if mine else 0

    def _open(self, at: str) -> BinaryIO:
        if self._stream is not None and self._offset >= ROTATE:
            self._stream.close()
            self._stream = None
            self._number += 1
        if self._stream is None:
            self._name = f"run-{self._run:05d}-{self._number:05d}.warc.gz"
            self._stream = (self._folder / self._name).open("ab")
            self._offset = self._stream.tell()
            if not self._offset:
                self._info(at)
        return self._stream

    def _info(self, at: str) -> None:
        block = f"software: shenjiao/{__version__}\r\nformat: WARC File Format 1.1\r\n".encode()
        fields = [
            ("WARC-Record-ID", f"<urn:uuid:{uuid.uuid5(_NAMESPACE, self._name + at)}>"),
            ("WARC-Date", at),
            ("WARC-Filename", self._name),
            ("Content-Type", "application/warc-fields"),
        ]
        self._append(_record("warcinfo", fields, block))

    def _append(self, data: bytes) -> None:
        assert self._stream is not None
        self._stream.write(data)
        self._offset += len(data)

    def response(self, url: str, at: str, status: int, headers: str, body: bytes, digest: bytes) -> Place:
        """Append what a server answered.

        Args:
            at: time of the fetch, ISO 8601 UTC.
            headers: raw, one a line, status line first.
            digest: SHA-1 of ``body``.

        Raises:
            OSError: the disk is full, say.
        """
        block = _http_block(status, headers, body)
        name = base64.b32encode(digest).decode()
        fields = [
            ("WARC-Record-ID", f"<urn:uuid:{uuid.uuid5(_NAMESPACE, f'{url} {at} {name}')}>"),
            ("WARC-Date", at),
            ("WARC-Target-URI", url),
            ("WARC-Payload-Digest", f"sha1:{name}"),
            ("Content-Type", "application/http; msgtype=response"),
        ]
        data = _record("response", fields, block)
        self._open(at)
        offset = self._offset
        self._append(data)
        return Place(self._name, offset, len(data))

    def flush(self) -> None:
        """Hand everything to the operating system: a kill of this process loses nothing of it."""
        if self._stream is not None:
            self._stream.flush()

    def close(self) -> None:
        """Close the file."""
        if self._stream is not None:
            self._stream.close()
            self._stream = None


class Reader:
    """Reads bodies by place; keeps the last file open."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._name = ""
        self._stream: BinaryIO | None = None

    def body(self, place: Place) -> bytes:
        """The decoded body of a response.

        Raises:
            SnapshotError: the file is missing or damaged.
        """
        try:
            if self._stream is None or self._name != place.warc:
                self.close()
                self._stream = (self._folder / place.warc).open("rb")
                self._name = place.warc
            self._stream.seek(place.offset)
            record = zlib.decompress(self._stream.read(place.length), 31)
        except OSError as error:
            raise SnapshotError(f"快照文件“{place.warc}”打不开：{error.strerror or error}") from error
        except zlib.error as error:
            raise SnapshotError(f"快照文件“{place.warc}”第 {place.offset} 字节处已损坏") from error
        _, _, block = record.partition(b"\r\n\r\n")
        _, found, body = block.partition(b"\r\n\r\n")
        if not found or not body.endswith(b"\r\n\r\n"):
            raise SnapshotError(f"快照文件“{place.warc}”第 {place.offset} 字节处已损坏")
        return body[:-4]

    def close(self) -> None:
        """Close the file."""
        if self._stream is not None:
            self._stream.close()
            self._stream = None
