r"""The document model: what a reader sees, and where each character of it came from.

``Document.text`` is the reader's text: entities resolved, blanks folded the way a browser folds
them, one ``\\n`` between blocks, readable attributes (``alt``, ``title``, ``aria-label``, meta
description) as blocks of their own at the end.  Segments tile that text; each pairs a range of
it with a range of the source, so every finding can be placed to the character.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cached_property
from typing import TYPE_CHECKING, NamedTuple

from qa.source import Source, Span

if TYPE_CHECKING:
    from bs4 import BeautifulSoup

SENTENCE_ENDS = "。！？；\n"
_SENTENCE_REACH = 400
_FRAME = re.compile(r"<(?:html|head|!doctype)[\s>]", re.IGNORECASE)
_GRID_LIMIT = 200_000


class Role(StrEnum):
    """What a block is to its reader."""

    TITLE = "title"
    HEADING = "heading"
    PARAGRAPH = "paragraph"
    LIST = "list"
    CELL = "cell"
    CAPTION = "caption"
    ATTRIBUTE = "attribute"
    CODE = "code"


@dataclass(slots=True, eq=False)
class Block:
    """A run of text between two block breaks.

    Attributes:
        start, end: range in ``Document.text``.
        main: part of the article; ``False`` for navigation, header, footer (chrome).
        level: heading level 1 to 6, else 0.
        name: attribute name for attribute blocks, else the tag (empty where there is none).
    """

    start: int
    end: int
    role: Role = Role.PARAGRAPH
    main: bool = True
    level: int = 0
    name: str = ""

    @property
    def span(self) -> Span:
        return Span(self.start, self.end)


@dataclass(slots=True, eq=False)
class Link:
    """``<a>`` or ``<area>``; ``href`` is ``None`` without the attribute.

    Attributes:
        span: the link's text in ``Document.text`` (empty range where it shows none).
        source: the ``href`` value in the source (the tag where there is no ``href``).
        images: the images inside the link.
    """

    href: str | None
    span: Span
    source: Span
    tag: str = "a"
    title: str = ""
    label: str = ""
    rel: str = ""
    target: str = ""
    main: bool = True
    hidden: bool = False
    images: list[Image] = field(default_factory=list)


@dataclass(slots=True, eq=False)
class Image:
    """``<img>``; ``alt`` is ``None`` without the attribute. ``source``: the ``src`` value (or the tag)."""

    src: str | None
    alt: str | None
    source: Span
    tag: Span
    main: bool = True
    hidden: bool = False
    decorative: bool = False


@dataclass(slots=True, eq=False)
class Resource:
    """Something the page loads: ``kind`` is script, style, frame, media or object."""

    kind: str
    url: str
    source: Span


@dataclass(slots=True, eq=False)
class Meta:
    """``<meta name content>``: ``source`` is the content value (or the tag)."""

    name: str
    content: str
    source: Span


class LinkVerdict(NamedTuple):
    """What a check over the network found wrong with one address.

    Attributes:
        kind: ``dead``, ``moved`` (for good) or ``unsure`` (nobody can tell from here).
        cause: Chinese, names the cause: ``找不到该网页（404）``.
        address: where it moved to; empty unless ``moved``.
    """

    kind: str
    cause: str
    address: str = ""


_REFRESH = re.compile(
    r"""<meta\s[^>]{0,200}?http-equiv\s*=\s*["']?refresh\b[^>]{0,200}?\burl\s*=""", re.IGNORECASE
)


@dataclass(slots=True, eq=False)
class Comment:
    """A comment of the source; ``source`` spans it with its delimiters where known."""

    text: str
    source: Span


@dataclass(slots=True, eq=False)
class Cell:
    """One table cell; ``row`` and ``column`` are those of its upper left corner in the grid."""

    row: int
    column: int
    span: Span
    text: str
    rowspan: int = 1
    colspan: int = 1
    header: bool = False


