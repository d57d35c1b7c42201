"""Tables of terms, and one scan of the text for all of them together.

Every rule over terms gives its entries to one Aho-Corasick automaton, so twenty thousand terms
cost the same single pass as one.  Boundaries and contexts are looked at only where a term hit.
"""

from __future__ import annotations

import csv
import inspect
import re
from bisect import bisect_right
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import tomli

from qa import nlp
from qa.document import Document
from qa.finding import Confidence, Level, Pass
from qa.rule import Bad, Good, Hit, Rule, RuleError, Settings, _bads, _goods
from qa.source import Span
from qa.standard import Clause

_parser: Any = vars(re)["_parser"]  # sre_parse, which has no public name any more

if TYPE_CHECKING:
    from ahocorasick_rs import AhoCorasick

_MANY = 9
_REACH = 40
"""How many characters on each side a left or right context may look at."""

_EVERYDAY = frozenset(
    " !\"$%&'(),-./0123456789:;<>?[]、。〈〉《》“”‘’【】〔〕（），：；？！—…～年月日时点大届百千万亿第一二三四五六七八九十"
)
"""Characters too common to be terms of the automaton; they are looked for one by one, and soon found."""

_OPENERS = {"“": "”", "《": "》", "‘": "’", "「": "」", "『": "』", "〈": "〉"}
_CLOSERS = {close: open_ for open_, close in _OPENERS.items()}
_INNER = str.maketrans("“”", "‘’")
"""Quotation marks inside quotation marks are single ones (GB/T 15834 4.8.3)."""

_FLAG_LEVELS = {"n": Level.NOTE, "w": Level.WARNING, "e": Level.ERROR, "v": Level.VETO}


@cache
def _regex(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern)


@dataclass(slots=True, eq=False)
class Entry:
    """One term of a table.

    Attributes:
        term: the literal looked for, two characters or more.
        right: what should stand there, best first; empty: nothing to offer.
        contexts: where the term is right.  A plain item is a longer literal holding the term;
            ``<re`` must end at the hit's left edge, ``>re`` start at its right edge, ``^re`` be
            found in its sentence.  With ``+`` in front: at least one of those must match.
        boundary: the segmenter must confirm the word's edges where a dictionary word crosses one.
        quoted: exempt inside quotation marks and book title marks.
        safe: the first of ``right`` is right whatever the context.
        data: further fields of the table, as they stand there.
        guard: a cheap test ``(text, start, end)`` before anything else is looked at, for terms
            that are common words in themselves.
    """

    term: str
    right: tuple[str, ...] = ()
    contexts: tuple[str, ...] = ()
    boundary: bool = False
    quoted: bool = False
    safe: bool = False
    level: Level | None = None
    note: str = ""
    data: Mapping[str, Any] = field(default_factory=dict)
    guard: Callable[[str, int, int], bool] | None = None

    @classmethod
    def of(cls, item: Mapping[str, Any], *, trusted: bool = False) -> list[Entry]:
        """Entries of one TOML table (``term`` or ``terms``, ``replace``, ``except``, …).

        Regular expressions of ``trusted`` tables, the package's own, are not compiled here: the
        tests do that, and a cold start has no time for it.

        Raises:
            RuleError: no term, a term of one character, an unknown level, or a context that
                is not a regular expression; the message is Chinese and names the term.
        """
        terms = item.get("terms") or ([item["term"]] if "term" in item else [])
        if not terms:
            raise RuleError("词条缺少 term（要找的词）")
        replace = item.get("replace", ())
        right = (replace,) if isinstance(replace, str) else tuple(replace)
        level = item.get("level")
        made = []
        for term in terms:
            if not isinstance(term, str) or len(term) < 2:
                raise RuleError(f"词条“{term}”太短，至少要有两个字")
            try:
                grade = Level.parse(level) if level else None
            except (KeyError, AttributeError):
                raise RuleError(f"词条“{term}”的 level 应为 veto、error、warning 或 note") from None
            contexts = tuple(item.get("except", ()))
            _check_contexts(term, contexts, trusted=trusted)
            made.append(
                cls(
                    term,
                    right,
                    contexts,
                    bool(item.get("boundary", False)),
                    bool(item.get("quoted", False)),
                    bool(item.get("safe", False)),
                    grade,
                    str(item.get("advice", item.get("note", ""))),
                    item,
                )
            )
        return made

    @property
    def allowed(self) -> tuple[str, ...]:
        """Longer literals inside which the term is right."""
        return tuple(c for c in self.contexts if c[0] not in "<>^+")

    @property
    def conditions(self) -> tuple[str, ...]:
        """Contexts given as regular expressions."""
        return tuple(c for c in self.contexts if c[0] in "<>^+")


