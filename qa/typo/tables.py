"""What is taken for what: the tables in ``data``, read once and only as far as they are asked for."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import cache, cached_property
from itertools import product
from pathlib import Path
from typing import Any, Generic, NamedTuple, TypeVar

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

V = TypeVar("V")


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
    """Neighbours of a character: those that follow and that go before it, and the likeliest of each."""

    after: frozenset[str]
    before: frozenset[str]
    likely_after: frozenset[str]
    likely_before: frozenset[str]


class Tables:
    """Confusions, words and neighbours of characters.

    Args:
        confusion: text of the file in ``data``.
        words, sounds, beside, doubles: paths of the others.
    """

    def __init__(self, confusion: str, words: Path, sounds: Path, beside: Path, doubles: Path) -> None:
        self._lines = {line[0]: line for line in confusion.split("\n") if line}
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
            (folder / "confusion.tsv").read_text(encoding="utf-16-le"),
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
    def words(self) -> Grouped[float]:
        """Words and log2 of their counts."""
        return Grouped(self._words.read_text(encoding="utf-8"), float)

    @cached_property
    def sounds(self) -> Grouped[str]:
        """Keys of sounds and the words that have them, parted by blanks."""
        return Grouped(self._sounds.read_text(encoding="utf-8"), str)

    @cached_property
    def doubles(self) -> dict[str, str]:
        """Words of two characters and common ones that sound alike, parted by blanks."""
        lines = self._doubles.read_text(encoding="utf-8").replace("\n", "\t").split("\t")
        return dict(zip(lines[::2], lines[1::2], strict=False))

    @cached_property
    def beside(self) -> dict[str, Near]:
        """Characters and their neighbours."""
        return _Beside(self._beside.read_text(encoding="utf-16-le"))

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


class Grouped(dict[str, V], Generic[V]):
    """A table whose file has one line for each first character; a line is read when it is first asked for.

    As a plain dictionary it holds what :meth:`of` or :meth:`whole` has read.

    Args:
        text: lines of a first character and, with tabs between, the rest of each key and what it stands for.
        make: turns what stands in the file into a value.
    """

    def __init__(self, text: str, make: Callable[[str], V]) -> None:
        super().__init__()
        self._lines = {line[0]: line for line in text.split("\n") if line}
        self._make = make

    def of(self, firsts: Iterable[str]) -> Grouped[V]:
        """Itself, once all keys that begin with these characters are there."""
        lines = self._lines
        for first in firsts:
            if first in lines:
                parts = lines.pop(first).split("\t")
                for rest, value in zip(parts[1::2], parts[2::2], strict=True):
                    self[first + rest] = self._make(value)
        return self

    def whole(self) -> Grouped[V]:
        """Itself, all being there."""
        return self.of([*self._lines])


class _Beside(dict[str, Near]):
    """Neighbours, made into sets when first asked for."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self._lines = {line[0]: line for line in text.split("\n") if line}

    def __missing__(self, char: str) -> Near:
        line = self._lines.get(char)
        _, after, before = ("", "", "") if line is None else line.split("\t")
        found = self[char] = Near(
            frozenset(after), frozenset(before), frozenset(after[:LIKELY]), frozenset(before[:LIKELY])
        )
        return found


def grouped(items: Iterable[tuple[str, Any]]) -> str:
    """What :class:`Grouped` reads, of keys in order and their values."""
    lines: list[str] = []
    for key, value in items:
        if not lines or lines[-1][0] != key[0]:
            lines.append(key[0])
        lines[-1] += f"\t{key[1:]}\t{value}"
    return "".join(f"{line}\n" for line in lines)