@dataclass(slots=True, eq=False)
class Table:
    """A table; ``rows`` hold each row's own cells in order, :attr:`grid` spreads spans out.

    Attributes:
        span: from the first to the last cell in ``Document.text``.
        ragged: cells come from tab-separated text, where leading tabs may be lost and spans
            leave empty cells: column numbers from the left are then not to be trusted.
    """

    rows: list[list[Cell]]
    span: Span
    caption: str = ""
    ragged: bool = False
    _grid: list[list[Cell | None]] | None = None

    @property
    def grid(self) -> list[list[Cell | None]]:
        """Rows by columns; a cell with spans stands in every place it covers."""
        if self._grid is None:
            self._grid = _spread(self.rows)
        return self._grid


def _spread(rows: list[list[Cell]]) -> list[list[Cell | None]]:
    taken: dict[tuple[int, int], Cell] = {}
    budget = _GRID_LIMIT
    width = 0
    for y, row in enumerate(rows):
        x = 0
        for cell in row:
            while (y, x) in taken:
                x += 1
            cell.row, cell.column = y, x
            for dy in range(min(cell.rowspan, len(rows) - y)):
                if budget <= 0:
                    break
                across = min(cell.colspan, budget)
                budget -= across
                for dx in range(across):
                    taken.setdefault((y + dy, x + dx), cell)
            x += cell.colspan
            width = max(width, min(x, _GRID_LIMIT))
    if width * len(rows) > 4 * _GRID_LIMIT:
        width = max(1, 4 * _GRID_LIMIT // max(1, len(rows)))
    return [[taken.get((y, x)) for x in range(width)] for y in range(len(rows))]


class Segments:
    """Tiles of the reader's text, each with its source range; lists of equal length.

    A segment is verbatim when both ranges are equally long, else a replacement (an entity,
    folded blanks, a block break).
    """

    __slots__ = ("source_ends", "source_starts", "text_starts")

    def __init__(self) -> None:
        self.text_starts: list[int] = []
        self.source_starts: list[int] = []
        self.source_ends: list[int] = []

    def add(self, text_start: int, source_start: int, source_end: int) -> None:
        """Append a tile; its text ends where the next tile starts."""
        self.text_starts.append(text_start)
        self.source_starts.append(source_start)
        self.source_ends.append(source_end)

    def __len__(self) -> int:
        return len(self.text_starts)

    def tiles(self, length: int) -> Iterator[tuple[Span, Span]]:
        """``(text span, source span)`` of every tile; ``length`` is that of the whole text."""
        ends = [*self.text_starts[1:], length][: len(self)]
        for a, b, c, d in zip(self.text_starts, ends, self.source_starts, self.source_ends, strict=True):
            yield Span(a, b), Span(c, d)

    def character(self, index: int, length: int) -> Span:
        """Source range of the character at ``index`` of a text ``length`` long."""
        i = bisect_right(self.text_starts, index) - 1
        start = self.text_starts[i]
        end = self.text_starts[i + 1] if i + 1 < len(self.text_starts) else length
        low, high = self.source_starts[i], self.source_ends[i]
        if high - low == end - start:
            return Span(low + index - start, low + index - start + 1)
        return Span(low, high)


@dataclass(slots=False, eq=False)
class Document:
    """One readable document. Build it with :func:`qa.readers.read`."""

    source: Source
    text: str
    segments: Segments
    blocks: list[Block]
    links: list[Link] = field(default_factory=list)
    images: list[Image] = field(default_factory=list)
    resources: list[Resource] = field(default_factory=list)
    tables: list[Table] = field(default_factory=list)
    metas: list[Meta] = field(default_factory=list)
    comments: list[Comment] = field(default_factory=list)
    anchors: frozenset[str] = frozenset()
    title: str = ""
    lang: str | None = None
    base: str | None = None
    notices: list[str] = field(default_factory=list)
    core: Span | None = None
    """HTML: range of ``text`` from the first to the last block inside a known container of articles."""
    link_results: Mapping[str, LinkVerdict] | None = None
    """Absolute address to verdict, for faulty ones only; ``None``: links were not checked."""

    @cached_property
    def chars(self) -> frozenset[str]:
        """Every distinct character of the text: a cheap test whether a rule can hit at all."""
        return frozenset(self.text)

    @cached_property
    def soup(self) -> BeautifulSoup:
        """BeautifulSoup over the source (``html.parser``: exact ``sourceline``/``sourcepos``)."""
        from bs4 import BeautifulSoup

        return BeautifulSoup(self.source.text, "html.parser")

    @cached_property
    def redirects(self) -> bool:
        """Whether the page leads elsewhere by itself (``<meta http-equiv="refresh">`` with an address)."""
        return _REFRESH.search(self.source.text, 0, 20_000) is not None

    @cached_property
    def _block_starts(self) -> list[int]:
        return [block.start for block in self.blocks]

    @cached_property
    def article_end(self) -> int:
        """Where the article's text ends and the attribute blocks begin."""
        for block in self.blocks:
            if block.role is Role.ATTRIBUTE:
                return max(0, block.start - 1)
        return len(self.text)

    @cached_property
    def has_frame(self) -> bool:
        """Whether this is a whole page (``<html>`` or ``<head>``), not a fragment of one."""
        return self.source.media == "html" and bool(_FRAME.search(self.source.text, 0, 5000))

    def meta(self, name: str) -> Meta | None:
        """The first ``<meta>`` of that name, upper and lower case alike."""
        wanted = name.lower()
        return next((meta for meta in self.metas if meta.name.lower() == wanted), None)

    def slice(self, block: Block | Span) -> str:
        """Text of a block or span."""
        return self.text[block.start : block.end]

    def block_at(self, offset: int) -> Block | None:
        """The block that holds an offset of the text, or the one just before it."""
        index = bisect_right(self._block_starts, offset) - 1
        return self.blocks[index] if index >= 0 else None

    def block_index(self, offset: int) -> int:
        """Index of :meth:`block_at`; -1 before the first block."""
        return bisect_right(self._block_starts, offset) - 1

    def paragraphs(self) -> Iterator[Block]:
        """Blocks of the article itself: no attributes, no code, no chrome."""
        for block in self.blocks:
            if block.main and block.role not in (Role.ATTRIBUTE, Role.CODE):
                yield block

    def sentence(self, span: Span) -> Span:
        """The sentence around a span; never leaves its block, looks at most 400 characters far."""
        block = self.block_at(span.start)
        low = max(block.start if block else 0, span.start - _SENTENCE_REACH)
        high = min(max(block.end if block else len(self.text), span.end), span.end + _SENTENCE_REACH)
        text = self.text
        start = max([low, *(text.rfind(mark, low, span.start) + 1 for mark in SENTENCE_ENDS)])
        ends = [at for mark in SENTENCE_ENDS if (at := text.find(mark, span.end, high)) >= 0]
        return Span(start, min(ends) + 1 if ends else high)

    def to_source(self, span: Span) -> Span:
        """Map a span of the text to the source.

        From the start of its first character to the end of its last, so ``<b>甲</b>`` never
        grows over ``</b>``.  An empty span maps to the end of the character before it.
        """
        length = len(self.text)
        if not length or not len(self.segments):
            return Span(0, 0)
        if span.end <= span.start:
            if span.start <= 0:
                at = self.segments.character(0, length).start
            else:
                at = self.segments.character(min(span.start, length) - 1, length).end
            return Span(at, at)
        first = self.segments.character(min(span.start, length - 1), length)
        last = self.segments.character(min(span.end, length) - 1, length)
        return Span(first.start, max(first.start, last.end))

    def is_verbatim(self, span: Span) -> bool:
        """Whether the source holds exactly the text of ``span``, so that a fix may replace it."""
        place = self.to_source(span)
        return self.source.text[place.start : place.end] == self.text[span.start : span.end]
