"""Markdown: CommonMark with tables, strikethrough, front matter, footnotes and HTML.

markdown-it finds the blocks; the inline text is scanned here, because markdown-it knows the
lines of a block but not the places inside it.  Both end in the HTML reader's own writer, so a
draft in Markdown and the page made of it give the same text, and the same fingerprints.
"""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_right
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import cache
from html.entities import html5
from typing import TYPE_CHECKING, NamedTuple

from qa.document import Comment, Document, Meta, Role
from qa.readers._tokens import TokenType, tokenize
from qa.readers.html import _EDGE, _Open, _Reader
from qa.readers.text import read_text
from qa.source import Source, Span

if TYPE_CHECKING:
    from markdown_it import MarkdownIt
    from markdown_it.rules_block import StateBlock
    from markdown_it.token import Token

_MAX_NESTING = 100
"""Tokens that may be open at once: a quote is one, a list with its item two."""

_MAX_MATTER = 200
_MAX_KEY = 64
_MAX_LABEL = 999

_SPECIAL = re.compile(r"\\|`+|\*+|_+|~+|\[\^[^\[\]\s]{1,100}\]|!?\[|\]|<|&|\n")
_ENTITY = re.compile(r"&(?:#(?:[xX][0-9a-fA-F]{1,6}|[0-9]{1,7})|[A-Za-z][A-Za-z0-9]{1,31});")
_PUNCTUATION = "!\"#$%&'()*+,-./:;<=>?@[\\]^_`{|}~"
_PLAIN = re.compile(rf"\\[{re.escape(_PUNCTUATION)}]|{_ENTITY.pattern}")
_AUTOLINK = re.compile(r"<([A-Za-z][A-Za-z0-9+.-]{1,31}:[^<>\x00-\x20]*)>")
_EMAIL = re.compile(
    r"<([A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]+@[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?"
    r"(?:\.[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?)*)>"
)
_TAG = re.compile(
    r"<[A-Za-z][A-Za-z0-9-]*+(?:\s+[A-Za-z_:][A-Za-z0-9:._-]*+"
    r"(?:\s*=\s*(?:[^\"'=<>`\x00-\x20]++|'[^']*+'|\"[^\"]*+\"))?)*\s*/?>"
    r"|</[A-Za-z][A-Za-z0-9-]*+\s*+>"
)
_MARKUP_ENDS = (("<!--", "-->"), ("<![CDATA[", "]]>"), ("<?", "?>"))
_DECLARATION = re.compile(r"<![A-Za-z][^>]*+>")
_LABEL = re.compile(r"\[((?:[^\[\]\\]|\\.){0,999}+)\]", re.DOTALL)
_DEFINITION = re.compile(r"\[(?:[^\[\]\\]|\\.){1,999}+\]:\s*", re.DOTALL)
_TRIM = "\t\n\v\f\r \u00a0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u2028\u2029\u202f\u205f\u3000"
_LABEL_BLANKS = re.compile(r"\s+")
_SAFE = "\t\n\f\r"
_BAR = re.compile(r"\|")
_SPACES = re.compile(r"[ \t\n]*")
_BAD_SCHEME = re.compile(r"\s*(?:vbscript|javascript|file|data):", re.IGNORECASE)


_Piece = tuple[str, int, int]
"""Text and its range in the source."""


class _TooDeepError(Exception):
    """Blocks nested beyond all measure."""


class _Target(NamedTuple):
    """Where a link leads; places are those of the source."""

    href: str
    href_place: Span
    title: str = ""
    title_place: Span | None = None


def _meaning(reference: str) -> str:
    """What an entity stands for; itself where it stands for nothing."""
    if reference[1] != "#":
        return html5.get(reference[1:], reference)
    code = int(reference[3:-1], 16) if reference[2] in "xX" else int(reference[2:-1])
    odd = code > 0x10FFFF or 0xFDD0 <= code <= 0xFDEF or code & 0xFFFE == 0xFFFE
    if odd or (unicodedata.category(chr(code)) in ("Cc", "Cs") and chr(code) not in _SAFE):
        return "\ufffd"
    return chr(code)


def _plain(text: str) -> str:
    """A destination or title without escapes and entities."""
    return _PLAIN.sub(lambda m: m.group()[1] if m.group()[0] == "\\" else _meaning(m.group()), text)