def explosive(pattern: str) -> bool:
    """Whether a pattern repeats without bound what may itself repeat or be empty: ``(a+)+``, ``(a|ab?)*``.

    Such patterns take time without end on some texts, and nothing can stop :mod:`re` halfway.
    """

    def look(items: Any, inside: bool) -> bool:
        for name, value in items:
            if name in (_parser.MAX_REPEAT, _parser.MIN_REPEAT):
                low, high, body = value
                if inside and low != high:
                    return True
                if look(body, inside or high > _MANY):
                    return True
            elif name is _parser.SUBPATTERN:
                if look(value[-1], inside):
                    return True
            elif name is _parser.BRANCH:
                # An empty branch is what the parser makes of (a|ab): they share their beginning.
                if any((inside and not branch) or look(branch, inside) for branch in value[1]):
                    return True
            elif name in (_parser.ASSERT, _parser.ASSERT_NOT) and look(value[1], False):
                return True
        return False

    return look(_parser.parse(pattern), False)


def _check_contexts(term: str, contexts: Iterable[str], *, trusted: bool) -> None:
    for context in contexts:
        if context[:1] in ("<", ">", "^", "+"):
            if trusted:
                continue
            mark, body = context.removeprefix("+")[:1], context.removeprefix("+")[1:]
            if mark not in ("<", ">", "^"):
                raise RuleError(f"词条“{term}”的语境“{context}”在 + 之后应以 <、> 或 ^ 开头")
            try:
                re.compile(body)
            except re.error as error:
                raise RuleError(f"词条“{term}”的语境“{context}”不是合法的正则表达式：{error}") from None
            if explosive(body):
                raise RuleError(
                    f"词条“{term}”的语境“{context}”中重复里套着重复（如 (a+)+），遇到长句会查不完"
                )
        elif term not in context:
            raise RuleError(f"词条“{term}”的语境“{context}”里没有这个词")


def read_tsv(path: Path) -> list[Entry]:
    """Entries of a TSV table: ``wrong right except flags note``, ``#`` starts a comment line.

    Flags: ``b`` boundary, ``q`` quoted, ``s`` safe, ``n w e v`` level.

    Raises:
        RuleError: a line that does not fit; the message names file and line.
    """
    entries: list[Entry] = []
    with path.open(encoding="utf-8", newline="") as stream:
        reader = csv.reader(stream, delimiter="\t", quoting=csv.QUOTE_NONE)
        for number, row in enumerate(reader, 1):
            if not row or row[0].startswith("#") or row[0] == "wrong":
                continue
            wrong, right, contexts, flags, note = (*row, "", "", "", "")[:5]
            if len(wrong) < 2 or set(flags) - set("bqsnwev"):
                raise RuleError(f"{path.name} 第 {number} 行不合格式：{'｜'.join(row)}")
            items = tuple(c for c in contexts.split("|") if c)
            try:
                _check_contexts(wrong, items, trusted=True)
            except RuleError as error:
                raise RuleError(f"{path.name} 第 {number} 行：{error}") from None
            level = next((_FLAG_LEVELS[f] for f in flags if f in _FLAG_LEVELS), None)
            entries.append(
                Entry(
                    wrong,
                    tuple(r for r in right.split("|") if r),
                    items,
                    "b" in flags,
                    "q" in flags,
                    "s" in flags,
                    level,
                    note,
                )
            )
    return entries


def read_toml(path: Path, key: str = "entry") -> list[Entry]:
    """Entries of ``[[entry]]`` tables; see :meth:`Entry.of`."""
    with path.open("rb") as stream:
        data = tomli.load(stream)
    return [entry for item in data.get(key, ()) for entry in Entry.of(item, trusted=True)]


class Match(NamedTuple):
    """A confirmed occurrence of an entry's term."""

    document: Document
    span: Span
    entry: Entry
    settings: Settings

    @property
    def text(self) -> str:
        return self.document.text

    @property
    def sentence(self) -> Span:
        return self.document.sentence(self.span)

    def hit(self, message: str = "", **changes: Any) -> Hit:
        """The usual hit: “甲”应为“乙”, with the entry's note, level and fix."""
        entry = self.entry
        if not message:
            term = entry.term.translate(_INNER)
            if entry.right:
                wanted = "或".join(f"“{r.translate(_INNER)}”" for r in entry.right)
                message = f"“{term}”应为{wanted}"
            else:
                message = f"“{term}”使用不当"
            if entry.note:
                message += f"：{entry.note}"
        values: dict[str, Any] = {
            "fix": entry.right[0] if entry.right else None,
            "alternatives": entry.right[1:],
            "safe": entry.safe,
            "level": entry.level,
        }
        values.update(changes)
        return Hit(self.span, message, **values)


