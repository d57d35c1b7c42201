"""The article itself with findings marked in place, as HTML.

Blocks of :attr:`Document.text` become headings, paragraphs and table cells; a finding's
``text_span`` becomes a ``mark`` followed by its number, a finding without text a small flag.
Where findings overlap, the text is cut at every boundary and a piece takes the gravest level.
"""

from __future__ import annotations

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby

from markupsafe import Markup, escape

from qa.document import Block, Cell, Document, Role, Table
from qa.finding import Finding
from reports._common import visible, visible_lines

CONTEXT_BLOCKS = 1
"""Blocks kept on each side of a block with findings in an abridged article."""
_SPAN_LIMIT = 1000
_NAMES = {
    "alt": "图片说明",
    "title": "提示文字",
    "aria-label": "无障碍说明",
    "summary": "表格摘要",
    "placeholder": "输入提示",
    "description": "页面摘要",
    "keywords": "关键词",
}


@dataclass(frozen=True)
class _Marked:
    start: int
    end: int
    number: int
    finding: Finding


@dataclass
class _Part:
    """A rendered block, table or omission."""

    html: Markup
    main: bool = True
    gap: int = 0
    blocks: int = 1
    findings: int = 0


class Article:
    """One document's text made ready for display.

    Attributes:
        placed: numbers of the findings that stand in what was rendered.
        omitted: how many blocks an abridged article leaves out.
    """

    def __init__(
        self, document: Document, findings: Sequence[Finding], index: int, *, abridged: bool = False
    ) -> None:
        self.document = document
        self.index = index
        self.placed: set[int] = set()
        self.omitted = 0
        self._starts = [block.start for block in document.blocks]
        self._by_block: dict[int, list[_Marked]] = defaultdict(list)
        last = len(document.blocks) - 1
        for number, finding in enumerate(findings, 1):
            span = finding.text_span
            one = _Marked(span.start, max(span.start, span.end), number, finding)
            low = max(0, document.block_index(one.start))
            high = min(last, max(low, document.block_index(max(one.start, one.end - 1))))
            for block in range(low, high + 1):
                self._by_block[block].append(one)
        self._kept: set[int] | None = None
        if abridged:
            self._kept = {
                near
                for block in self._by_block
                for near in range(block - CONTEXT_BLOCKS, block + CONTEXT_BLOCKS + 1)
            }

    def render(self) -> Markup:
        """The whole article."""
        return Markup("").join(self._fold(self._parts()))

    # Parts: blocks and tables in order, chrome and omissions folded.

    def _parts(self) -> list[_Part]:
        document = self.document
        tables = self._outer_tables()
        parts: list[_Part] = []
        at = 0
        while at < len(document.blocks):
            block = document.blocks[at]
            while tables and tables[0].span.end < block.start:
                tables.pop(0)
            if tables and tables[0].span.start <= block.start and block.end <= tables[0].span.end:
                table = tables.pop(0)
                end = at
                while end < len(document.blocks) and document.blocks[end].end <= table.span.end:
                    end += 1
                if self._kept is None or any(self._by_block.get(i) for i in range(at, end)):
                    before = len(self.placed)
                    body = self._table(table, at, end)
                    parts.append(_Part(body, block.main, 0, end - at, len(self.placed) - before))
                else:
                    parts.append(_Part(Markup(""), block.main, gap=end - at))
                at = end
                continue
            if self._kept is None or at in self._kept:
                before = len(self.placed)
                body = self._block(at)
                main = block.main or block.role is Role.ATTRIBUTE
                parts.append(_Part(body, main, findings=len(self.placed) - before))
            else:
                parts.append(_Part(Markup(""), block.main, gap=1))
            at += 1
        return parts

    def _fold(self, parts: list[_Part]) -> list[Markup]:
        folded: list[Markup] = []
        for gap, group in groupby(parts, key=lambda part: part.gap > 0):
            held = list(group)
            if gap:
                number = sum(part.gap for part in held)
                self.omitted += number
                folded.append(Markup('<p class="gap">（此处略去 {} 段）</p>').format(number))
                continue
            for main, run in groupby(held, key=lambda part: part.main):
                inner = list(run)
                body = Markup("").join(part.html for part in inner)
                if main:
                    folded.append(body)
                    continue
                words = f"页面框架：导航、页头、页脚等（{sum(part.blocks for part in inner)} 段"
                if number := sum(part.findings for part in inner):
                    words += f"，标出 {number} 处问题"
                words += "）"
                folded.append(
                    Markup('<details class="page-frame"><summary>{}</summary>{}</details>').format(
                        words, body
                    )
                )
        return folded

    def _outer_tables(self) -> list[Table]:
        outer: list[Table] = []
        for table in sorted(self.document.tables, key=lambda one: (one.span.start, -one.span.end)):
            if table.span.end > table.span.start and (not outer or table.span.start >= outer[-1].span.end):
                outer.append(table)
        return outer

    # Tables.

    def _table(self, table: Table, low: int, high: int) -> Markup:
        table.grid  # noqa: B018 - works out rows and columns
        used: set[int] = set()
        rows: list[Markup] = []
        for row in table.rows:
            cells = [self._cell(cell, low, high, used) for cell in row]
            rows.append(Markup("<tr>{}</tr>").format(Markup("").join(cells)))
        rest = [self._block(i) for i in range(low, high) if i not in used]
        body = Markup("").join(rows)
        return Markup('{}<div class="grid" tabindex="0"><table>{}</table></div>').format(
            Markup("").join(rest), body
        )

    def _cell(self, cell: Cell, low: int, high: int, used: set[int]) -> Markup:
        first = bisect_left(self._starts, cell.span.start, low, high)
        inner: list[Markup] = []
        for at in range(first, high):
            if self.document.blocks[at].end > cell.span.end:
                break
            if at not in used:
                used.add(at)
                inner.append(self._inline(at))
        body = (
            inner[0] if len(inner) == 1 else Markup("").join(Markup("<p>{}</p>").format(one) for one in inner)
        )
        tag = "th" if cell.header else "td"
        spans = Markup("").join(
            Markup(' {}="{}"').format(name, min(value, _SPAN_LIMIT))
            for name, value in (("rowspan", cell.rowspan), ("colspan", cell.colspan))
            if value > 1
        )
        return Markup("<{0}{1}>{2}</{0}>").format(tag, spans, body)

    # Blocks.

    def _block(self, at: int) -> Markup:
        block = self.document.blocks[at]
        inner = self._inline(at)
        match block.role:
            case Role.HEADING:
                depth = block.level or 2
                return Markup('<p class="h h{}" role="heading" aria-level="{}">{}</p>').format(
                    min(depth, 2), min(depth + 3, 9), inner
                )
            case Role.LIST:
                return Markup('<p class="li">{}</p>').format(inner)
            case Role.CAPTION:
                return Markup('<p class="caption">{}</p>').format(inner)
            case Role.CODE:
                return Markup("<pre>{}</pre>").format(inner)
            case Role.TITLE if self.document.source.media != "html":
                return Markup('<p class="h h1" role="heading" aria-level="4">{}</p>').format(inner)
            case Role.TITLE | Role.ATTRIBUTE:
                return Markup('<p class="named"><span>{}</span>{}</p>').format(_name(block), inner)
            case _:
                return Markup("<p>{}</p>").format(inner)

    def _inline(self, at: int) -> Markup:
        """Text of a block with its marks, numbers and flags."""
        block = self.document.blocks[at]
        marks = self._by_block.get(at)
        show = visible_lines if block.role is Role.CODE else visible
        if not marks:
            return escape(show(self.document.text[block.start : block.end]))
        ranges = [(max(one.start, block.start), min(one.end, block.end), one) for one in marks]
        ranges = [(min(low, block.end), max(min(low, block.end), high), one) for low, high, one in ranges]
        edges = sorted({block.start, block.end, *(edge for low, high, _ in ranges for edge in (low, high))})
        out: list[Markup] = []
        for start, end in zip(edges, [*edges[1:], block.end], strict=True):
            for low, high, one in ranges:
                if high == start and (low < high or one.number not in self.placed):
                    out.append(self._reference(one, flag=low == high))
            text = show(self.document.text[start:end])
            over = [one for low, high, one in ranges if low <= start < high]
            out.append(self._mark(text, over) if over else escape(text))
        return Markup("").join(out)

    def _mark(self, text: str, over: list[_Marked]) -> Markup:
        gravest = max(over, key=lambda one: one.finding.level).finding.level
        words = "；".join(dict.fromkeys(_tip(one.finding) for one in over))
        ids = " ".join(f"f-{self.index}-{one.number}" for one in over)
        return Markup('<mark class="{}" data-f="{}" title="{}">{}</mark>').format(
            gravest.key, ids, words, text
        )

    def _reference(self, one: _Marked, *, flag: bool) -> Markup:
        """The number of a finding, where its mark ends first; it links back to the list."""
        if one.number in self.placed:
            return Markup("")
        self.placed.add(one.number)
        key = f"{self.index}-{one.number}"
        label = f"⚑{one.number}" if flag else str(one.number)
        return Markup(
            '<a class="ref {}" id="m-{}" href="#f-{}" aria-label="第 {} 处问题，查看说明" title="{}">{}</a>'
        ).format(one.finding.level.key, key, key, one.number, _tip(one.finding), label)


def _tip(finding: Finding) -> str:
    return f"{finding.level.label}：{visible(finding.message or finding.title)}"


def _name(block: Block) -> str:
    """What a text outside the article's body is."""
    if block.role is Role.TITLE:
        return "页面标题"
    return _NAMES.get(block.name.lower(), visible(block.name) or "属性文字")
