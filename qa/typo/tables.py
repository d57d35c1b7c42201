"""What is taken for what: the tables in ``data``, read once and only as far as they are asked for."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache, cached_property
from itertools import product
from pathlib import Path
from typing import NamedTuple

from qa.typo import lists

DATA = Path(__file__).with_name("data")
KINDS = ("同音", "近音", "拼音", "形近", "字码")
"""Bits of :attr:`Confused.kinds`: same sound, like sound, a slip in typing pinyin, look-alike, near five-stroke code."""
SAME, LIKE, SLIP, SHAPE, KEY = (1 << n for n in range(5))
_ALIKE_COST, _SOUNDING_COST = 2.4, 2.6
"""Costs of what only pycorrector's lists know."""


class Confused(NamedTuple):
    """One character that may have been meant.

    Attributes:
        kinds: bits in the order of :data:`KINDS`.
        cost: minus log10 of how often it is what was meant.
    """

    char: str
    kinds: int
    cost: float


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
        self._known: dict[str, tuple[Confused, ...]] = {}
        self._doubles = doubles

    @classmethod
    @cache
    def load(cls, folder: Path = DATA) -> Tables:
        """The tables of a folder.

        Raises:
            OSError: a file is missing.
        """
        return cls(
            (folder / "confusion.tsv").read_text(encoding="utf-8"),
            folder / "words.tsv", folder / "sounds.tsv", folder / "beside.tsv", folder / "doubles.tsv",
        )  # fmt: skip

    def confused(self, char: str) -> tuple[Confused, ...]:
        """What may have been meant by a character, the likeliest first."""
        found = self._known.get(char)
        if found is None:
            line = self._lines.get(char)
            found = ()
            if line is not None:
                _, _, chars, kinds, costs = line.split("\t")
                own = {
                    one: Confused(one, ord(kind) - 64, (ord(cost) - 48) / 10)
                    for one, kind, cost in zip(chars, kinds, costs, strict=True)
                }
                for others, kind, cost in (
                    (lists.alike(char), SHAPE, _ALIKE_COST),
                    (lists.sounding(char), LIKE, _SOUNDING_COST),
                ):
                    for other in others:
                        if other != char and other in self._lines:
                            own.setdefault(other, Confused(other, kind, cost))
                found = tuple(own.values())
            self._known[char] = found
        return found

    @cached_property
    def words(self) -> dict[str, float]:
        """Words and log2 of their counts."""
        lines = self._words.read_text(encoding="utf-8").split()
        return dict(zip(lines[::2], map(float, lines[1::2]), strict=True))

    @cached_property
    def sounds(self) -> dict[str, str]:
        """Keys of sounds and the words that have them, parted by blanks."""
        lines = self._sounds.read_text(encoding="utf-8").replace("\n", "\t").split("\t")
        return dict(zip(lines[::2], lines[1::2], strict=False))

    @cached_property
    def doubles(self) -> dict[str, str]:
        """Words of two characters and common ones that sound alike, parted by blanks."""
        lines = self._doubles.read_text(encoding="utf-8").replace("\n", "\t").split("\t")
        return dict(zip(lines[::2], lines[1::2], strict=False))

    @cached_property
    def beside(self) -> dict[str, tuple[frozenset[str], frozenset[str]]]:
        """Characters and the sets of those that follow and that go before them."""
        return _Beside(self._beside.read_text(encoding="utf-16-le"))

    def keys(self, chars: Iterable[str]) -> list[str]:
        """Keys of the sound of a run of characters: one for each way to read it."""
        options = []
        for char in chars:
            line = self._lines.get(char)
            if line is None:
                return []
            options.append(line.split("\t", 2)[1])
        return ["".join(one) for one in product(*options)]


class _Beside(dict[str, tuple[frozenset[str], frozenset[str]]]):
    """Neighbours, made into sets when first asked for."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self._lines = {line[0]: line for line in text.split("\n") if line}

    def __missing__(self, char: str) -> tuple[frozenset[str], frozenset[str]]:
        line = self._lines.get(char)
        if line is None:
            found = (frozenset[str](), frozenset[str]())
        else:
            _, after, before = line.split("\t")
            found = (frozenset(after), frozenset(before))
        self[char] = found
        return found
