r"""Plain text: one block a line, with the titles, headings, lists and tables that people see in it.

Lines end where a reader sees a new line: at ``\n``, and also at a lone ``\r``, a form feed or
U+2028.  Places still count ``\n`` only, see :mod:`qa.source`.  Comments ``<!-- … -->`` are
not text: they carry the remarks that suppress findings.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from qa.document import Block, Cell, Comment, Document, Link, Role, Segments, Table
from qa.source import Source, Span

_EDGE = " \t\r\n\v\f\u0085\u00a0\u2028\u2029\u3000\ufeff"
_LINE_END = re.compile("[\n\r\v\f\u0085\u2028\u2029]")
_NUMERAL = "〇零一二三四五六七八九十百千0-9０-９"
_HEADINGS = (
    (2, re.compile(f"第[{_NUMERAL}]{{1,6}}[编篇章][ \u3000：:]*\\S")),
    (2, re.compile("[一二三四五六七八九十]{1,4}、")),
    (3, re.compile(f"第[{_NUMERAL}]{{1,6}}节[ \u3000：:]*\\S")),
    (3, re.compile("[（(][一二三四五六七八九十]{1,4}[）)]")),
)
_ITEM = re.compile("(?:[0-9０-９]{1,3}[.．、]|[（(][0-9０-９]{1,3}[）)]|[①-⑳]|[-*•·●■◆]\\s)")
_ENUMERATOR = re.compile(f"[（(]?[{_NUMERAL}]{{1,4}}[）)、.．]|[-*•·●■◆]")
_SENTENCE = re.compile("[。！？；]")
_OPEN_END = "，：、,;:"
_GENRE = re.compile(
    "(?:报告|通知|意见|办法|决定|公告|通告|公报|通报|方案|规划|计划|纲要|条例|规定|细则|讲话|批复|函|令|决议|解读)"
    "(?:[（(][^（）()]{1,20}[）)])?$"
)
_URL = re.compile("https?://[!#-;=?-~]+", re.IGNORECASE)
_CLOSING = ".,;:!?'*"
_LONGEST_HEADING = 50
_LONGEST_TITLE = 60
_MOST_TITLES = 3
_SHORT = 40


@dataclass(slots=True)
class _Line:
    """A line without its comments; ``ranges`` are the parts of the source it is made of."""

    text: str
    ranges: list[tuple[int, int]]

    @property
    def bare(self) -> str:
        return self.text.strip(_EDGE)


def find_comments(text: str) -> list[Comment]:
    """Comments ``<!-- … -->`` of a text; one that never ends is none."""
    found: list[Comment] = []
    low = text.find("<!--")
    while low >= 0:
        high = text.find("-->", low + 4)
        if high < 0:
            break
        found.append(Comment(text[low + 4 : high], Span(low, high + 3)))
        low = text.find("<!--", high + 3)
    return found


def _lines(text: str, comments: list[Comment]) -> list[_Line]:
    edges = [0, *(edge for comment in comments for edge in comment.source), len(text)]
    lines: list[_Line] = []
    ranges: list[tuple[int, int]] = []

    def flush() -> None:
        lines.append(_Line("".join(text[a:b] for a, b in ranges), ranges))

    for low, high in zip(edges[::2], edges[1::2], strict=True):
        at = low
        for end in _LINE_END.finditer(text, low, high):
            ranges.append((at, end.start()))
            if text[end.start() : end.end() + 1] != "\r\n":
                flush()
                ranges = []
            at = end.end()
        ranges.append((at, high))
    flush()
    return lines


def find_urls(text: str, low: int, high: int) -> Iterator[tuple[int, int]]:
    """Bare addresses in a range of text, without the punctuation that closes a sentence after them."""
    for match in _URL.finditer(text, low, high):
        address = match.group()
        excess = {close: address.count(close) - address.count(open_) for open_, close in ("()", "[]", "{}")}
        end = len(address)
        while (last := address[end - 1]) in _CLOSING or excess.get(last, 0) > 0:
            if last in excess:
                excess[last] -= 1
            end -= 1
        if address[:end].rstrip("/").count("/") >= len("//"):
            yield match.start(), match.start() + end


class _Writer:
    """Text, segments and blocks in the making."""

    def __init__(self) -> None:
        self.parts: list[str] = []
        self.length = 0
        self.segments = Segments()
        self.blocks: list[Block] = []

    def block(self, line: _Line, low: int, high: int, role: Role, level: int = 0) -> Span:
        """Write ``line.text[low:high]``, blank edges cut off; an empty span where nothing is left."""
        text = line.text[low:high]
        core = text.strip(_EDGE)
        if not core:
            return Span(self.length, self.length)
        low += len(text) - len(text.lstrip(_EDGE))
        high = low + len(core)
        start = -1
        at = 0
        for a, b in line.ranges:
            first, last = max(low, at), min(high, at + b - a)
            if first < last:
                source = a + first - at
                if start < 0:
                    if self.length:
                        self.segments.add(self.length, source, source)
                        self.parts.append("\n")
                        self.length += 1
                    start = self.length
                self.segments.add(self.length, source, source + last - first)
                self.length += last - first
            at += b - a
        self.parts.append(core)
        self.blocks.append(Block(start, self.length, role, True, level, "td" if role is Role.CELL else ""))
        return Span(start, self.length)

    def table(self, lines: list[_Line]) -> Table:
        """Write lines as rows; blank cells are empty spans and make no block."""
        rows: list[list[Cell]] = []
        for line in lines:
            row: list[Cell] = []
            at = 0
            for text in line.text.split("\t"):
                span = self.block(line, at, at + len(text), Role.CELL)
                row.append(Cell(len(rows), len(row), span, text.strip(_EDGE)))
                at += len(text) + 1
            rows.append(row)
        return Table(rows, Span(rows[0][0].span.start, rows[-1][-1].span.end), ragged=True)


def _is_row(line: _Line) -> bool:
    """Whether a line has a tab that is not the indent of its first line."""
    return "\t" in line.text.lstrip(_EDGE)


def _table_ends(lines: list[_Line]) -> dict[int, int]:
    """Tables as ``{first line: line after the last}``."""
    found: dict[int, int] = {}
    at = 0
    while at < len(lines):
        if "\t" not in lines[at].text:
            at += 1
            continue
        last = at
        end = at + 1
        while end < len(lines):
            line = lines[end]
            if "\t" in line.text:
                last = end
            elif not line.bare or len(line.bare) > _SHORT or _SENTENCE.search(line.bare) or end - last > 1:
                break
            end += 1
        run = lines[at : last + 1]
        if _is_table(run):
            found[at] = last + 1
        at = last + 1
    return found


def _is_table(run: list[_Line]) -> bool:
    if len(run) < 2 or not any(_is_row(line) for line in run):
        return False
    filled = [[cell for cell in line.text.split("\t") if cell.strip(_EDGE)] for line in run]
    wide = [cells for cells in filled if len(cells) > 1]
    # "1.<tab>甲" line after line is a list.
    return bool(wide) and not all(
        len(cells) == 2 and _ENUMERATOR.fullmatch(cells[0].strip(_EDGE)) for cells in filled if cells
    )


def heading_level(text: str) -> int:
    """Level of a line that is a heading by its number and its shape; 0 for any other line."""
    if len(text) > _LONGEST_HEADING or _SENTENCE.search(text) or text[-1] in _OPEN_END:
        return 0
    return next((level for level, pattern in _HEADINGS if pattern.match(text)), 0)


def _is_title(text: str) -> bool:
    return not (
        len(text) > _LONGEST_TITLE
        or _SENTENCE.search(text)
        or text[-1] in _OPEN_END
        or "：" in text
        or "://" in text
        or _ITEM.match(text)
        or heading_level(text)
    )


def _title_of(lines: list[str]) -> str:
    """The title among the lines at the top: the one that names a kind of document, else the first."""
    return next((line for line in lines if _GENRE.search(line)), lines[0] if lines else "")


def read_text(source: Source) -> Document:
    """Read plain text."""
    comments = find_comments(source.text)
    lines = _lines(source.text, comments)
    filled = [i for i, line in enumerate(lines) if line.bare]
    tables = _table_ends(lines)
    titles: list[int] = []
    for i in filled[:_MOST_TITLES] if len(filled) > 1 else ():
        if i in tables or not _is_title(lines[i].bare):
            break
        titles.append(i)
    if len(titles) == len(filled):
        titles = titles[:1]
    writer = _Writer()
    made: list[Table] = []
    at = 0
    while at < len(lines):
        line = lines[at]
        if at in tables:
            made.append(writer.table(lines[at : tables[at]]))
            at = tables[at]
            continue
        bare = line.bare
        if bare:
            level = 0
            if at in titles:
                role = Role.TITLE
            elif level := heading_level(bare):
                role = Role.HEADING
            else:
                role = Role.LIST if _ITEM.match(bare) else Role.PARAGRAPH
            if role is Role.LIST and _SENTENCE.search(bare):
                role = Role.PARAGRAPH
            writer.block(line, 0, len(line.text), role, level)
        at += 1
    document = Document(source, "".join(writer.parts), writer.segments, writer.blocks)
    document.tables = made
    document.comments = comments
    document.title = _title_of([lines[i].bare for i in titles])
    document.links = [
        Link(document.text[a:b], Span(a, b), document.to_source(Span(a, b)))
        for a, b in find_urls(document.text, 0, len(document.text))
    ]
    return document
