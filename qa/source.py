r"""Bytes to text, and places in that text.

Offsets are code points.  Lines split on ``\\n`` only: ``str.splitlines`` would also break at
U+2028 and at form feeds, and then no editor would agree with our line numbers.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import NamedTuple

MAX_BYTES = 64 * 1024 * 1024
"""Default limit of one input, in bytes; larger files are reported, not read."""


class Span(NamedTuple):
    """A half-open range of code points: ``start`` inclusive, ``end`` exclusive."""

    start: int
    end: int


class Position(NamedTuple):
    """A place for an editor: ``line`` and ``column`` count from 1, ``offset`` from 0 (code points)."""

    line: int
    column: int
    offset: int


class UnreadableError(Exception):
    """Input that cannot be checked; the message is Chinese and names the cause."""


@dataclass(slots=True)
class Decoded:
    """Text of an input with what is needed to write it back byte for byte."""

    text: str
    encoding: str
    bom: bytes = b""
    notices: tuple[str, ...] = ()


_BOMS = (
    (b"\xef\xbb\xbf", "utf-8"),
    (b"\xff\xfe\x00\x00", "utf-32-le"),
    (b"\x00\x00\xfe\xff", "utf-32-be"),
    (b"\xff\xfe", "utf-16-le"),
    (b"\xfe\xff", "utf-16-be"),
)
_SIGNATURES = (
    (b"%PDF", "PDF 文档"),
    (b"PK\x03\x04", "ZIP 压缩包（也可能是 docx、xlsx）"),
    (b"\xd0\xcf\x11\xe0", "旧版 Office 文档（doc、xls）"),
    (b"\x89PNG", "PNG 图片"),
    (b"\xff\xd8\xff", "JPEG 图片"),
    (b"GIF8", "GIF 图片"),
    (b"Rar!", "RAR 压缩包"),
    (b"\x1f\x8b", "GZIP 压缩文件"),
    (b"7z\xbc\xaf", "7z 压缩包"),
    (b"\x7fELF", "程序文件"),
    (b"MZ", "程序文件"),
    (b"SQLite format 3", "SQLite 数据库"),
)
_META_CHARSET = re.compile(rb"<meta[^>]{0,200}?charset\s*=\s*[\"']?\s*([A-Za-z0-9_.:-]{2,40})", re.IGNORECASE)
_XML_ENCODING = re.compile(
    rb"^\s*<\?xml[^>]{0,100}?encoding\s*=\s*[\"']([A-Za-z0-9_.:-]{2,40})", re.IGNORECASE
)
# Labels of the WHATWG encoding standard that mean GBK are read as GB18030, its superset.
_LABELS = {
    "gb2312": "gb18030",
    "gb_2312-80": "gb18030",
    "gbk": "gb18030",
    "x-gbk": "gb18030",
    "cp936": "gb18030",
    "ms936": "gb18030",
    "gb18030": "gb18030",
    "gb18030-2022": "gb18030",
    "utf8": "utf-8",
    "utf-8": "utf-8",
    "unicode-1-1-utf-8": "utf-8",
    "utf-16": "utf-16-le",
    "utf-16le": "utf-16-le",
    "utf-16be": "utf-16-be",
    "big5": "big5hkscs",
    "big5-hkscs": "big5hkscs",
    "iso-8859-1": "cp1252",
    "latin1": "cp1252",
    "windows-1252": "cp1252",
    "us-ascii": "utf-8",
    "ascii": "utf-8",
}
_NAMES = {
    "utf-8": "UTF-8",
    "gb18030": "GB18030",
    "utf-16-le": "UTF-16LE",
    "utf-16-be": "UTF-16BE",
    "utf-32-le": "UTF-32LE",
    "utf-32-be": "UTF-32BE",
    "big5hkscs": "Big5",
    "cp1252": "Windows-1252",
}
_STRANGE = re.compile("[\x01-\x08\x0b\x0e-\x1f\x7f\ue000-\uf8ff\ufffd\U000f0000-\U0010ffff]")
_HAN = re.compile("[\u4e00-\u9fff]")
_SURROGATE = re.compile("[\ud800-\udfff]")


def display_name(encoding: str) -> str:
    """Name of an encoding as an editor knows it."""
    return _NAMES.get(encoding, encoding)


def declared_charset(data: bytes) -> str | None:
    """Label in ``<meta charset>``, ``http-equiv`` or the XML declaration of the first 4096 bytes."""
    head = data[:4096]
    match = _XML_ENCODING.search(head) or _META_CHARSET.search(head)
    return match.group(1).decode("ascii").lower() if match else None


def _try(data: bytes, encoding: str) -> str | None:
    try:
        return data.decode(encoding)
    except (UnicodeDecodeError, LookupError):
        return None


def _plausible(text: str) -> bool:
    """Whether decoded text looks like text: few control, private-use and unassigned characters."""
    sample = text[:200_000]
    foreign = sum(1 for _ in _STRANGE.finditer(sample))
    return foreign * 50 <= len(sample)


def decode(data: bytes, *, http_charset: str | None = None, markup: bool = False) -> Decoded:
    """Decode bytes: BOM, then UTF-8 when it fits, then what was declared, then GB18030.

    Valid UTF-8 with Chinese in it is UTF-8 whatever a header claims; the odds that other
    Chinese text passes for it are nil, while GB18030 accepts most UTF-8 as nonsense.

    Args:
        data: the raw bytes.
        http_charset: ``charset`` of the HTTP Content-Type, if any.
        markup: whether to look for ``<meta charset>`` and an XML declaration.

    Raises:
        UnreadableError: not text, or no known encoding fits.
    """
    for bom, encoding in _BOMS:
        if data.startswith(bom):
            text = _try(data[len(bom) :], encoding)
            if text is None:
                raise UnreadableError(f"文件开头标明是 {display_name(encoding)} 编码，但内容不符，可能已损坏")
            return Decoded(text, encoding, bom)
    for signature, kind in _SIGNATURES:
        if data.startswith(signature) and (len(signature) > 2 or b"\x00" in data[:4096]):
            raise UnreadableError(f"不是文本文件（看起来是{kind}）")
    nuls = data.count(b"\x00", 0, 1 << 20)
    if nuls * 100 > min(len(data), 1 << 20):
        if nuls * 4 > min(len(data), 1 << 20) and b"\x00\x00" not in data[:4096]:
            raise UnreadableError("像是没有开头标记（BOM）的 UTF-16 编码，请另存为 UTF-8 再检查")
        raise UnreadableError("不是文本文件（含有大量空字节）")
    label = http_charset or (declared_charset(data) if markup else None)
    declared = _LABELS.get(label.lower().strip(), label.lower().strip()) if label else None
    notices: tuple[str, ...] = ()
    text = _try(data, "utf-8")
    if text is not None:
        if declared not in (None, "utf-8") and not data.isascii():
            notices = (f"声明的编码是 {label}，实际是 UTF-8，浏览器可能显示为乱码",)
        if not _plausible(text):
            raise UnreadableError("不是文本文件（控制字符过多）")
        return Decoded(text, "utf-8", b"", notices)
    candidates = [declared] if declared not in (None, "utf-8") else []
    for encoding in (*candidates, "gb18030"):
        text = _try(data, encoding) if encoding else None
        if text is not None and _plausible(text):
            if declared not in (None, encoding):
                notices = (f"声明的编码是 {label}，实际是 {display_name(encoding)}，浏览器可能显示为乱码",)
            return Decoded(text, encoding, b"", notices)
    tried = "、".join(dict.fromkeys(["UTF-8", *(display_name(c) for c in candidates if c), "GB18030"]))
    damage = _damage(data)
    raise UnreadableError(damage or f"无法识别文字编码（已试 {tried}），可能不是文本文件，或内容已损坏")


def _damage(data: bytes) -> str:
    """Where text of a known encoding is broken, if all but a few of its bytes fit; else empty."""
    for encoding in ("utf-8", "gb18030"):
        text = data.decode(encoding, "replace")
        if text.count("\ufffd") * 50 <= len(text) and _HAN.search(text) and _plausible(text):
            line = text.count("\n", 0, text.index("\ufffd")) + 1
            return (
                f"像是 {display_name(encoding)} 编码，但第 {line} 行有不合编码的字节，"
                "文字可能已损坏或被截断，请用原稿重新保存"
            )
    return ""


@dataclass(eq=False)
class Source:
    """One decoded input.

    Attributes:
        name: how people and reports name it: a path with forward slashes, ``-`` or a URL.
        text: the decoded text, line ends kept as they are; lone surrogates become U+FFFD.
        media: ``html``, ``markdown`` or ``text``.
        path: the file on disk, where there is one (for relative link targets).
        root: the folder that site-absolute links (``/a/b.html``) start from, if known.
        url: the address of the page, where there is one.
    """

    name: str
    text: str
    media: str = "html"
    encoding: str = "utf-8"
    bom: bytes = b""
    path: Path | None = None
    root: Path | None = None
    url: str | None = None
    identity: str = ""
    notices: tuple[str, ...] = field(default=())

    def __post_init__(self) -> None:
        if _SURROGATE.search(self.text):
            self.text = _SURROGATE.sub("\ufffd", self.text)
        if not self.identity:
            self.identity = self.url or self.name

    @classmethod
    def from_bytes(
        cls,
        data: bytes,
        name: str,
        *,
        media: str = "html",
        http_charset: str | None = None,
        path: Path | None = None,
        root: Path | None = None,
        url: str | None = None,
    ) -> Source:
        """Decode ``data`` into a source.

        Raises:
            UnreadableError: see :func:`decode`.
        """
        decoded = decode(data, http_charset=http_charset, markup=media == "html")
        return cls(
            name,
            decoded.text,
            media,
            decoded.encoding,
            decoded.bom,
            path,
            root,
            url,
            notices=decoded.notices,
        )

    @cached_property
    def line_starts(self) -> list[int]:
        """Offset of the first character of every line."""
        starts = [0]
        find = self.text.find
        at = find("\n")
        while at >= 0:
            starts.append(at + 1)
            at = find("\n", at + 1)
        return starts

    def position(self, offset: int) -> Position:
        """Line and column of an offset; an offset past the end is the end."""
        offset = min(max(offset, 0), len(self.text))
        line = bisect_right(self.line_starts, offset)
        return Position(line, offset - self.line_starts[line - 1] + 1, offset)

    def encode(self) -> bytes:
        """The bytes of :attr:`text` in the source's own encoding, BOM included."""
        return self.bom + self.text.encode(self.encoding)