def _normal_label(label: str) -> str:
    return _LABEL_BLANKS.sub(" ", label.strip()).lower().upper()


# -- blocks ---------------------------------------------------------------------


def _marked(
    rule: Callable[[StateBlock, int, int, bool], bool],
) -> Callable[[StateBlock, int, int, bool], bool]:
    """A rule whose tokens know where each of their lines starts and ends in the source."""

    def wrapped(state: StateBlock, start: int, end: int, silent: bool) -> bool:
        known = len(state.tokens)
        done = rule(state, start, end, silent)
        if done and not silent:
            for token in state.tokens[known:]:
                if token.map and token.type in ("inline", "fence", "code_block", "html_block"):
                    token.meta["lines"] = [
                        (state.bMarks[n] + state.tShift[n], state.eMarks[n]) for n in range(*token.map)
                    ]
        return done

    return wrapped


def _shallow(
    rule: Callable[[StateBlock, int, int, bool], bool],
) -> Callable[[StateBlock, int, int, bool], bool]:
    """A container rule that refuses to nest too deep; markdown-it would drop the text instead."""

    def wrapped(state: StateBlock, start: int, end: int, silent: bool) -> bool:
        if not silent and state.level >= _MAX_NESTING - 4:
            raise _TooDeepError
        return rule(state, start, end, silent)

    return wrapped


def _reference(state: StateBlock, start: int, end: int, silent: bool) -> bool:
    """A link reference definition; footnotes are none. Keeps the place of its destination."""
    from markdown_it.rules_block import reference

    at = state.bMarks[start] + state.tShift[start]
    if state.src.startswith("[^", at) or not reference(state, start, end, silent):
        return False
    places = state.env.setdefault("places", {})
    label, known = next(reversed(state.env["references"].items()))
    if label not in places:
        found = _DEFINITION.match(state.src, at)
        limit = state.eMarks[state.line - 1]
        href, place, end = _destination(state.src, found.end() if found else at, limit)
        if href != known["href"]:
            # The definition goes on in the next line of a quote.
            place, end = Span(at, at), -1
        title = _title(state.src, end, limit) if known["title"] and end >= 0 else None
        places[label] = _Target(known["href"], place, known["title"], title)
    return True


@cache
def _parser() -> MarkdownIt:
    from markdown_it import MarkdownIt, rules_block

    class Parser(MarkdownIt):
        """Block structure only; addresses stay as they were written."""

        def normalizeLink(self, url: str) -> str:  # noqa: N802 - markdown-it's name
            return url

    parser = Parser("commonmark", {"maxNesting": _MAX_NESTING, "html": True}).enable(
        ["table", "strikethrough"]
    )
    ends_paragraph = ["paragraph", "reference"]
    ends_all = [*ends_paragraph, "blockquote"]
    at = parser.block.ruler.at
    at("table", _marked(rules_block.table), {"alt": ends_paragraph})
    at("code", _marked(rules_block.code), {"alt": []})
    at("fence", _marked(rules_block.fence), {"alt": [*ends_all, "list"]})
    at("blockquote", _shallow(rules_block.blockquote), {"alt": [*ends_all, "list"]})
    at("list", _shallow(rules_block.list_block), {"alt": ends_all})
    at("reference", _reference, {"alt": []})
    at("html_block", _marked(rules_block.html_block), {"alt": ends_all})
    at("heading", _marked(rules_block.heading), {"alt": ends_all})
    at("lheading", _marked(rules_block.lheading), {"alt": []})
    at("paragraph", _marked(rules_block.paragraph), {"alt": []})
    return parser


def _blocks(text: str, first: int) -> tuple[list[Token], dict[str, _Target]]:
    """Block tokens of the lines from ``first`` on, and the link references."""
    from markdown_it.rules_block import StateBlock

    parser = _parser()
    env: dict[str, dict[str, _Target]] = {}
    tokens: list[Token] = []
    state = StateBlock(text, parser, env, tokens)
    parser.block.tokenize(state, min(first, state.lineMax), state.lineMax)
    return tokens, env.get("places", {})


# -- inline ---------------------------------------------------------------------


