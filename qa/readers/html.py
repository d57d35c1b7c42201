"""HTML: WHATWG tokens with places in, reader's text with segments out.

One pass over the token stream, no tree: depth of nesting costs nothing, and every character of
the text keeps its place in the source.
"""

from __future__ import annotations

import re
from functools import cache, lru_cache
from html import unescape
from pathlib import Path

import tomli

from qa.document import (
    Block,
    Cell,
    Comment,
    Document,
    Image,
    Link,
    Meta,
    Resource,
    Role,
    Segments,
    Table,
)
from qa.readers._tokens import TokenType, tokenize
from qa.source import Source, Span

_SPACE = " \t\n\f\r"
_EDGE = _SPACE + "\u00a0\u3000"
_FOLD = re.compile(r"[ \t\n\f\r]{2,}|[\t\n\f\r]")
_ATTRIBUTE = re.compile(r"""[\s/"']([^\s=>/"'][^\s=>/]*)(?:\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s>]+)))?""")
_REFERENCE = re.compile(r"&(?:#[0-9]{1,8};?|#[xX][0-9a-fA-F]{1,7};?|[A-Za-z][A-Za-z0-9]{1,31};)")
_WIDE = re.compile("[\u2e80-\u303f\u3040-\u9fff\uf900-\ufaff\uff00-\uffef\u2018-\u201d\u2026\u2014]")
_HIDDEN_STYLE = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.IGNORECASE)

_VOID = frozenset(
    [
        "area",
        "base",
        "br",
        "col",
        "embed",
        "hr",
        "img",
        "input",
        "link",
        "meta",
        "param",
        "source",
        "track",
        "wbr",
        "basefont",
        "bgsound",
        "frame",
        "keygen",
    ]
)
_SKIP = frozenset(
    [
        "script",
        "style",
        "template",
        "noscript",
        "iframe",
        "object",
        "svg",
        "math",
        "noembed",
        "noframes",
        "select",
    ]
)
_HEADINGS = {"h1": 1, "h2": 2, "h3": 3, "h4": 4, "h5": 5, "h6": 6}
_BLOCK = frozenset(
    [
        "address",
        "article",
        "aside",
        "blockquote",
        "body",
        "caption",
        "center",
        "dd",
        "details",
        "dialog",
        "dir",
        "div",
        "dl",
        "dt",
        "fieldset",
        "figcaption",
        "figure",
        "footer",
        "form",
        "h1",
        "h2",
        "h3",
        "h4",
        "h5",
        "h6",
        "head",
        "header",
        "hr",
        "html",
        "legend",
        "li",
        "main",
        "menu",
        "nav",
        "ol",
        "optgroup",
        "option",
        "p",
        "pre",
        "search",
        "section",
        "summary",
        "table",
        "tbody",
        "td",
        "tfoot",
        "th",
        "thead",
        "title",
        "tr",
        "ul",
        "br",
    ]
)
_ROLES = {
    "li": Role.LIST,
    "dd": Role.LIST,
    "dt": Role.LIST,
    "td": Role.CELL,
    "th": Role.CELL,
    "caption": Role.CAPTION,
    "figcaption": Role.CAPTION,
    "legend": Role.CAPTION,
    "title": Role.TITLE,
    "pre": Role.PARAGRAPH,
    **dict.fromkeys(_HEADINGS, Role.HEADING),
}
_CLOSED_BY_SIBLING = {
    "li": (frozenset({"li"}), frozenset({"ul", "ol", "menu", "dir"})),
    "dd": (frozenset({"dd", "dt"}), frozenset({"dl"})),
    "dt": (frozenset({"dd", "dt"}), frozenset({"dl"})),
    "td": (frozenset({"td", "th"}), frozenset({"table", "tr"})),
    "th": (frozenset({"td", "th"}), frozenset({"table", "tr"})),
    "tr": (frozenset({"tr", "td", "th"}), frozenset({"table"})),
    "option": (frozenset({"option"}), frozenset({"select", "datalist"})),
}
CHROME_TAGS = frozenset({"nav", "header", "footer", "aside"})
CHROME_ROLES = frozenset({"navigation", "banner", "contentinfo", "search", "menubar", "menu"})
MAIN_TAGS = frozenset({"main", "article"})
_READABLE = ("alt", "title", "aria-label")
_TELLING = frozenset(
    [
        "a",
        "area",
        "img",
        "meta",
        "link",
        "script",
        "iframe",
        "frame",
        "html",
        "base",
        "embed",
        "object",
        "video",
        "audio",
        "source",
    ]
)
_MAX_SPAN = 1000
_SHORT_TAG = 400
_MAX_TABLES = 16
"""Tables in tables that are kept; deeper ones are text, lest cells hold each other's text without end."""
_MAX_CAPTION = 64

