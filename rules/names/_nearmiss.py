"""Near misses of set phrases: one edit away, by sound, by shape, or a character lost, doubled or swapped.

One edit leaves one half of a phrase intact, so both halves go into the shared automaton and the
text beside a half is compared only there.  Phrases too short to halve are spelled out instead:
every variant of theirs is a term of its own.
"""

from __future__ import annotations

import csv
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache, lru_cache
from operator import ne
from pathlib import Path
from typing import Any, NamedTuple

from qa.finding import Level
from qa.lexicon import Entry, Match
from qa.rule import Hit
from qa.source import Span
from rules.names._dates import out_of_force

_HERE = Path(__file__).parent
_HALVED = 6
"""Phrases at least this long are compared edit by edit; shorter ones with a list of their variants."""

_SPELLED = 4
"""Phrases shorter than this are not halved: every variant is a term of its own."""

_EDGED = 7
"""In phrases at least this long a wrong first or last character is an error too."""

_LOOSE = 9
"""In phrases at least this long any one Chinese character too many is an error, not only a doubled one."""

_SWAPPED = 4
"""In phrases longer than this two characters swapped are an error; shorter ones read well both ways (万千工程)."""

_PARTICLES = frozenset(
    "的地得了和与及或在为是年省市县区州党新大小各全本我该等第届次个老原副总一二三四五六七八九十"
)
"""Characters that may well be put into a phrase on purpose."""

_OPTIONAL = frozenset("和、及其的与“”《》（）+·")
"""Characters that short forms leave out: 人力资源社会保障部 is as right as 人力资源和社会保障部."""

_REACH = 12

STRICT = "简称"
"""Kind of the short set phrases in which any character is checked, the first and last too."""

SOUND, SHAPE, LOST, EXTRA, SWAP, OTHER = "音近", "形近", "漏字", "多字", "倒字", "错字"


class Phrase(NamedTuple):
    """A set phrase; ``allowed`` are near phrases that are right, ``strict`` checks its edges and any character."""

    text: str
    since: date | None = None
    until: date | None = None
    allowed: tuple[str, ...] = ()
    strict: bool = False


class _Use(NamedTuple):
    """A half of a phrase: ``offset`` is its place in the phrase; ``short`` ones are compared with :func:`variants`."""

    phrase: Phrase
    offset: int
    length: int
    short: bool = False


@dataclass(frozen=True, slots=True)
class NearMiss:
    """What was found: the wrong words, the phrase they stand for, and the kind of slip."""

    span: Span
    phrase: Phrase
    kind: str


def read_phrases(path: Path) -> list[Phrase]:
    """Phrases of a TSV table: ``phrase kind since until allowed source``, ``#`` starts a comment line."""
    found = []
    with path.open(encoding="utf-8", newline="") as stream:
        for row in csv.reader(stream, delimiter="\t", quoting=csv.QUOTE_NONE):
            if row and not row[0].startswith("#"):
                text, kind, since, until, allowed = (*row, "", "", "", "")[:5]
                item = {"phrase": text, "since": since, "until": until, "allowed": allowed}
                found.append(phrase_of(item)._replace(strict=kind == STRICT))
    return found


def phrase_of(item: Mapping[str, Any]) -> Phrase:
    """A phrase of a site pack's mapping or of a table's row."""

    def day(value: object) -> date | None:
        if isinstance(value, date):
            return value
        return date.fromisoformat(value) if isinstance(value, str) and value else None

    allowed = item.get("allowed", ())
    items = allowed.split("|") if isinstance(allowed, str) else allowed
    return Phrase(
        str(item["phrase"]), day(item.get("since")), day(item.get("until")), tuple(a for a in items if a)
    )


def _rows(name: str) -> Iterator[str]:
    for line in (_HERE / name).read_text(encoding="utf-8").splitlines():
        if line and not line.startswith("#"):
            yield line


def _blur(syllable: str) -> str:
    """A syllable without the differences many typists do not hear: zh/z, ch/c, sh/s, ing/in, eng/en."""
    if syllable[:2] in ("zh", "ch", "sh"):
        syllable = syllable[0] + syllable[2:]
    return syllable[:-1] if syllable.endswith(("ing", "eng")) else syllable


@cache
def _sounds() -> dict[str, list[set[str]]]:
    """The groups of like-sounding characters that each character belongs to."""
    groups: defaultdict[str, set[str]] = defaultdict(set)
    for line in _rows("homophones.tsv"):
        syllable, _, group = line.partition("\t")
        groups[_blur(syllable)].update(group)
    found: defaultdict[str, list[set[str]]] = defaultdict(list)
    for alike in groups.values():
        for char in alike:
            found[char].append(alike)
    return found


@lru_cache(maxsize=4096)
def homophones(char: str) -> frozenset[str]:
    """Characters read like a character, tones and blurred sounds aside."""
    return frozenset().union(*_sounds().get(char, ())) - {char}