def _destination(text: str, at: int, end: int) -> tuple[str, Span, int]:
    """Link destination at ``at``: what it means, its place, and where to go on; -1 where there is none."""
    from markdown_it.helpers import parseLinkDestination

    result = parseLinkDestination(text, at, end)
    if not result.ok:
        return "", Span(at, at), -1
    inset = 1 if text[at] == "<" else 0
    return _plain(text[at + inset : result.pos - inset]), Span(at + inset, result.pos - inset), result.pos


def _title(text: str, at: int, end: int) -> Span | None:
    """Place of the link title that follows ``at``, if one does."""
    from markdown_it.helpers import parseLinkTitle

    low = _skip(text, at)
    result = parseLinkTitle(text, low, end)
    return Span(low + 1, result.pos - 1) if result.ok and low > at else None


def _skip(text: str, at: int) -> int:
    """Where the blanks at ``at`` end."""
    match = _SPACES.match(text, at)
    return match.end() if match else at


def _trim(text: str, low: int, high: int, *, left: bool = True, right: bool = True) -> tuple[int, int]:
    """A range without the blanks at its edges."""
    held = text[low:high]
    if right:
        held = held.rstrip(_TRIM)
    if left:
        low += len(held) - len(held.lstrip(_TRIM))
        held = held.lstrip(_TRIM)
    return low, low + len(held)


def _cells(text: str, low: int, high: int) -> list[list[tuple[int, int]]]:
    """Ranges of the cells of a table row; a cell with an escaped bar in it has several."""
    low, high = _trim(text, low, high)
    cells: list[list[tuple[int, int]]] = [[]]
    at = low
    for match in _BAR.finditer(text, low, high):
        bar = match.start()
        if bar > low and text[bar - 1] == "\\":
            cells[-1].append((at, bar - 1))
            at = bar
        else:
            cells[-1].append((at, bar))
            cells.append([])
            at = bar + 1
    cells[-1].append((at, high))
    if _is_empty(cells[0]):
        del cells[0]
    if cells and _is_empty(cells[-1]):
        del cells[-1]
    for cell in cells:
        cell[-1] = _trim(text, *cell[-1], left=False)
        cell[0] = _trim(text, *cell[0], right=False)
    return cells


def _is_empty(cell: list[tuple[int, int]]) -> bool:
    return all(low == high for low, high in cell)


class _Text:
    """Inline text put together from parts of the source; ``starts`` and ``sources`` run in step."""

    def __init__(self, text: str, parts: Sequence[tuple[int, int]], joined: str) -> None:
        self.starts: list[int] = []
        self.sources: list[int] = []
        length = 0
        pieces: list[str] = []
        for low, high in parts:
            self.starts.append(length)
            self.sources.append(low)
            pieces.append(text[low:high])
            length += high - low + len(joined)
        self.content = joined.join(pieces)

    def source(self, at: int) -> int:
        """Place of a character in the source."""
        index = bisect_right(self.starts, at) - 1
        return self.sources[index] + at - self.starts[index]

    def span(self, low: int, high: int) -> Span:
        """Place of a range in the source."""
        start = self.source(low)
        return Span(start, max(start, self.source(high - 1) + 1 if high > low else start))

    def runs(self, low: int, high: int) -> Iterator[tuple[int, int]]:
        """The range cut where the source goes on elsewhere."""
        index = bisect_right(self.starts, low)
        while low < high:
            end = min(high, self.starts[index]) if index < len(self.starts) else high
            yield low, end
            low = end
            index += 1


@dataclass(slots=True, eq=False)
class _Node:
    """A piece of inline text; ``kind`` says what its range of the content is."""

    kind: str
    low: int
    high: int
    target: _Target | None = None
    value: str = ""


@dataclass(slots=True, eq=False)
class _Delimiter:
    """A run of ``*``, ``_`` or ``~``; the node's range shrinks as its marks find partners."""

    node: _Node
    mark: str
    length: int
    opens: bool
    closes: bool
    index: int

    def pairs(self, closer: _Delimiter) -> bool:
        """Whether this run may open what ``closer`` ends, by CommonMark's rule of three."""
        if self.mark != closer.mark:
            return False
        odd = (self.closes or closer.opens) and (self.length + closer.length) % 3 == 0
        return not odd or (self.length % 3 == 0 and closer.length % 3 == 0)