MAIN, PLAIN, CHROME = 2, 1, 0


@cache
def _containers() -> tuple[frozenset[str], frozenset[str]]:
    data = tomli.loads((Path(__file__).parent / "containers.toml").read_text(encoding="utf-8"))
    return frozenset(n.lower() for n in data["main"]), frozenset(n.lower() for n in data["chrome"])


@lru_cache(maxsize=8192)
def region_of(names: str) -> int:
    """Region that class and id tokens speak for."""
    main, chrome = _containers()
    tokens = frozenset(names.lower().split())
    if tokens & main:
        return MAIN
    return CHROME if tokens & chrome else PLAIN


def attribute_spans(tag: str, offset: int) -> dict[str, Span]:
    """Source range of every attribute value of a start tag; an empty range after a bare name."""
    return {name: Span(offset + low, offset + high) for name, low, high in _value_places(tag)}


def _value_places(tag: str) -> tuple[tuple[str, int, int], ...]:
    """Name, start and end of every attribute value in a tag; a site's tags repeat from page to page."""
    return _short_tag_places(tag) if len(tag) <= _SHORT_TAG else _find_value_places(tag)


def _find_value_places(tag: str) -> tuple[tuple[str, int, int], ...]:
    found: dict[str, tuple[int, int]] = {}
    for match in _ATTRIBUTE.finditer(tag, 1):
        group = match.lastindex or 1
        name = match.group(1).lower()
        if name not in found:
            found[name] = match.span(group) if group > 1 else (match.end(), match.end())
    return tuple((name, low, high) for name, (low, high) in found.items())


_short_tag_places = lru_cache(maxsize=8192)(_find_value_places)


class _Open:
    """An open element; ``region``, ``role`` and the like are inherited by what it holds."""

    __slots__ = ("hidden", "level", "pre", "region", "role", "skip", "tag")

    def __init__(
        self, tag: str, role: Role, level: int, region: int, skip: bool, hidden: bool, pre: bool
    ) -> None:
        self.tag = tag
        self.role = role
        self.level = level
        self.region = region
        self.skip = skip
        self.hidden = hidden
        self.pre = pre


class _TableBuilder:
    __slots__ = ("body", "caption", "cell", "first", "rows")

    def __init__(self, first: int) -> None:
        self.rows: list[list[Cell]] = []
        self.cell: tuple[int, int, int, bool] | None = None
        self.first = first
        self.body = -1
        self.caption = ""