Entries = Sequence[Entry] | Callable[[Settings], Sequence[Entry]]


@dataclass(eq=False)
class TermRule(Rule):
    """A rule over a table of terms; the engine's one scan finds its candidates.

    Attributes:
        entries: the table, or a function of the settings that gives it.
        overlapping: hand over every occurrence; otherwise only the longest of those that overlap.
    """

    entries: Entries = ()
    overlapping: bool = False

    def table(self, settings: Settings) -> Sequence[Entry]:
        """The entries in force under these settings."""
        return self.entries(settings) if callable(self.entries) else self.entries

    def judge(self, match: Match) -> Hit | None:
        """Turn a match into a hit, or reject it."""
        found: Hit | None = self.function(match)
        return found

    def check(self, document: Document, settings: Settings) -> Iterator[Hit]:
        """Run this rule alone; the engine runs all of them over one shared scan instead."""
        yield from Scanner([self], settings).hits(document)[self]


def terms(
    *,
    title: str,
    entries: Entries,
    level: Level,
    passes: Pass,
    basis: Clause,
    bad: Sequence[str | Bad],
    good: Sequence[str | Good],
    confidence: Confidence = Confidence.HIGH,
    media: Sequence[str] = (),
    page: bool = False,
    score_item: str = "",
    preview: bool = False,
    aliases: Sequence[str] = (),
    overlapping: bool = False,
) -> Callable[[Callable[[Match], Hit | None]], TermRule]:
    """Turn ``(match) -> hit | None`` into a rule over a table; its docstring is the why."""

    def decorate(function: Callable[[Match], Hit | None]) -> TermRule:
        return TermRule(
            function,
            title,
            level,
            passes,
            basis,
            _bads(bad),
            _goods(good),
            inspect.cleandoc(function.__doc__ or ""),
            confidence,
            (),
            tuple(media),
            page,
            score_item,
            preview,
            tuple(aliases),
            entries=entries,
            overlapping=overlapping,
        )

    return decorate


def in_marks(text: str, span: Span, low: int, high: int) -> bool:
    """Whether a span stands inside quotation marks or book title marks, looking ``low`` to ``high``."""
    depth = 0
    for at in range(span.start - 1, low - 1, -1):
        char = text[at]
        if char in _CLOSERS:
            depth += 1
        elif char in _OPENERS:
            if depth == 0:
                return text.find(_OPENERS[char], span.end, high) >= 0
            depth -= 1
    return False


def context_allows(entry: Entry, document: Document, span: Span) -> bool:
    """Whether the conditions of an entry leave the hit standing."""
    text = document.text
    wanted = met = False
    for condition in entry.conditions:
        positive = condition[0] == "+"
        body = condition[1:] if positive else condition
        if body[0] == "<":
            left = text[max(0, span.start - _REACH) : span.start]
            matched = _regex(f"(?:{body[1:]})$").search(left) is not None
        elif body[0] == ">":
            matched = _regex(body[1:]).match(text, span.end, span.end + _REACH) is not None
        else:
            sentence = document.sentence(span)
            matched = _regex(body[1:]).search(text, sentence.start, sentence.end) is not None
        if positive:
            wanted = True
            met = met or matched
        elif matched:
            return False
    return met or not wanted


Candidates = list[tuple[int, int, Entry]]
"""Occurrences of one rule's terms: start, end, entry."""


class Scan(NamedTuple):
    """What one pass over a text found: candidates by rule, and the plain rules it woke."""

    candidates: dict[TermRule, Candidates]
    awake: set[Rule]