def _pair(delimiters: list[_Delimiter]) -> None:
    """Match emphasis and strikethrough; marks that found a partner leave their nodes' ranges."""
    stack: list[_Delimiter] = []
    floors: dict[tuple[str, bool, int], int] = {}
    for one in delimiters:
        while one.closes and one.node.low < one.node.high:
            key = (one.mark, one.opens, one.length % 3)
            floor = floors.get(key, -1)
            at = len(stack) - 1
            while at >= 0 and stack[at].index > floor and not stack[at].pairs(one):
                at -= 1
            if at < 0 or stack[at].index <= floor:
                floors[key] = stack[-1].index if stack else -1
                break
            opener = stack[at]
            used = min(opener.node.high - opener.node.low, one.node.high - one.node.low)
            opener.node.high -= used
            one.node.low += used
            del stack[at + 1 :]
            if opener.node.low == opener.node.high:
                stack.pop()
        if one.opens and one.node.low < one.node.high:
            stack.append(one)


@dataclass(slots=True)
class _Bracket:
    """An open ``[`` or ``![``."""

    node: _Node
    at: int
    delimiters: int
    image: bool
    nested: bool = False


def _is_blank(char: str) -> bool:
    return char in "\t\n\v\f\r\u00a0" or unicodedata.category(char) == "Zs"


def _is_mark(char: str) -> bool:
    return unicodedata.category(char)[0] in "PS"