@cache
def shapes() -> dict[str, frozenset[str]]:
    """Characters that look like a character."""
    found: defaultdict[str, set[str]] = defaultdict(set)
    for group in _rows("shapes.tsv"):
        for char in group:
            found[char].update(group)
    return {char: frozenset(group - {char}) for char, group in found.items()}


def _kind(right: str, wrong: str, *, strict: bool) -> str:
    if wrong in homophones(right):
        return SOUND
    if wrong in shapes().get(right, ()):
        return SHAPE
    return OTHER if strict and _is_han(wrong) else ""


def _is_han(char: str) -> bool:
    return "一" <= char <= "鿿"


def compare(window: str, want: str, inner: str, phrase: Phrase) -> tuple[int, str]:
    """One edit that turns ``want`` into the start of ``window``: how much of it is used, and its kind.

    ``want`` reads outwards, from the half that stands (``inner`` is its nearest character) to the
    phrase's edge.  At the very edge a phrase may just go on otherwise (全国代表会议), so a lost or
    doubled character needs right ones beyond it.
    Returns ``(0, "")`` where there is no such edit.
    """
    if window[:1] != want[:1] and want[1:2] not in window[:3]:
        return 0, ""
    size, whole = len(want), len(phrase.text)
    at = 0
    while at < size and at < len(window) and window[at] == want[at]:
        at += 1
    rest, tail = want[at:], window[at:]
    if len(rest) < 2 and not (rest and (phrase.strict or whole >= _EDGED)):
        return 0, ""
    if tail.startswith(rest[1::-1] + rest[2:]) and rest[:1] != rest[1:2]:
        return size, SWAP
    if len(rest) > 2 and tail.startswith(rest[1:]) and rest[0] not in _OPTIONAL:
        return size - 1, LOST
    if (
        tail
        and tail[1:].startswith(rest[1:])
        and (kind := _kind(rest[0], tail[0], strict=phrase.strict and len(rest) > 1))
    ):
        return size, kind
    if tail and tail[1:].startswith(rest) and _is_han(tail[0]):
        doubled = tail[0] in (rest[0], want[at - 1] if at else inner)
        if len(rest) > 1 and (doubled or (whole >= _LOOSE and tail[0] not in _PARTICLES)):
            return size + 1, EXTRA
    return 0, ""


def _check(text: str, start: int, end: int, use: _Use) -> NearMiss | None:
    """The near miss of a phrase one half of which stands intact at ``start`` … ``end``."""
    phrase, offset, length, _ = use
    whole = phrase.text
    if offset == 0:
        want = whole[length:]
        if text.startswith(want, end):
            return None
        used, kind = compare(text[end : end + len(want) + 1], want, text[end - 1], phrase)
        return NearMiss(Span(start, end + used), phrase, kind) if kind else None
    want = whole[:offset]
    if text.endswith(want, 0, start):
        return None
    back = text[max(0, start - offset - 1) : start][::-1]
    used, kind = compare(back, want[::-1], text[start], phrase)
    if not kind or (kind == EXTRA and used == len(want) + 1 and back[1:].startswith(want[::-1])):
        return None  # a character put in just at the seam is reported by the first half
    return NearMiss(Span(start - used, end), phrase, kind)


def variants(phrase: Phrase) -> dict[str, str]:
    """Every near miss of a short phrase, with its kind; by sound or shape at its edges only if strict."""
    text = phrase.text
    found: dict[str, str] = {}
    for at, char in enumerate(text):
        if phrase.strict or 0 < at < len(text) - 1:
            for others, kind in ((homophones(char), SOUND), (shapes().get(char, frozenset()), SHAPE)):
                for other in others:
                    found.setdefault(text[:at] + other + text[at + 1 :], kind)
        if 0 < at < len(text) - 1:
            found.setdefault(text[:at] + char + text[at:], EXTRA)
        if 0 < at < len(text) - 2 and len(text) > _SWAPPED:
            found.setdefault(text[:at] + text[at + 1] + char + text[at + 2 :], SWAP)
    found.pop(text, None)
    return found


def entries_of(phrases: Iterable[Phrase], never: Iterable[str] = ()) -> list[Entry]:
    """Terms for the automaton: halves of long phrases, variants of short ones.

    Args:
        phrases: the set phrases.
        never: words that are right although they look like a near miss.
    """
    listed = list({phrase.text: phrase for phrase in phrases}.values())
    known = {phrase.text for phrase in listed} | set(never)
    shared: dict[str, Any] = {
        "allowed": tuple(sorted(known)),
        "holding": {},
        "known": known,
        "phrases": tuple(p.text for p in listed),
    }
    halves: defaultdict[str, list[_Use]] = defaultdict(list)
    entries: list[Entry] = []
    for phrase in listed:
        text = phrase.text
        middle = len(text) // 2
        if len(text) < _SPELLED:
            spelled = variants(phrase)
        else:
            short = len(text) < _HALVED
            halves[text[:middle]].append(_Use(phrase, 0, middle, short))
            halves[text[middle:]].append(_Use(phrase, middle, len(text) - middle, short))
            seam = text[: middle - 1] + text[middle] + text[middle - 1] + text[middle + 1 :]
            spelled = {seam: SWAP} if seam != text and len(text) > _SWAPPED else {}
        entries.extend(
            Entry(wrong, (text,), data={"near": (phrase, kind), **shared})
            for wrong, kind in spelled.items()
            if wrong not in known
        )
    entries.extend(
        Entry(half, data={"uses": uses, **shared}, guard=_guard(uses)) for half, uses in halves.items()
    )
    return entries


