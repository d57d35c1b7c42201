"""Lists of the installed pycorrector: look-alikes, same sounds, places and persons; read from its folder, never copied.

The package itself is not imported (see :mod:`qa.typo.opinions`).  Where it is not installed, all lists are empty.
"""

from __future__ import annotations

import importlib.util
import math
import re
from collections.abc import Mapping
from functools import cache
from pathlib import Path

LONGEST = 6
"""Characters of the longest name that is looked up."""
_NAME = re.compile(rf"^(\S{{2,{LONGEST}}})\t(\d+)", re.MULTILINE)
_SHORT = re.compile(rf"^(\S{{2,{LONGEST}}})[省市县区州镇乡村]\t(\d+)", re.MULTILINE)


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
        return (home / "data" / name).read_text(encoding="utf-8", errors="replace")
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
    """Places and persons of two to :data:`LONGEST` characters and how often they were seen.

    A place stands with and without its last word: 石狮市, 石狮.
    """
    found: dict[str, str] = {}
    for name in ("person_name.txt", "place_name.txt"):
        text = _text(name)
        # The commonest come first in the file, and shall stay.
        found |= dict(reversed(_SHORT.findall(text)))
        found |= dict(reversed(_NAME.findall(text)))
    return found


def named(text: str, begin: int, end: int) -> float:
    """How often the commonest name that covers a range was seen (log10 of one more); 0: there is none."""
    if begin < 0 or end > len(text):
        return 0.0
    known = names()
    best = 0
    for length in range(max(2, end - begin), LONGEST + 1):
        for at in range(max(0, end - length), min(begin, len(text) - length) + 1):
            best = max(best, int(known.get(text[at : at + length], 0)))
    return math.log10(1 + best)