class _Reader:
    """State of one pass."""

    def __init__(self, source: Source) -> None:
        self.source = source
        self.parts: list[str] = []
        self.length = 0
        self.segments = Segments()
        self.blocks: list[Block] = []
        self.regions: list[int] = []
        self.block_start = -1
        self.block_role = Role.PARAGRAPH
        self.block_level = 0
        self.block_region = PLAIN
        self.block_tag = ""
        self.last = ""
        self.pending: tuple[int, int] | None = None
        self.stack: list[_Open] = []
        self.open_tags: dict[str, int] = {}
        self.top = _Open("", Role.PARAGRAPH, 0, PLAIN, False, False, False)
        self.tables: list[_TableBuilder] = []
        self.link: Link | None = None
        self.link_start = 0
        self.found = Document(source, "", self.segments, self.blocks)
        self.anchors: set[str] = set()
        self.attributes: list[tuple[str, Span, int]] = []
        self.seen_main = False

    # -- text ---------------------------------------------------------------

    def write(self, text: str, low: int, high: int) -> None:
        """Append one tile, opening a block if none is open."""
        length = self.length
        if self.block_start < 0:
            if length:
                self.segments.add(length, low, low)
                self.parts.append("\n")
                length += 1
            top = self.top
            self.block_start = length
            self.block_role, self.block_level = top.role, top.level
            self.block_region, self.block_tag = top.region, top.tag
        segments = self.segments
        segments.text_starts.append(length)
        segments.source_starts.append(low)
        segments.source_ends.append(high)
        self.parts.append(text)
        self.length = length + len(text)
        self.last = text[-1]

    def text(self, data: str, offset: int) -> None:
        top = self.top
        if top.skip or top.hidden:
            return
        if top.pre:
            self._pre(data, offset)
            return
        if self.block_start < 0:
            core = data.lstrip(_EDGE)
            if not core:
                return
            offset += len(data) - len(core)
            data = core
        else:
            core = data.lstrip(_SPACE)
            if len(core) < len(data):
                skipped = len(data) - len(core)
                self.pending = (self.pending[0] if self.pending else offset, offset + skipped)
                offset += skipped
                data = core
                if not core:
                    return
            if self.pending:
                self._blank(*self.pending, core[0])
        self.pending = None
        core = data.rstrip(_SPACE)
        if len(core) < len(data):
            self.pending = (offset + len(core), offset + len(data))
        if _FOLD.search(core) is None:
            self.write(core, offset, offset + len(core))
            return
        at = 0
        for match in _FOLD.finditer(core):
            low, high = match.span()
            self.write(core[at:low], offset + at, offset + low)
            self._blank(offset + low, offset + high, core[high])
            at = high
        self.write(core[at:], offset + at, offset + len(core))

    def _blank(self, low: int, high: int, following: str) -> None:
        """Fold blanks as a browser does: none between wide characters at a line break, else one."""
        blank = self.source.text[low:high]
        if ("\n" in blank or "\r" in blank) and _WIDE.match(self.last) and _WIDE.match(following):
            return
        self.write(" ", low, high)

    def _pre(self, data: str, offset: int) -> None:
        at = 0
        for line in data.split("\n"):
            if at:
                self.close_block()
            if line.strip(_EDGE) or (line and self.block_start >= 0):
                self.write(line, offset + at, offset + at + len(line))
            at += len(line) + 1

    def reference(self, data: str, offset: int, raw: str) -> None:
        top = self.top
        if top.skip or top.hidden:
            return
        if len(data) > 1 and data[-1] == raw[-1]:
            # "&nbsp2023": the tokenizer hands over the letters after a reference without its semicolon.
            rest = 1
            while rest < len(data) - 1 and data[-rest - 1] == raw[-rest - 1]:
                rest += 1
            self.reference(data[:-rest], offset, raw[:-rest])
            self.text(data[-rest:], offset + len(raw) - rest)
            return
        if self.block_start < 0:
            if not data.strip(_EDGE):
                return
        elif data in _SPACE and not top.pre:
            # A browser folds a blank whichever way it was written.
            self.pending = (self.pending[0] if self.pending else offset, offset + len(raw))
            return
        elif self.pending:
            self._blank(*self.pending, data[0])
        self.pending = None
        if len(data) == len(raw):  # pragma: no cover - references are longer than what they mean
            data += " "
        self.write(data, offset, offset + len(raw))

    def close_block(self) -> None:
        self.pending = None
        if self.block_start >= 0:
            self.blocks.append(
                Block(
                    self.block_start,
                    self.length,
                    self.block_role,
                    self.block_region != CHROME,
                    self.block_level,
                    self.block_tag,
                )
            )
            self.regions.append(self.block_region)
            self.block_start = -1

    # -- tags ---------------------------------------------------------------

    def start(self, tag: str, attrs: list[tuple[str, str]], offset: int, raw: str) -> None:
        if tag in _BLOCK and not (
            tag == "br" and self.top.role is Role.HEADING and self._soft_break(offset, raw)
        ):
            self.close_block()
        if attrs:
            self._attributes(tag, attrs, offset, raw)
        elif tag == "a":
            self._link(tag, {}, {}, Span(offset, offset + len(raw)))
        elif tag == "img":
            self._image({}, {}, Span(offset, offset + len(raw)))
        if tag in _VOID:
            return
        if tag in _CLOSED_BY_SIBLING:
            self._close_sibling(*_CLOSED_BY_SIBLING[tag])
        if tag in _BLOCK or tag in _SKIP:
            if tag != "p" or attrs:
                self._push(tag, attrs)
            self._table_start(tag, attrs)

    def _soft_break(self, offset: int, raw: str) -> bool:
        """A line break inside a heading does not end it."""
        if self.block_start >= 0:
            self.pending = None
            self.write("\n", offset, offset + len(raw))
            return True
        return False

    def _push(self, tag: str, attrs: list[tuple[str, str]]) -> None:
        top = self.top
        region, hidden = top.region, top.hidden
        names = ""
        for name, value in attrs:
            if name in ("class", "id") and value:
                names = f"{names} {value}" if names else value
            elif name == "hidden" or (name == "style" and value and _HIDDEN_STYLE.search(value)):
                hidden = True
            elif name == "role" and value.lower() in CHROME_ROLES:
                region = CHROME
        if tag in CHROME_TAGS and region != MAIN:
            region = CHROME
        elif tag in MAIN_TAGS:
            region = MAIN
        if names:
            spoken = region_of(names)
            if spoken == MAIN or (spoken == CHROME and region != MAIN):
                region = spoken
        if region == MAIN:
            self.seen_main = True
        role = _ROLES.get(tag)
        level = _HEADINGS.get(tag, 0)
        if role is None:
            role = top.role if tag in ("div", "p", "center", "blockquote", "section") else Role.PARAGRAPH
            level = top.level if role is Role.HEADING else 0
        opened = _Open(tag, role, level, region, top.skip or tag in _SKIP, hidden, top.pre or tag == "pre")
        self.stack.append(opened)
        self.open_tags[tag] = self.open_tags.get(tag, 0) + 1
        self.top = opened

    def _pop(self) -> str:
        gone = self.stack.pop()
        self.open_tags[gone.tag] -= 1
        self.top = self.stack[-1] if self.stack else _Open("", Role.PARAGRAPH, 0, PLAIN, False, False, False)
        if gone.tag in ("td", "th"):
            self._close_cell()
        elif gone.tag == "table":
            self._close_table()
        return gone.tag

    def _close_sibling(self, closed: frozenset[str], stops: frozenset[str]) -> None:
        """Close open elements that this start tag ends implicitly."""
        if not any(self.open_tags.get(tag) for tag in closed):
            return
        depth = len(self.stack) - 1
        target = -1
        while depth >= 0 and self.stack[depth].tag not in stops:
            if self.stack[depth].tag in closed:
                target = depth
            depth -= 1
            if len(self.stack) - depth > 64:
                break
        if "tr" in closed:
            while depth >= 0 and target < 0 and self.stack[depth].tag == "tr":  # pragma: no cover
                target = depth
        if target >= 0:
            self.close_block()
            while len(self.stack) > target:
                self._pop()

    def end(self, tag: str) -> None:
        if tag == "a":
            self._close_link()
            return
        if tag in _BLOCK:
            self.close_block()
        if not self.open_tags.get(tag):
            return
        if tag == "p" and self.stack[-1].tag != "p":
            return
        while self._pop() != tag:
            pass

    def _attributes(self, tag: str, attrs: list[tuple[str, str]], offset: int, raw: str) -> None:
        values = {name: value or "" for name, value in reversed(attrs)}
        if "id" in values:
            self.anchors.add(values["id"])
        readable = [name for name in _READABLE if values.get(name)]
        if tag not in _TELLING and not readable:
            return
        place = Span(offset, offset + len(raw))
        spans = attribute_spans(raw, offset)
        if readable and not self.top.skip and not self.top.hidden:
            self.attributes.extend((name, spans[name], self.top.region) for name in readable if name in spans)
        if tag in ("a", "area"):
            self._link(tag, values, spans, place)
            if values.get("name"):
                self.anchors.add(values["name"])
        elif tag == "img":
            self._image(values, spans, place)
        elif tag == "meta":
            self._meta(values, spans, place)
        elif tag == "html":
            self.found.lang = values.get("lang")
        elif tag == "base":
            self.found.base = self.found.base or values.get("href")
        else:
            self._resource(tag, values, spans)

    def _meta(self, values: dict[str, str], spans: dict[str, Span], place: Span) -> None:
        name = values.get("name") or values.get("property") or ""
        if name:
            source = spans.get("content", place)
            self.found.metas.append(Meta(name, values.get("content", ""), source))
            if name.lower() == "description" and values.get("content"):
                self.attributes.append(("description", source, PLAIN))

    def _resource(self, tag: str, values: dict[str, str], spans: dict[str, Span]) -> None:
        kind = {
            "script": "script",
            "iframe": "frame",
            "frame": "frame",
            "embed": "object",
            "object": "object",
        }.get(tag, "media")
        name = "src"
        if tag == "link":
            if "stylesheet" not in values.get("rel", "").lower():
                return
            kind, name = "style", "href"
        elif tag == "object":
            name = "data"
        if name in values and name in spans:
            self.found.resources.append(Resource(kind, values[name].strip(), spans[name]))

    def _link(self, tag: str, values: dict[str, str], spans: dict[str, Span], place: Span) -> None:
        self._close_link()
        href = values.get("href")
        link = Link(
            href,
            Span(self.length, self.length),
            spans.get("href", place) if href is not None else place,
            tag,
            values.get("title", ""),
            values.get("aria-label", ""),
            values.get("rel", "").lower(),
            values.get("target", ""),
            self.top.region != CHROME,
            self.top.hidden or bool(_HIDDEN_STYLE.search(values.get("style", ""))),
        )
        self.found.links.append(link)
        if tag == "a":
            self.link, self.link_start = link, self.length

    def _close_link(self) -> None:
        link = self.link
        if link is not None:
            link.span = Span(self.link_start, self.length)
            self.link = None

    def _image(self, values: dict[str, str], spans: dict[str, Span], place: Span) -> None:
        image = Image(
            values.get("src"),
            values.get("alt"),
            spans.get("src", place) if "src" in values else place,
            place,
            self.top.region != CHROME,
            self.top.hidden or self.top.skip,
            values.get("role", "") in ("presentation", "none") or values.get("aria-hidden") == "true",
        )
        self.found.images.append(image)
        if self.link is not None:
            self.link.images.append(image)

    # -- tables -------------------------------------------------------------

    def _table_start(self, tag: str, attrs: list[tuple[str, str]]) -> None:
        if tag == "table":
            self.tables.append(_TableBuilder(len(self.blocks)))
        elif self.tables and len(self.tables) <= _MAX_TABLES:
            table = self.tables[-1]
            if tag == "tr":
                table.rows.append([])
            elif tag in ("td", "th"):
                if not table.rows:
                    table.rows.append([])
                if table.body < 0:
                    table.body = len(self.blocks)
                values = dict(attrs)
                table.cell = (
                    len(self.blocks),
                    _count(values.get("rowspan")),
                    _count(values.get("colspan")),
                    tag == "th",
                )

    def _close_cell(self) -> None:
        if not self.tables or self.tables[-1].cell is None:
            return
        self.close_block()
        table = self.tables[-1]
        first, rowspan, colspan, header = table.cell or (0, 1, 1, False)
        table.cell = None
        blocks = self.blocks
        held = len(blocks) > first
        span = Span(blocks[first].start, blocks[-1].end) if held else Span(self.length, self.length)
        row = table.rows[-1]
        row.append(Cell(len(table.rows) - 1, len(row), span, "", rowspan, colspan, header))

    def _close_table(self) -> None:
        self._close_cell()
        table = self.tables.pop()
        body = table.body if table.body >= 0 else len(self.blocks)
        head = self.blocks[table.first : min(body, table.first + _MAX_CAPTION)]
        caption = next((b for b in head if b.role is Role.CAPTION), None)
        cells = [cell for row in table.rows for cell in row]
        if cells:
            made = Table(table.rows, Span(cells[0].span.start, cells[-1].span.end))
            made.caption = f"{caption.start}:{caption.end}" if caption else ""
            self.found.tables.append(made)

    # -- the end ------------------------------------------------------------

    def finish(self) -> Document:
        self.close_block()
        self._close_link()
        while self.stack:
            self._pop()
        self._regions()
        for name, span, region in self.attributes:
            self._attribute_block(name, span, region)
        found = self.found
        text = found.text = "".join(self.parts)
        for link in found.links:
            start, end = link.span
            # The blank or block break written between the link's tag and its text is not its own.
            while start < end and text[start] in " \n":
                start += 1
            link.span = Span(start, end)
        for table in found.tables:
            if table.caption:
                low, _, high = table.caption.partition(":")
                table.caption = found.text[int(low) : int(high)]
            for row in table.rows:
                for cell in row:
                    cell.text = found.text[cell.span.start : cell.span.end]
        found.anchors = frozenset(self.anchors)
        title = next((b for b in self.blocks if b.role is Role.TITLE), None)
        found.title = found.text[title.start : title.end].strip() if title else ""
        return found

    def _regions(self) -> None:
        """On a page whose article is known, blocks outside it that are nothing but links are chrome."""
        if not self.seen_main:
            return
        held = [block for block, region in zip(self.blocks, self.regions, strict=True) if region == MAIN]
        if held:
            self.found.core = Span(held[0].start, held[-1].end)
        edges = sorted((link.span for link in self.found.links), key=lambda span: span.start)
        at = 0
        for block, region in zip(self.blocks, self.regions, strict=True):
            if region != PLAIN or block.role in (Role.HEADING, Role.TITLE):
                continue
            while at < len(edges) and edges[at].end <= block.start:
                at += 1
            covered, i = 0, at
            while i < len(edges) and edges[i].start < block.end:
                covered += min(edges[i].end, block.end) - max(edges[i].start, block.start)
                i += 1
            if covered * 10 >= (block.end - block.start) * 9:
                block.main = False

    def _attribute_block(self, name: str, span: Span, region: int) -> None:
        raw = self.source.text[span.start : span.end]
        lead = len(raw) - len(raw.lstrip(_EDGE))
        raw = raw.strip(_EDGE)
        if not raw:
            return
        low = span.start + lead
        self.top = _Open(name, Role.ATTRIBUTE, 0, region, False, False, False)
        at = 0
        for match in _REFERENCE.finditer(raw):
            meant = unescape(match.group())
            if meant == match.group():
                continue
            if match.start() > at:
                self.write(raw[at : match.start()], low + at, low + match.start())
            self.write(meant, low + match.start(), low + match.end())
            at = match.end()
        if at < len(raw):
            self.write(raw[at:], low + at, low + len(raw))
        self.close_block()