@dataclass
class _Scanner:
    """One pass over one inline text; every step is linear whatever the input."""

    text: _Text
    references: dict[str, _Target]
    nodes: list[_Node] = field(default_factory=list)
    delimiters: list[_Delimiter] = field(default_factory=list)
    brackets: list[_Bracket] = field(default_factory=list)
    dead: int = 0
    ticks: dict[int, list[int]] | None = None
    lasts: dict[str, int] = field(default_factory=dict)

    def scan(self) -> list[_Node]:
        """The nodes, in order of place."""
        content = self.text.content
        search, size = _SPECIAL.search, len(content)
        start = at = 0
        while at < size:
            match = search(content, at)
            if match is None:
                break
            low = match.start()
            known = len(self.nodes)
            end = self._special(match.group(), low, match.end())
            if end < 0:
                at = match.end()
                continue
            if low > start:
                self.nodes.insert(known, _Node("text", start, low))
            start = at = end
        if start < size:
            self.nodes.append(_Node("text", start, size))
        _pair(self.delimiters)
        return self.nodes

    def _add(self, kind: str, low: int, high: int, target: _Target | None = None, value: str = "") -> _Node:
        node = _Node(kind, low, high, target, value)
        self.nodes.append(node)
        return node

    def _special(self, mark: str, low: int, high: int) -> int:
        """Deal with a special mark; where to go on, -1 where it is text after all."""
        content = self.text.content
        first = mark[0]
        if first == "\n":
            self._add("hard" if content[max(0, low - 2) : low] == "  " else "soft", low, high)
            return high
        if first == "\\":
            return self._escape(low)
        if first == "`":
            return self._code(low, high)
        if first in "*_~":
            return self._run(first, low, high)
        if first == "&":
            entity = _ENTITY.match(content, low)
            if entity is None or (meant := _meaning(entity.group())) == entity.group():
                return -1
            self._add("reference", low, entity.end(), value=meant)
            return entity.end()
        if first == "<":
            return self._angle(low)
        if first == "]":
            return self._close(low)
        if mark.startswith("[^"):
            return self._footnote(low, high)
        if self.brackets:
            self.brackets[-1].nested = True
        node = self._add("text", low, high)
        self.brackets.append(_Bracket(node, high, len(self.delimiters), mark == "!["))
        return high

    def _escape(self, low: int) -> int:
        content = self.text.content
        following = content[low + 1 : low + 2]
        if following == "\n":
            self._add("hard", low, low + 2)
            return low + 2
        if following and following in _PUNCTUATION:
            self._add("text", low + 1, low + 2)
            return low + 2
        return -1

    def _code(self, low: int, high: int) -> int:
        content = self.text.content
        if self.ticks is None:
            self.ticks = {}
            for run in re.finditer("`+", content):
                self.ticks.setdefault(run.end() - run.start(), []).append(run.start())
        places = self.ticks.get(high - low, [])
        index = bisect_right(places, high - 1)
        if index == len(places):
            self._add("text", low, high)
            return high
        end = places[index]
        inner = content[high:end].replace("\n", " ")
        inset = 1 if inner[0] == inner[-1] == " " and inner.strip(" ") else 0
        self._add("code", high + inset, end - inset)
        return end + high - low

    def _run(self, mark: str, low: int, high: int) -> int:
        content = self.text.content
        before = content[low - 1] if low else " "
        after = content[high] if high < len(content) else " "
        left = not _is_blank(after) and (not _is_mark(after) or _is_blank(before) or _is_mark(before))
        right = not _is_blank(before) and (not _is_mark(before) or _is_blank(after) or _is_mark(after))
        opens, closes = left, right
        if mark == "_":
            opens = left and (not right or _is_mark(before))
            closes = right and (not left or _is_mark(after))
        if mark == "~":
            if high - low < len("~~"):
                return -1
            if (high - low) % 2:
                self._add("text", low, low + 1)
                low += 1
        node = self._add("text", low, high)
        length = 0 if mark == "~" else high - low
        self.delimiters.append(_Delimiter(node, mark, length, opens, closes, len(self.delimiters)))
        return high

    def _last(self, mark: str) -> int:
        """Last place of a closing mark, so that a flood of openers costs nothing."""
        if mark not in self.lasts:
            self.lasts[mark] = self.text.content.rfind(mark)
        return self.lasts[mark]

    def _angle(self, low: int) -> int:
        content = self.text.content
        for pattern, scheme in ((_AUTOLINK, ""), (_EMAIL, "mailto:")):
            match = pattern.match(content, low)
            if match and not _BAD_SCHEME.match(match[1]):
                place = self.text.span(*match.span(1))
                self._add("link", low, low, _Target(scheme + match[1], place))
                self._add("text", *match.span(1))
                self._add("end", match.end(), match.end())
                return match.end()
        end = -1
        for opening, closing in _MARKUP_ENDS:
            if content.startswith(opening, low):
                if content.startswith(("<!-->", "<!--->"), low):
                    end = content.index(">", low) + 1
                elif self._last(closing) >= low + len(opening):
                    end = content.index(closing, low + len(opening)) + len(closing)
                break
        else:
            if self._last(">") > low:
                tag = _TAG.match(content, low) or _DECLARATION.match(content, low)
                end = tag.end() if tag else -1
        if end >= 0:
            self._add("html", low, end)
        return end

    def _footnote(self, low: int, high: int) -> int:
        """A footnote's mark is no text; at the start of a line it opens the note itself."""
        content = self.text.content
        if content.startswith(":", high) and (low == 0 or content[low - 1] == "\n"):
            self._add("break", low, high)
            return _skip(content, high + 1)
        return high

    def _close(self, low: int) -> int:
        """A ``]``: the end of a link or an image, if anything fits."""
        if not self.brackets:
            return -1
        bracket = self.brackets.pop()
        dead = not bracket.image and len(self.brackets) < self.dead
        self.dead = min(self.dead, len(self.brackets))
        target, end = (None, -1) if dead else self._target(bracket, low)
        if target is None:
            return -1
        _pair(self.delimiters[bracket.delimiters :])
        del self.delimiters[bracket.delimiters :]
        bracket.node.kind = "image" if bracket.image else "link"
        bracket.node.target = target
        if not bracket.image:
            self.dead = len(self.brackets)
        self._add("end", low, end)
        return end

    def _target(self, bracket: _Bracket, low: int) -> tuple[_Target | None, int]:
        content = self.text.content
        if content.startswith("(", low + 1):
            target, end = self._inline_target(low + 2)
            if target is not None:
                return target, end
        if not self.references:
            return None, -1
        label, end = "", low + 1
        if found := _LABEL.match(content, low + 1):
            label, end = found[1], found.end()
        if not label:
            if bracket.nested or low - bracket.at > _MAX_LABEL:
                return None, -1
            label = content[bracket.at : low]
        return self.references.get(_normal_label(label)), end

    def _inline_target(self, at: int) -> tuple[_Target | None, int]:
        """``destination "title")`` from ``at`` on."""
        content = self.text.content
        at = _skip(content, at)
        href, place, end = _destination(content, at, len(content))
        source = self.text.span(at, at)
        if end >= 0 and not _BAD_SCHEME.match(href):
            source = self.text.span(*place)
            at = end
        else:
            href = ""
        title = _title(content, at, len(content))
        end = _skip(content, title.end + 1 if title else at)
        if not content.startswith(")", end):
            return None, -1
        if title is None:
            return _Target(href, source), end + 1
        return _Target(
            href, source, _plain(content[title.start : title.end]), self.text.span(*title)
        ), end + 1


