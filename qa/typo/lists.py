"""Lists of the installed pycorrector: look-alikes, same sounds, places and persons; read from its folder, never copied.

The package itself is not imported (see :mod:`qa.typo.opinions`).  Where it is not installed, all lists are empty.
"""

from __future__ import annotations

import importlib.util
import math
from collections.abc import Mapping
from functools import cache
from pathlib import Path

LONGEST = 6
"""Characters of the longest name that is looked up."""
_PAIR, _DIGITS = 2, 12
_SUFFIXES = ("", "省", "市", "县", "区", "州", "镇", "乡", "村")


def folder() -> Path | None:
    """Folder of the installed pycorrector; ``None`` where there is none."""
    spec = importlib.util.find_spec("pycorrector")
    if spec is None or not spec.submodule_search_locations:
        return None
    return Path(next(iter(spec.submodule_search_locations)))


def _text(name: str) -> str:
    """One of its lists; empty where it cannot be read."""
    home = folder()
    if home is None:
        return ""
    try:
        return (home / "data" / name).read_bytes().decode("utf-8", errors="replace").replace("\r\n", "\n")
    except OSError:
        return ""


@cache
def _alike() -> dict[str, str]:
    """Characters and the groups they stand in."""
    found: dict[str, str] = {}
    for line in _text("same_stroke.txt").split("\n"):
        group = "".join(line.split())
        for char in group:
            found[char] = found.get(char, "") + group
    return found


@cache
def _sounds() -> dict[str, str]:
    return {line[0]: line for line in _text("same_pinyin.txt").split("\n") if line and line[0] != "#"}


def alike(char: str) -> str:
    """Characters written much like one; may hold itself, and some twice."""
    return _alike().get(char, "")


def sounding(char: str) -> str:
    """Characters of the same sound as one, whatever the tone."""
    return "".join(_sounds().get(char, "").split())


@cache
def names() -> Mapping[str, str]:
    """Places and persons and how often they were seen."""
    found: dict[str, str] = {}
    for name in ("place_name.txt", "person_name.txt"):
        lines = [line for line in _text(name).split("\n") if line]
        parts = "\t".join(lines).split("\t")
        if not "".join(parts[1::2]).isdecimal():  # some line is not like the others
            parts = [part for line in lines if len(pair := line.split("\t")) == _PAIR for part in pair]
        # The commonest come first in the file, and shall stay.
        found.update(zip(parts[-2::-2], parts[::-2], strict=True))
    return found


def named(text: str, begin: int, end: int) -> float:
    """How often the commonest name that covers a range was seen (log10 of one more); 0: there is none.

    A place is known with and without its last word: 石狮市, 石狮.
    """
    if begin < 0 or end > len(text):
        return 0.0
    known = names()
    best = 0
    for length in range(max(2, end - begin), LONGEST + 1):
        for at in range(max(0, end - length), min(begin, len(text) - length) + 1):
            word = text[at : at + length]
            for suffix in _SUFFIXES:
                number = known.get(word + suffix, "")
                if number.isdecimal() and len(number) <= _DIGITS:
                    best = max(best, int(number))
    return math.log10(1 + best)
