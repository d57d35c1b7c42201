"""Word boundaries: the only module that imports spaCy, and only when a hit asks for it.

Most hits never need the segmenter: it is asked only where some word of jieba's dictionary
really crosses an edge of the hit (平台 and 独立 across 台独).  That test bisects the sorted
dictionary file in place, which costs microseconds and no import.
"""

from __future__ import annotations

import importlib.util
import logging
import mmap
import os
import tempfile
from collections.abc import Callable
from functools import cache, lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from qa.source import Span

if TYPE_CHECKING:
    from spacy.language import Language

_LONGEST = 6
"""Longest dictionary word, in characters, that is tried across an edge."""


@cache
def _dictionary() -> Callable[[str], tuple[int, str] | None]:
    """A look-up in jieba's sorted dictionary file, without importing jieba."""
    spec = importlib.util.find_spec("jieba")
    assert spec is not None
    assert spec.submodule_search_locations is not None
    path = Path(spec.submodule_search_locations[0]) / "dict.txt"
    with path.open("rb") as stream:
        data = mmap.mmap(stream.fileno(), 0, access=mmap.ACCESS_READ)
    size = len(data)

    def entry(word: str) -> tuple[int, str] | None:
        key = word.encode()
        low, high = 0, size
        while low < high:
            middle = (low + high) // 2
            start = data.rfind(b"\n", 0, middle) + 1
            end = data.find(b" ", start)
            found = data[start:end] if end >= 0 else b""
            if found == key:
                after = data.find(b"\n", end)
                number, _, tag = data[end + 1 : after if after >= 0 else size].strip().partition(b" ")
                return int(number), tag.decode()
            if found < key:
                after = data.find(b"\n", start)
                low = after + 1 if after >= 0 else size
            else:
                high = start
        return None

    return entry


@lru_cache(maxsize=65536)
def entry(word: str) -> tuple[int, str] | None:
    """Count and part of speech (ICTCLAS tags: ``ns`` place, ``nr`` person …) of a word in jieba's dictionary."""
    return _dictionary()(word)


def known(word: str) -> bool:
    """Whether jieba's dictionary holds a word."""
    return entry(word) is not None


def crosses(text: str, span: Span) -> bool:
    """Whether a dictionary word reaches over an edge of ``span``, or holds it as a part."""
    start, end = span
    for low in range(max(0, start - _LONGEST + 1), end):
        for high in range(max(low + 2, start + 1), min(len(text), low + _LONGEST) + 1):
            outside = low < start or high > end
            touches = high > start and low < end
            if outside and touches and known(text[low:high]):
                return True
    return False


def _cache_folder() -> str | None:
    """A folder of the user's own for jieba's cache; ``None`` where there is none to be had."""
    from platformdirs import user_cache_path

    folder = user_cache_path("shenjiao", appauthor=False)
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        if hasattr(os, "getuid") and (folder.stat().st_uid != os.getuid() or folder.stat().st_mode & 0o022):
            return None
    except OSError:
        return None
    return str(folder)


@cache
def _segmenter() -> Language:
    """SpaCy's blank Chinese pipeline over jieba; about a second to load."""
    import jieba

    jieba.setLogLevel(logging.ERROR)
    folder = _cache_folder()
    if folder is None:
        # No safe place: a private folder for this process, never the shared temporary folder.
        folder = tempfile.mkdtemp(prefix="shenjiao-")
    jieba.dt.tmp_dir = folder
    from spacy.lang.zh import Chinese

    return Chinese.from_config({"nlp": {"tokenizer": {"segmenter": "jieba"}}})


@lru_cache(maxsize=4096)
def edges(sentence: str) -> frozenset[int]:
    """Offsets at which words of a sentence begin or end."""
    found = {0}
    at = 0
    for token in _segmenter()(sentence):
        at = token.idx + len(token.text)
        found.update((token.idx, at))
    return frozenset(found)


def is_word(text: str, span: Span, sentence: Span) -> bool:
    """Whether ``span`` stands on word boundaries of its sentence.

    The segmenter decides, but is asked only where :func:`crosses` sees a dictionary word over
    an edge; elsewhere nothing speaks against the boundary.
    """
    if not crosses(text, span):
        return True
    places = edges(text[sentence.start : sentence.end])
    return span.start - sentence.start in places and span.end - sentence.start in places
