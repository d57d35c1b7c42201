"""WARC files: opened by any reader, digests right, the half-written tail of a killed crawl cut off."""

from __future__ import annotations

import gzip
import hashlib
import zlib
from io import BytesIO
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from warcio.archiveiterator import ArchiveIterator

from qa.site import snapshot
from qa.site.snapshot import Place, Reader, SnapshotError, Writer

AT = "2026-06-30T18:00:00Z"
HEADERS = "HTTP/2 200\nContent-Type: text/html; charset=gbk\nContent-Encoding: gzip\nTransfer-Encoding: chunked\nContent-Length: 9"


def write(
    writer: Writer,
    body: bytes,
    *,
    url: str = "http://example.com/",
    status: int = 200,
    headers: str = HEADERS,
) -> Place:
    return writer.response(url, AT, status, headers, body, hashlib.sha1(body).digest())


def records(path: Path) -> list[tuple[str, str | None, bytes]]:
    """Type, address and body of every record, digests checked."""
    with path.open("rb") as stream:
        return [
            (one.rec_type, one.rec_headers.get_header("WARC-Target-URI"), one.content_stream().read())
            for one in ArchiveIterator(stream, check_digests="raise")
        ]


def test_any_reader_opens_it(tmp_path: Path) -> None:
    writer = Writer(tmp_path / "warc", 7)
    bodies = ["通知".encode("gbk"), b"", b"\r\n\r\n" * 3, bytes(range(256)) * 100]
    places = [write(writer, body, url=f"http://example.com/{n}") for n, body in enumerate(bodies)]
    writer.close()
    (path,) = (tmp_path / "warc").iterdir()
    assert path.name == "run-00007-00000.warc.gz"
    assert records(path) == [
        ("warcinfo", None, records(path)[0][2]),
        *(("response", f"http://example.com/{n}", body) for n, body in enumerate(bodies)),
    ]
    plain = gzip.decompress(path.read_bytes())
    assert plain.count(b"WARC/1.1\r\nWARC-Type: response\r\n") == len(bodies)
    assert b"software: shenjiao/" in plain
    data = path.read_bytes()
    for place, body in zip(places, bodies, strict=True):
        member = gzip.decompress(data[place.offset : place.offset + place.length])
        assert member.endswith(body + b"\r\n\r\n")
    reader = Reader(tmp_path / "warc")
    assert [reader.body(place) for place in reversed(places)] == bodies[::-1]
    reader.close()
    reader.close()


def test_headers_speak_of_what_is_stored(tmp_path: Path) -> None:
    writer = Writer(tmp_path, 1)
    write(writer, b"body")
    write(writer, b"none", headers="", status=204)
    write(writer, "坏".encode(), status=404, headers="HTTP/1.1 404 Not Found\nX-Name: 值\nno colon")
    writer.close()
    with (tmp_path / "run-00001-00000.warc.gz").open("rb") as stream:
        found = [one.http_headers for one in ArchiveIterator(stream) if one.rec_type == "response"]
    first = found[0]
    assert first.get_statuscode() == "200"
    assert first.protocol == "HTTP/1.1"
    assert first.get_header("Content-Length") == "4"
    assert first.get_header("Content-Encoding") is None
    assert first.get_header("X-Archive-Orig-Content-Encoding") == "gzip"
    assert first.get_header("X-Archive-Orig-Content-Length") == "9"
    assert found[1].get_statuscode() == "204"
    assert found[2].statusline == "404 Not Found"


def test_the_same_facts_give_the_same_bytes(tmp_path: Path) -> None:
    for name in ("a", "b"):
        writer = Writer(tmp_path / name, 1)
        write(writer, b"x" * 1000)
        writer.close()
    assert (tmp_path / "a" / "run-00001-00000.warc.gz").read_bytes() == (
        tmp_path / "b" / "run-00001-00000.warc.gz"
    ).read_bytes()


