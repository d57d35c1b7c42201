"""Decoding, and places in text."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from qa.source import Source, Span, UnreadableError, declared_charset, decode, display_name

CHINESE = "晋江市人民政府关于印发《办法》的通知，共十条。"


@pytest.mark.parametrize(
    ("bom", "encoding"),
    [
        (b"\xef\xbb\xbf", "utf-8"),
        (b"\xff\xfe", "utf-16-le"),
        (b"\xfe\xff", "utf-16-be"),
        (b"\xff\xfe\x00\x00", "utf-32-le"),
        (b"\x00\x00\xfe\xff", "utf-32-be"),
    ],
)
def test_byte_order_marks_decide(bom: bytes, encoding: str) -> None:
    data = bom + CHINESE.encode(encoding)
    source = Source.from_bytes(data, "a.txt", media="text", http_charset="gbk")
    assert (source.text, source.encoding, source.bom) == (CHINESE, encoding, bom)
    assert source.encode() == data
    assert source.notices == ()


def test_a_mark_that_lies_is_reported() -> None:
    with pytest.raises(UnreadableError, match="UTF-8 编码，但内容不符"):
        decode(b"\xef\xbb\xbf\xff\xff")
    with pytest.raises(UnreadableError, match="UTF-16LE"):
        decode(b"\xff\xfe\x00\xd8")


@pytest.mark.parametrize(
    "head",
    [
        '<meta charset="gb2312">',
        "<META http-equiv='Content-Type' content='text/html; charset=GBK'>",
        '<?xml version="1.0" encoding="gb18030"?>',
        "",
    ],
)
def test_gb18030_whatever_its_declared_name(head: str) -> None:
    text = head + CHINESE + "㐀𠀀€"
    data = text.encode("gb18030")
    decoded = decode(data, markup=True)
    assert (decoded.text, decoded.encoding, decoded.notices) == (text, "gb18030", ())


def test_http_charset_goes_before_the_meta_tag() -> None:
    data = ("<meta charset=gbk>" + CHINESE).encode("big5hkscs", "ignore")
    assert decode(data, http_charset="Big5", markup=True).encoding == "big5hkscs"


@pytest.mark.parametrize("label", ["gbk", "iso-8859-1", "x-unknown"])
def test_utf8_is_utf8_whatever_the_header_claims(label: str) -> None:
    decoded = decode(CHINESE.encode(), http_charset=label)
    assert (decoded.text, decoded.encoding) == (CHINESE, "utf-8")
    assert label in decoded.notices[0]
    assert decode(b"plain", http_charset=label).notices == ()


def test_a_charset_that_does_not_fit_gives_way() -> None:
    for label in ("utf-8", "shift_jis", "ascii"):
        decoded = decode(CHINESE.encode("gb18030"), http_charset=label)
        assert (decoded.text, decoded.encoding) == (CHINESE, "gb18030")
        assert "GB18030" in decoded.notices[0]


def test_charset_declared_too_late_or_not_in_markup() -> None:
    assert declared_charset(b" " * 5000 + b"<meta charset=gbk>") is None
    assert decode(b"<meta charset=big5>" + CHINESE.encode("gbk")).encoding == "gb18030"


@pytest.mark.parametrize(
    ("data", "kind"),
    [
        (b"%PDF-1.7 abc", "PDF"),
        (b"PK\x03\x04abc", "docx"),
        (b"\xd0\xcf\x11\xe0abc", "Office"),
        (b"\x89PNG\r\n", "PNG"),
        (b"\xff\xd8\xff\xe0", "JPEG"),
        (b"GIF89a", "GIF"),
        (b"Rar!\x1a", "RAR"),
        (b"\x1f\x8b\x08\x00", "GZIP"),
        (b"\x7fELF\x02", "程序"),
        (b"MZ\x90\x00\x03", "程序"),
        (b"SQLite format 3\x00", "SQLite"),
    ],
)
def test_binary_files_are_named(data: bytes, kind: str) -> None:
    with pytest.raises(UnreadableError, match=kind):
        decode(data)


def test_a_text_may_begin_like_a_program() -> None:
    assert decode("MZ是缩写".encode()).text == "MZ是缩写"


@pytest.mark.parametrize(
    "text", [CHINESE, "2023 年 1 月", "一、总体情况\n2023年，公开信息8011份。", "中文\n" * 50]
)
@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be"])
def test_utf16_without_a_mark_is_refused(text: str, encoding: str) -> None:
    with pytest.raises(UnreadableError):
        decode(text.encode(encoding))


def test_what_is_no_text_is_refused() -> None:
    with pytest.raises(UnreadableError, match="空字节"):
        decode(b"\x00" * 2_000_000)
    with pytest.raises(UnreadableError, match=r"空字节|UTF-16"):
        decode(b"a\x00b\x00c")
    with pytest.raises(UnreadableError, match="控制字符过多"):
        decode(b"\x01\x02\x03abc")
    with pytest.raises(UnreadableError, match=r"已试 UTF-8、Windows-1252、GB18030"):
        decode(b"\x81\xff" * 20, http_charset="latin1")
    with pytest.raises(UnreadableError, match="无法识别文字编码"):
        decode(b"\xff\xff\xff")


def test_a_lone_nul_in_much_text_is_text() -> None:
    assert "\0" in decode(CHINESE.encode() * 10 + b"\x00").text


def test_truncated_characters() -> None:
    data = CHINESE.encode()
    with pytest.raises(UnreadableError):
        decode(data[:-1])
    with pytest.raises(UnreadableError):
        decode(CHINESE.encode("gb18030")[:-1])


def test_names_of_encodings() -> None:
    assert display_name("gb18030") == "GB18030"
    assert display_name("koi8-r") == "koi8-r"


@given(
    st.binary(max_size=300),
    st.sampled_from([None, "gbk", "utf-8", "utf-16", "big5", "nonsense", "", "hex", "rot13", "idna"]),
)
@example(b"\xa3\xa0", None)
@example(b"a\x80\xfe", None)
@settings(max_examples=400, deadline=None)
def test_any_bytes_are_read_and_written_back_or_refused(data: bytes, label: str | None) -> None:
    try:
        source = Source.from_bytes(data, "a.html", http_charset=label)
    except UnreadableError as error:
        assert any("\u4e00" <= char <= "\u9fff" for char in str(error))  # noqa: PT017 - either outcome is right
        return
    assert source.encode() == data


@given(
    st.text(alphabet=st.characters(exclude_categories=["Cs", "Cc", "Co", "Cn"]), min_size=1),
    st.sampled_from(["utf-8", "gb18030"]),
)
@settings(max_examples=200, deadline=None)
def test_round_trip(text: str, encoding: str) -> None:
    data = text.encode(encoding)
    try:
        decoded = decode(data, http_charset=encoding)
    except UnreadableError:
        assert "\ufffd" in text or data.startswith((b"\xff", b"\xfe", b"\x00"))
        return
    assert decoded.bom + decoded.text.encode(decoded.encoding) == data


def test_source_names_itself() -> None:
    source = Source("a/b.html", "甲\ud800乙", path=Path("a/b.html"))
    assert source.text == "甲\ufffd乙"
    assert source.identity == "a/b.html"
    assert Source("a", "", url="http://a.cn/").identity == "http://a.cn/"
    assert Source("a", "", identity="4711").identity == "4711"
    made = Source.from_bytes(b"a", "x.html", root=Path("r"), url="u")
    assert (made.root, made.url, made.identity) == (Path("r"), "u", "u")


@given(st.text(alphabet="甲\U0001f600\n\r\u2028\f\x85a", max_size=60), st.integers(-3, 70))
@settings(deadline=None)
def test_places_agree_with_a_naive_count(text: str, offset: int) -> None:
    place = Source("a", text).position(offset)
    at = min(max(offset, 0), len(text))
    lines = text[:at].split("\n")
    assert place == (len(lines), len(lines[-1]) + 1, at)


def test_spans_are_plain_pairs() -> None:
    assert Span(1, 3) == (1, 3)
