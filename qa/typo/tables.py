"""What is taken for what: the tables in ``data``, read once and only as far as they are asked for."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache, cached_property
from itertools import product
from pathlib import Path
from typing import Any, NamedTuple

from qa.typo import lists

DATA = Path(__file__).with_name("data")
KINDS = ("同音", "近音", "拼音", "形近", "字码")
"""Bits of :attr:`Confused.kinds`: same sound, like sound, a slip in typing pinyin, look-alike, near five-stroke code."""
SAME, LIKE, SLIP, SHAPE, KEY = (1 << n for n in range(5))
_ALIKE_COST, _SOUNDING_COST = 2.4, 2.6
"""Costs of what only pycorrector's lists know."""
CODE, COSTS = 0x100, 40
"""Kinds and cost in one character of the file: ``chr(CODE + COSTS * kinds + 10 * cost)``."""
LIKELY = 80
"""How many of the neighbours of a character are its likeliest."""


class Confused(NamedTuple):
    """One character that may have been meant.

    Attributes:
        kinds: bits in the order of :data:`KINDS`.
        cost: minus log10 of how often it is what was meant.
    """

    char: str
    kinds: int
    cost: float


class Near(NamedTuple):
    """Neighbours of a character on one side, and the likeliest of them."""

    all: frozenset[str]
    likely: frozenset[str]


class Tables:
    """Confusions, words and neighbours of characters.

    Args:
        confusion: text of the file in ``data``.
        words, sounds, beside, doubles: paths of the others.
    """

    def __init__(self, confusion: str, words: Path, sounds: Path, beside: Path, doubles: Path) -> None:
        self._lines = _by_first(confusion)
        self._words = words
        self._sounds = sounds
        self._beside = beside
        self._doubles = doubles
        self._offers: dict[str, tuple[dict[str, tuple[int, float]], frozenset[str]]] = {}
        self._heard: dict[str, tuple[str, ...]] = {}

    @classmethod
    @cache
    def load(cls, folder: Path = DATA) -> Tables:
        """The tables of a folder.

        Raises:
            OSError: a file is missing.
        """
        return cls(
            _text(folder / "confusion.tsv", "utf-16-le"),
            folder / "words.tsv", folder / "sounds.tsv", folder / "beside.tsv", folder / "doubles.tsv",
        )  # fmt: skip

    @property
    def chars(self) -> Iterable[str]:
        """Characters that something is known of."""
        return self._lines.keys()

    def confused(self, char: str) -> tuple[Confused, ...]:
        """What may have been meant by a character, the likeliest first."""
        return tuple(Confused(one, kinds, cost) for one, (kinds, cost) in self.offers(char)[0].items())

    def offers(self, char: str) -> tuple[dict[str, tuple[int, float]], frozenset[str]]:
        """The same, to look up: kinds and cost of each character that may have been meant, and all these."""
        known = self._offers.get(char)
        if known is None:
            line = self._lines.get(char)
            found: dict[str, tuple[int, float]] = {}
            if line is not None:
                _, _, chars, codes = line.split("\t")
                found = dict(zip(chars, map(_decoded, codes), strict=True))
                for others, kind, cost in (
                    (lists.alike(char), SHAPE, _ALIKE_COST),
                    (lists.sounding(char), LIKE, _SOUNDING_COST),
                ):
                    for other in others:
                        if other != char and other in self._lines:
                            found.setdefault(other, (kind, cost))
            known = self._offers[char] = found, frozenset(found)
        return known

    @cached_property
    def words(self) -> Grouped:
        """Words and log2 of their counts."""
        return Grouped(_text(self._words))

    @cached_property
    def sounds(self) -> Sounds:
        """Words that have a sound."""
        return Sounds(_text(self._sounds))

    @cached_property
    def doubles(self) -> dict[str, str]:
        """Words of two characters and common ones that sound alike, parted by blanks."""
        lines = _text(self._doubles).replace("\n", "\t").split("\t")
        return dict(zip(lines[::2], lines[1::2], strict=False))

    @cached_property
    def after(self) -> Neighbours:
        """What follows a character."""
        return Neighbours(self._near, 1)

    @cached_property
    def before(self) -> Neighbours:
        """What goes before a character."""
        return Neighbours(self._near, 2)

    @cached_property
    def _near(self) -> dict[str, str]:
        return _by_first(_text(self._beside, "utf-16-le"))

    def heard(self, char: str) -> tuple[str, ...]:
        """Keys of the sounds of a character; none for what has no sound."""
        found = self._heard.get(char)
        if found is None:
            line = self._lines.get(char)
            found = self._heard[char] = () if line is None else tuple(line.split("\t", 2)[1])
        return found

    def keys(self, chars: Iterable[str]) -> list[str]:
        """Keys of the sound of a run of characters: one for each way to read it."""
        return ["".join(one) for one in product(*map(self.heard, chars))]


@cache
def _decoded(code: str) -> tuple[int, float]:
    """Kinds and cost of one character of the file."""
    kinds, cost = divmod(ord(code) - CODE, COSTS)
    return kinds, cost / 10


class Grouped(dict[str, float]):
    """A table whose file has one line for each first character; a line is read when it is first asked for.

    As a plain dictionary it holds what :meth:`of` or :meth:`whole` has read.

    Args:
        text: as :func:`grouped` writes it.
    """

    def __init__(self, text: str) -> None:
        super().__init__()
        self._lines = _by_first(text)

    def of(self, firsts: Iterable[str]) -> Grouped:
        """Itself, once all keys that begin with these characters are there."""
        lines = self._lines
        for first in firsts:
            line = lines.get(first)
            if line is not None:
                for item in line.split("\t")[1:]:
                    rest, _, value = item.partition(":")
                    self[first + rest] = float(value)
                lines.pop(first, None)  # last, for other threads
        return self

    def whole(self) -> Grouped:
        """Itself, all being there."""
        return self.of([*self._lines])


class Sounds:
    """Words by their sounds.

    Args:
        text: as :func:`grouped` writes it.
    """

    def __init__(self, text: str) -> None:
        self._lines = _by_first(text)

    def words(self, key: str) -> list[str]:
        """Words that have a sound, the commonest first."""
        line = self._lines.get(key[0])
        if line is None:
            return []
        at = line.find(f"\t{key[1:]}:")
        if at < 0:
            return []
        begin = at + len(key) + 1
        end = line.find("\t", begin)
        return line[begin : end if end >= 0 else None].split(" ")


class Neighbours(dict[str, Near]):
    """Those that follow a character, or go before it, made into sets when first asked for."""

    def __init__(self, lines: dict[str, str], column: int) -> None:
        super().__init__()
        self._lines = lines
        self._column = column

    def __missing__(self, char: str) -> Near:
        line = self._lines.get(char)
        found = "" if line is None else line.split("\t")[self._column]
        self[char] = near = Near(frozenset(found), frozenset(found[:LIKELY]))
        return near


def _text(path: Path, encoding: str = "utf-8") -> str:
    # Half the time of read_text, which looks for other ends of lines.
    return path.read_bytes().decode(encoding)


def _by_first(text: str) -> dict[str, str]:
    return {line[0]: line for line in text.split("\n") if line}


def grouped(items: Iterable[tuple[str, Any]]) -> str:
    """Lines for :class:`Grouped` and :class:`Sounds`, of keys in order and what they stand for."""
    lines: list[str] = []
    for key, value in items:
        if not lines or lines[-1][0] != key[0]:
            lines.append(key[0])
        lines[-1] += f"\t{key[1:]}:{value}"
    return "".join(f"{line}\n" for line in lines)