# -- the reader -----------------------------------------------------------------


class _MarkdownReader(_Reader):
    """The HTML reader's writer, fed with Markdown; ``content`` is the source in step with itself."""

    def __init__(self, source: Source, content: str) -> None:
        super().__init__(source)
        self.content = content
        self.references: dict[str, _Target] = {}
        self.values: dict[Span, list[_Piece]] = {}
        self.solid: set[int] = set()

    # -- blocks -------------------------------------------------------------

    def read(self, tokens: list[Token]) -> None:
        """Write all block tokens."""
        cells: list[list[tuple[int, int]]] = []
        column = 0
        for index, token in enumerate(tokens):
            kind = token.type
            if kind == "inline":
                lines = token.meta["lines"]
                if not column:
                    self._inline(_Text(self.content, self._parts(tokens[index - 1], token, lines), "\n"))
                    continue
                if column == 1:
                    cells = _cells(self.content, *lines[0])
                if column <= len(cells):
                    self._inline(_Text(self.content, cells[column - 1], ""))
            elif kind in ("fence", "code_block"):
                self._code_block(token)
            elif kind == "html_block":
                self._html_block(token.meta["lines"])
            elif token.hidden:
                self.close_block()
            elif token.nesting >= 0:
                column = 0 if kind == "tr_open" else column + (kind in ("th_open", "td_open"))
                self.start(token.tag, [], 0, "")
            else:
                column = 0 if kind == "tr_close" else column
                self.end(token.tag)

    def _parts(self, opening: Token, token: Token, lines: list[tuple[int, int]]) -> list[tuple[int, int]]:
        """The text of a paragraph or heading, line by line."""
        content = self.content
        if opening.type == "heading_open" and opening.markup.startswith("#"):
            low = lines[0][0] + len(opening.markup)
            low += len(content[low : lines[0][1]]) - len(content[low : lines[0][1]].lstrip(_TRIM))
            return [(low, low + len(token.content))]
        if opening.type == "heading_open" and opening.map:
            lines = lines[: opening.map[1] - opening.map[0] - 1]
        raw = self.source.text
        parts = [(low, high - 1 if raw[high - 1 : high] == "\r" else high) for low, high in lines]
        while (last := _trim(content, *parts[-1], left=False))[0] == last[1] and len(parts) > 1:
            parts.pop()
        parts[-1] = last
        while (first := _trim(content, *parts[0], right=False))[0] == first[1] and len(parts) > 1:
            del parts[0]
        parts[0] = first
        return parts

    def _code_block(self, token: Token) -> None:
        lines = token.meta["lines"]
        if token.type == "fence":
            count = token.content.count("\n") + (token.content[-1:] not in ("", "\n"))
            lines = lines[1 : 1 + count]
        self.start("pre", [], 0, "")
        self.top.role = Role.CODE
        for low, high in lines:
            line = self.content[low:high].rstrip(_TRIM)
            if line:
                self.text(line, low)
                self.close_block()
        self.end("pre")

    # -- HTML ---------------------------------------------------------------

    def _html_block(self, lines: list[tuple[int, int]]) -> None:
        content = self.content
        rows: list[int] = []
        last = lines[0][0] - 1
        for low, high in lines:
            # The indent belongs to the line unless it is the mark of a quote.
            rows.append(low if content[last + 1 : low].strip() else last + 1)
            last = high
        self._html("\n".join(content[low:high] for low, (_, high) in zip(rows, lines, strict=True)), rows)
        # The next block may be HTML too and go on where this one stopped.
        self._newline(last, min(last + 1, len(content)))

    def _html(self, html: str, rows: Sequence[int]) -> None:
        """Read HTML; ``rows`` are the places of its lines in the source."""
        # See read_html on "</>".
        joined = "</>" in html
        for token in tokenize(html.replace("</>", "<?>"), resolve_references=False, capture_source=True):
            row = token.line - 1
            offset = rows[row] + token.col
            kind = token.type
            if kind is TokenType.TEXT:
                data = token.data or ""
                self._html_text(data.replace("<?>", "</>") if joined else data, offset, rows, row)
                continue
            raw = token.source or ""
            if breaks := raw.count("\n"):
                end = rows[row + breaks] + len(raw) - raw.rindex("\n") - 1
                raw = self.source.text[offset:end]
            if kind is TokenType.START_TAG:
                self.start(token.tag or "", token.attrs or [], offset, raw)
            elif kind is TokenType.END_TAG:
                self.end(token.tag or "")
            elif kind is TokenType.CHARACTER_REFERENCE:
                self.reference(token.data or "", offset, raw)
            elif kind is TokenType.COMMENT:
                self.found.comments.append(Comment(token.data or "", Span(offset, offset + len(raw))))

    def _html_text(self, data: str, offset: int, rows: Sequence[int], row: int) -> None:
        for index, line in enumerate(data.split("\n")):
            if index:
                self._newline(offset, rows[row + index])
                offset = rows[row + index]
            if line:
                self.text(line, offset)
            offset += len(line)

    def _newline(self, low: int, high: int) -> None:
        """A line end in the source from ``low`` to where the next line starts: a blank or nothing."""
        if self.top.pre:
            self.close_block()
        elif self.block_start >= 0 and not self.top.skip and not self.top.hidden:
            self.pending = (self.pending[0] if self.pending else low, high)

    def _blank(self, low: int, high: int, following: str) -> None:
        if self.solid and not self.solid.isdisjoint(range(low, high)):
            self.write(" ", low, high)
        else:
            super()._blank(low, high, following)

    # -- inline -------------------------------------------------------------

    def _inline(self, text: _Text) -> None:
        outer: list[_Node] = []
        image: _Node | None = None
        pieces: list[_Piece] = []
        for node in _Scanner(text, self.references).scan():
            if node.kind in ("link", "image"):
                outer.append(node)
                if image is None and node.kind == "image":
                    image, pieces = node, []
                elif image is None and node.target:
                    self._open_link(node.target, text.span(node.low, node.high))
            elif node.kind == "end":
                opened = outer.pop()
                if opened is image and opened.target:
                    image = None
                    self._picture(
                        opened.target,
                        Span(text.span(opened.low, opened.low).start, text.span(node.low, node.high).end),
                        pieces,
                    )
                elif image is None:
                    self._close_link()
            elif image is not None:
                pieces.extend(_pieces(text, node))
            else:
                self._node(text, node)

    def _node(self, text: _Text, node: _Node) -> None:
        low, high = node.low, node.high
        if node.kind == "text":
            self._write(text, low, high)
        elif node.kind == "soft":
            self._newline(text.source(low), text.source(high))
        elif node.kind == "hard":
            offset = text.source(low)
            self.start("br", [], offset, self.source.text[offset : text.source(high)])
        elif node.kind == "reference":
            place = text.span(low, high)
            self.reference(node.value, place.start, text.content[low:high])
        elif node.kind == "code":
            for start, end in _split(text.content, low, high):
                if start > low:
                    line_end = text.source(start - 1)
                    self.solid.add(line_end)
                    self._newline(line_end, text.source(start))
                self._write(text, start, end)
        elif node.kind == "html":
            lines = list(_split(text.content, low, high))
            self._html(text.content[low:high], [text.source(start) for start, _ in lines])
        else:
            self.close_block()

    def _write(self, text: _Text, low: int, high: int) -> None:
        for start, end in text.runs(low, high):
            self.text(text.content[start:end], text.source(start))

    def _open_link(self, target: _Target, place: Span) -> None:
        self._link("a", {"href": target.href, "title": target.title}, {"href": target.href_place}, place)
        self._title_block(target)

    def _picture(self, target: _Target, place: Span, pieces: list[_Piece]) -> None:
        alt = "".join(text for text, _, _ in pieces)
        self._image({"src": target.href, "alt": alt}, {"src": target.href_place}, place)
        if alt and not self.top.skip and not self.top.hidden:
            key = Span(pieces[0][1], pieces[-1][2])
            self.values[key] = pieces
            self.attributes.append(("alt", key, self.top.region))
        self._title_block(target)

    def _title_block(self, target: _Target) -> None:
        place = target.title_place
        if place and place.end > place.start and not self.top.skip and not self.top.hidden:
            self.values[place] = list(_plain_pieces(self.content, *place))
            self.attributes.append(("title", place, self.top.region))

    def _attribute_block(self, name: str, span: Span, region: int) -> None:
        pieces = self.values.get(span)
        if pieces is None:
            super()._attribute_block(name, span, region)
            return
        low, high = 0, len(pieces)
        while low < high and not pieces[low][0].strip(_EDGE):
            low += 1
        while low < high and not pieces[high - 1][0].strip(_EDGE):
            high -= 1
        self.top = _Open(name, Role.ATTRIBUTE, 0, region, False, False, False)
        for index in range(low, high):
            text, start, end = pieces[index]
            if index == low and len(text) == end - start:
                start += len(text) - len(text.lstrip(_EDGE))
                text = text.lstrip(_EDGE)
            if index == high - 1 and len(text) == end - start:
                text = text.rstrip(_EDGE)
                end = start + len(text)
            self.write(text, start, end)
        self.close_block()