def _guard(uses: Iterable[_Use]) -> Callable[[str, int, int], bool]:
    """A test that passes only where one of the phrases stands with one edit.

    After one edit one of the two characters next to the intact half is still in or beside its
    place; that is looked at before the phrases are compared.
    """
    after = []
    before = []
    for use in uses:
        whole = use.phrase.text
        if use.offset == 0:
            want = whole[use.length :]
            after.append((want, want[0], want[1], use))
        else:
            want = whole[: use.offset]
            before.append((want, want[-1], want[-2], use))

    def guard(text: str, start: int, end: int) -> bool:
        if after:
            near, far = text[end : end + 1], text[end + 1 : end + 2]
            for want, first, second, use in after:
                if (
                    (near in (first, second) or far in (first, second))
                    and not text.startswith(want, end)
                    and _miss(text, start, end, use)
                ):
                    return True
        if before:
            near, far = text[start - 1 : start], text[start - 2 : start - 1]
            for want, first, second, use in before:
                if (
                    (near in (first, second) or far in (first, second))
                    and not text.endswith(want, 0, start)
                    and _miss(text, start, end, use)
                ):
                    return True
        return False

    return guard


def _miss(text: str, start: int, end: int, use: _Use) -> NearMiss | None:
    return _check_short(text, start, use) if use.short else _check(text, start, end, use)


@lru_cache(maxsize=1024)
def _holders(phrase: str, phrases: tuple[str, ...]) -> tuple[tuple[str, str], ...]:
    """What stands before and after a phrase in each longer phrase that holds it."""
    return tuple(
        (before, after)
        for other in phrases
        if len(other) > len(phrase) and phrase in other
        for before, _, after in (other.partition(phrase),)
    )


_variants = lru_cache(maxsize=1024)(variants)


def _check_short(text: str, start: int, use: _Use) -> NearMiss | None:
    """The listed variant of a short phrase one half of which stands intact at ``start``."""
    phrase, offset = use.phrase, use.offset
    whole = phrase.text
    size = len(whole)
    low = start - offset
    window = text[max(0, low) : low + size]
    if window == whole:
        return None
    differing = sum(map(ne, window, whole)) if len(window) == size else size
    if differing == 1 or (differing == 2 and sorted(window) == sorted(whole)):
        kind = _variants(phrase).get(window)
        if kind:
            return NearMiss(Span(low, low + size), phrase, kind)
    if offset == 0:
        longer = text[low : low + size + 1]
        if (
            longer[-1:] == whole[-1]
            and len(longer) > size
            and set(longer) == set(whole)
            and _variants(phrase).get(longer)
        ):
            return NearMiss(Span(low, low + size + 1), phrase, EXTRA)
    return None


def near_misses(match: Match) -> Iterator[NearMiss]:
    """The near misses a match of :func:`entries_of` stands for, those with an excuse left out."""
    data, text, span = match.entry.data, match.text, match.span
    if "near" in data:
        phrase, kind = data["near"]
        found = [NearMiss(span, phrase, kind)]
    else:
        found = [
            miss
            for use in data["uses"]
            if (miss := _miss(text, span.start, span.end, use))
            and text[miss.span.start : miss.span.end] not in data["known"]
        ]
    for miss in found:
        if not _excused(match, miss) and not out_of_force(
            match.document,
            miss.phrase.since,
            miss.phrase.until,
        ):
            yield miss


def _excused(match: Match, miss: NearMiss) -> bool:
    """Whether a right phrase covers the hit, or a longer phrase that has the same slip in it reports it."""
    text, span = match.text, miss.span
    for before, after in _holders(miss.phrase.text, match.entry.data["phrases"]):
        if text.endswith(before, 0, span.start) and text.startswith(after, span.end):
            return True
    low = max(0, span.start - _REACH)
    around = text[low : span.end + _REACH]
    wrong = text[span.start : span.end]
    holding: dict[str, tuple[str, ...]] = match.entry.data["holding"]
    if wrong not in holding:
        holding[wrong] = tuple(word for word in match.entry.data["allowed"] if wrong in word)
    for word in (*miss.phrase.allowed, *holding[wrong]):
        at = around.find(word)
        while at >= 0:
            if at + low <= span.start and at + low + len(word) >= span.end:
                return True
            at = around.find(word, at + 1)
    return False


def describe(miss: NearMiss, wrong: str, level: Level | None = None) -> Hit:
    """The hit for a near miss."""
    return Hit(
        miss.span, f"“{wrong}”疑为“{miss.phrase.text}”之误（{miss.kind}）", fix=miss.phrase.text, level=level
    )