class Scanner:
    """All term rules over one automaton. Build once, use for every document.

    Args:
        rules: the rules over terms.
        settings: site packs.
        gated: plain rules; their needed words ride along, so that one pass tells which of them
            can hit at all (see ``Rule.needs``).
    """

    def __init__(self, rules: Sequence[TermRule], settings: Settings, gated: Sequence[Rule] = ()) -> None:
        self.rules = list(rules)
        self.settings = settings
        pack = settings.pack
        own = {term for item in pack.words for entry in Entry.of(item) for term in (entry.term,)}
        patterns: dict[str, int] = {}
        uses: list[list[tuple[TermRule, Entry]]] = []
        allows: set[int] = set()

        def intern(pattern: str) -> int:
            index = patterns.setdefault(pattern, len(uses))
            if index == len(uses):
                uses.append([])
            return index

        self._entry_allows: dict[int, tuple[int, ...]] = {}
        for one in self.rules:
            for entry in one.table(settings):
                term = entry.term
                if term in pack.silence or (own and term in own and not entry.data.get("_own")):
                    continue
                uses[intern(term)].append((one, entry))
                if entry.contexts:
                    allowed = tuple(intern(word) for word in entry.allowed)
                    if allowed:
                        allows.update(allowed)
                        self._entry_allows[id(entry)] = allowed
        self._everywhere = frozenset(intern(word) for word in pack.allow if word)
        self._uses, self._allows = uses, frozenset(allows | self._everywhere)
        self._wakes: dict[int, list[Rule]] = {}
        self._wakes_by_char: dict[str, list[Rule]] = {}
        for plain in gated:
            for need in plain.needs:
                if need in _EVERYDAY:
                    self._wakes_by_char.setdefault(need, []).append(plain)
                else:
                    self._wakes.setdefault(intern(need), []).append(plain)
        self._automaton: AhoCorasick | None = None
        if patterns:
            from ahocorasick_rs import AhoCorasick, MatchKind

            self._automaton = AhoCorasick(list(patterns), matchkind=MatchKind.Standard, store_patterns=False)

    def scan(self, document: Document) -> Scan:
        """One pass over the text."""
        text = document.text
        candidates: dict[TermRule, Candidates] = {}
        awake: set[Rule] = set()
        found = Scan(candidates, awake)
        if not text:
            return found
        for char, woken in self._wakes_by_char.items():
            if char in text:
                awake.update(woken)
        if self._automaton is None:
            return found
        raw = self._automaton.find_matches_as_indexes(text, overlapping=True)
        uses, allows, wakes = self._uses, self._allows, self._wakes
        shelter: dict[int, list[Span]] = {}
        present = {match[0] for match in raw}
        for index in present & wakes.keys():
            awake.update(wakes[index])
        if not present.isdisjoint(allows):
            for index, start, end in raw:
                if index in allows:
                    shelter.setdefault(index, []).append(Span(start, end))
        media, frame = document.source.media, None
        for index, start, end in raw:
            for one, entry in uses[index]:
                guard = entry.guard
                if guard is not None and not guard(text, start, end):
                    continue
                if one.media and media not in one.media:
                    continue
                if one.page:
                    frame = document.has_frame if frame is None else frame
                    if not frame:
                        continue
                if shelter and self._sheltered(entry, Span(start, end), shelter):
                    continue
                candidates.setdefault(one, []).append((start, end, entry))
        return found

    def judge(self, one: TermRule, found: Candidates, document: Document) -> Iterator[Hit]:
        """Hits among the candidates of one rule, in order of place."""
        for start, end, entry in found if one.overlapping else _longest(found):
            span = Span(start, end)
            if self._stands(entry, document, span):
                hit = one.judge(Match(document, span, entry, self.settings))
                if hit is not None:
                    yield hit

    def hits(self, document: Document) -> dict[TermRule, list[Hit]]:
        """Hits of every rule, in order of place."""
        result: dict[TermRule, list[Hit]] = {one: [] for one in self.rules}
        for one, found in self.scan(document).candidates.items():
            result[one] = list(self.judge(one, found, document))
        return result

    def _sheltered(self, entry: Entry, span: Span, shelter: Mapping[int, list[Span]]) -> bool:
        for index in (*self._entry_allows.get(id(entry), ()), *self._everywhere):
            places = shelter.get(index)
            if places:
                at = bisect_right(places, span.start, key=lambda place: place.start)
                while at > 0 and places[at - 1].end > span.start:
                    if places[at - 1].end >= span.end:
                        return True
                    at -= 1
        return False

    @staticmethod
    def _stands(entry: Entry, document: Document, span: Span) -> bool:
        if entry.conditions and not context_allows(entry, document, span):
            return False
        if entry.quoted:
            block = document.block_at(span.start)
            low = max(block.start if block else 0, span.start - 200)
            high = min(block.end if block else len(document.text), span.end + 200)
            if in_marks(document.text, span, low, high):
                return False
        return not entry.boundary or nlp.is_word(document.text, span, document.sentence(span))


def _longest(found: list[tuple[int, int, Entry]]) -> list[tuple[int, int, Entry]]:
    """Of overlapping matches the longest; of equal ones the leftmost; in order of place."""
    if len(found) < 2:
        return found
    kept: list[tuple[int, int, Entry]] = []
    for item in sorted(found, key=lambda m: (m[0], m[0] - m[1])):
        if not kept or item[0] >= kept[-1][1]:
            kept.append(item)
        elif item[1] - item[0] > kept[-1][1] - kept[-1][0]:
            kept[-1] = item
    return kept