def test_a_tail_is_cut_off(tmp_path: Path) -> None:
    """At every place a kill can strike: inside a record, between two, inside the head of the file."""
    writer = Writer(tmp_path, 1)
    first = write(writer, b"kept")
    second = write(writer, b"lost" * 100)
    writer.close()
    path = tmp_path / "run-00001-00000.warc.gz"
    data = path.read_bytes()
    end = first.offset + first.length
    for length in (end, end + 1, second.offset + second.length // 2, len(data)):
        path.write_bytes(data[:length])
        writer = Writer(tmp_path, 1, {path.name: end})
        place = write(writer, b"after")
        writer.flush()
        writer.close()
        assert place.offset == end
        assert [body for _, _, body in records(path)][1:] == [b"kept", b"after"]
    for length in (0, 5, first.offset + 3):
        path.write_bytes(data[:length])
        writer = Writer(tmp_path, 1, {})
        write(writer, b"anew")
        writer.close()
        assert [(kind, body) for kind, _, body in records(path)][1:] == [("response", b"anew")]


def test_tails_of_earlier_runs_are_cut_off_too(tmp_path: Path) -> None:
    writer = Writer(tmp_path, 1)
    place = write(writer, b"kept")
    writer.close()
    path = tmp_path / "run-00001-00000.warc.gz"
    with path.open("ab") as stream:
        stream.write(b"\x1f\x8bhalf")
    (tmp_path / "run-00001-00001.warc.gz").write_bytes(b"\x1f")
    (tmp_path / "notes.txt").write_text("别人的文件")
    writer = Writer(tmp_path, 2, {path.name: place.offset + place.length})
    write(writer, b"new")
    writer.close()
    assert sorted(one.name for one in tmp_path.iterdir()) == [
        "notes.txt",
        path.name,
        "run-00002-00000.warc.gz",
    ]
    assert [body for _, _, body in records(path)][1:] == [b"kept"]


def test_a_new_file_where_one_is_full(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(snapshot, "ROTATE", 600)
    writer = Writer(tmp_path, 1)
    places = [write(writer, b"%d" % n) for n in range(5)]
    writer.close()
    names = sorted(path.name for path in tmp_path.iterdir())
    assert names == sorted({place.warc for place in places})
    assert len(names) > 1
    ends = {place.warc: place.offset + place.length for place in places}
    writer = Writer(tmp_path, 1, ends)
    assert write(writer, b"more").warc == names[-1] or ends[names[-1]] >= 600
    writer.close()
    assert sum(len(records(tmp_path / name)) - 1 for name in names) == 6 - (names[-1] not in ends)
    reader = Reader(tmp_path)
    assert [reader.body(place) for place in places] == [b"%d" % n for n in range(5)]
    reader.close()


def test_what_is_damaged_is_said(tmp_path: Path) -> None:
    writer = Writer(tmp_path, 1)
    place = write(writer, b"body" * 50)
    writer.close()
    reader = Reader(tmp_path)
    with pytest.raises(SnapshotError, match=r"“none\.warc\.gz”打不开"):
        reader.body(Place("none.warc.gz", 0, 10))
    for wrong in (
        place._replace(offset=place.offset + 1),
        place._replace(length=place.length - 9),
        Place(place.warc, 10**9, 5),
    ):
        with pytest.raises(SnapshotError, match="已损坏"):
            reader.body(wrong)
    with pytest.raises(SnapshotError, match="已损坏"):
        reader.body(Place(place.warc, 0, place.offset))  # the head of the file, which is no answer
    assert reader.body(place) == b"body" * 50
    path = tmp_path / place.warc
    data = bytearray(path.read_bytes())
    data[place.offset + 60] ^= 0xFF
    path.write_bytes(data)
    with pytest.raises(SnapshotError, match="已损坏"):
        reader.body(place)
    reader.close()


def test_nothing_is_written_for_nothing(tmp_path: Path) -> None:
    writer = Writer(tmp_path / "warc", 1)
    writer.flush()
    writer.close()
    assert list((tmp_path / "warc").iterdir()) == []


@settings(max_examples=60)
@given(
    st.binary(max_size=300),
    st.text(st.characters(exclude_characters="\r\n", exclude_categories=("Cs",)), max_size=40),
    st.integers(100, 599),
)
def test_any_body_comes_back(body: bytes, value: str, status: int) -> None:
    block = snapshot._http_block(status, f"HTTP/1.1 {status} OK\nX-Any: {value}", body)
    member = snapshot._record(
        "response",
        [("WARC-Target-URI", "http://a.test/"), ("Content-Type", "application/http; msgtype=response")],
        block,
    )
    record = next(iter(ArchiveIterator(BytesIO(member))))
    assert record.content_stream().read() == body
    assert zlib.decompress(member, 31).endswith(body + b"\r\n\r\n")