def _count(value: str | None) -> int:
    digits = (value or "").strip()
    if not digits.isdecimal() or len(digits) > 5:
        return 1
    return min(max(int(digits), 1), _MAX_SPAN)


def read_html(source: Source) -> Document:
    """Read HTML. Never raises on markup, however broken."""
    text = source.text
    if "\r" in text:
        text = text.replace("\r\n", " \n").replace("\r", "\n")
    starts = [0]
    find = text.find
    at = find("\n")
    while at >= 0:
        starts.append(at + 1)
        at = find("\n", at + 1)
    reader = _Reader(source)
    text_type, start_type, end_type, comment_type, reference_type = (
        TokenType.TEXT,
        TokenType.START_TAG,
        TokenType.END_TAG,
        TokenType.COMMENT,
        TokenType.CHARACTER_REFERENCE,
    )
    write_text, write_start, write_end = reader.text, reader.start, reader.end
    # The tokenizer joins the text on both sides of "</>"; a bogus comment of its length keeps them apart.
    joined = "</>" in text
    for token in tokenize(
        text.replace("</>", "<?>") if joined else text, resolve_references=False, capture_source=True
    ):
        kind = token.type
        if kind is text_type:
            offset = starts[token.line - 1] + token.col
            data = token.data or ""
            write_text(text[offset : offset + len(data)] if joined else data, offset)
        elif kind is start_type:
            write_start(
                token.tag or "", token.attrs or [], starts[token.line - 1] + token.col, token.source or ""
            )
        elif kind is end_type:
            write_end(token.tag or "")
        elif kind is reference_type:
            reader.reference(token.data or "", starts[token.line - 1] + token.col, token.source or "")
        elif kind is comment_type:
            offset = starts[token.line - 1] + token.col
            data = token.data or ""
            reader.found.comments.append(Comment(data, Span(offset, offset + len(token.source or data))))
    return reader.finish()