def _split(text: str, low: int, high: int) -> Iterator[tuple[int, int]]:
    """Lines of a range."""
    while (end := text.find("\n", low, high)) >= 0:
        yield low, end
        low = end + 1
    yield low, high


def _pieces(text: _Text, node: _Node) -> Iterator[_Piece]:
    """What a node adds to the text of an image."""
    place = text.span(node.low, node.high)
    if node.kind == "reference":
        yield node.value, place.start, place.end
    elif node.kind in ("soft", "hard"):
        yield " ", place.start, place.end
    elif node.kind != "break":
        for low, high in text.runs(node.low, node.high):
            source = text.source(low)
            yield text.content[low:high].replace("\n", " "), source, source + high - low


def _plain_pieces(content: str, low: int, high: int) -> Iterator[_Piece]:
    """A title in the source, its escapes and entities resolved."""
    for match in _PLAIN.finditer(content, low, high):
        if match.start() > low:
            yield content[low : match.start()], low, match.start()
        low = match.end()
        if match.group()[0] == "\\":
            yield match.group()[1], low - 1, low
        else:
            yield _meaning(match.group()), match.start(), low
    if low < high:
        yield content[low:high], low, high


# -- front matter ---------------------------------------------------------------


def _matter(text: str, at: int) -> tuple[int, list[tuple[str, Span]]]:
    """Front matter at the top, ``at`` behind a byte order mark: the number of its lines and its ``key: value`` pairs; 0 lines where there is none."""
    if not text.startswith(("---\n", "---\t\n", "--- \n"), at):
        return 0, []
    found: list[tuple[str, Span]] = []
    low = text.index("\n") + 1
    for number in range(2, _MAX_MATTER):
        high = text.find("\n", low)
        high = high if high >= 0 else len(text)
        line = text[low:high]
        if line.rstrip() in ("---", "..."):
            return (number, found) if found else (0, [])
        if line.strip() and line[0] not in "#- \t":
            key, colon, value = line.partition(":")
            if not colon or not key.strip() or len(key) > _MAX_KEY or value[:1] not in ("", " ", "\t"):
                return 0, []
            start, end = _trim(text, high - len(value), high)
            if end - start > 1 and text[start] == text[end - 1] and text[start] in "\"'":
                start, end = start + 1, end - 1
            found.append((key.strip(), Span(start, end)))
        if high == len(text):
            break
        low = high + 1
    return 0, []


def read_markdown(source: Source) -> Document:
    """Read Markdown; what is nested beyond all measure is read as plain text, with a notice."""
    # Same length as the source, so that offsets need no map: markdown-it knows \n only.
    text = source.text.replace("\0", "\ufffd")
    if "\r" in text:
        text = text.replace("\r\n", "\t\n").replace("\r", "\n")
    if text.startswith("\ufeff"):
        text = " " + text[1:]
    first, matter = _matter(text, 1 if source.text.startswith("\ufeff") else 0)
    try:
        tokens, references = _blocks(text, first)
    except (_TooDeepError, RecursionError):
        document = read_text(source)
        document.notices.append("Markdown 嵌套过深，已按纯文本检查")
        return document
    reader = _MarkdownReader(source, text)
    reader.references = references
    for key, place in matter:
        value = text[place.start : place.end]
        reader.found.metas.append(Meta(key, value, place))
        if key.lower() == "title" and value:
            reader.start("title", [], place.start, "")
            reader.text(value, place.start)
            reader.end("title")
    reader.read(tokens)
    return reader.finish()
