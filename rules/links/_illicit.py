"""Gambling and the like, told by the words of a link or title, or by a host's name."""

from __future__ import annotations

from functools import cache, lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import tomli

if TYPE_CHECKING:
    from ahocorasick_rs import AhoCorasick

_FULL = str.maketrans({code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)} | {0x3000: 32})
_NOISE = str.maketrans(dict.fromkeys(" \t\n\r\u00a0\u200b\u200c\u200d\ufeff·・•.。_*|【】[]", None))
_LONGEST_HOST = 300
"""Characters of a host; DNS allows 253, then comes the port."""


class Illicit(NamedTuple):
    """What a text was found to be about.

    Attributes:
        word: as the list has it.
        topic: 赌博, 色情, 私服 …
        words: how many different words spoke for it.
    """

    word: str
    topic: str
    words: int


class _Lists:
    def __init__(self) -> None:
        data: dict[str, Any] = tomli.loads(
            (Path(__file__).parent / "illicit.toml").read_text(encoding="utf-8")
        )
        self.topics = {
            word: topic for kind in ("weak", "plain") for topic, words in data[kind].items() for word in words
        }
        self.plain = frozenset(word for words in data["plain"].values() for word in words)
        self.official: tuple[str, ...] = tuple(data["official"]["words"])
        self.hosts: tuple[str, ...] = tuple(data["hosts"]["parts"])
        self.known = frozenset(data["hosts"]["known"])
        self.words = list(self.topics)

    @cache  # noqa: B019 - there is one object of this class
    def scanner(self) -> AhoCorasick:
        from ahocorasick_rs import AhoCorasick, MatchKind

        return AhoCorasick(self.words, matchkind=MatchKind.LeftmostLongest)


@cache
def _lists() -> _Lists:
    return _Lists()


def plain_text(text: str) -> str:
    """A text as its words are looked for: half width, lower case, without blanks and stops."""
    return text.translate(_FULL).translate(_NOISE).lower()


@lru_cache(maxsize=4096)
def illicit(text: str, *, suspect: bool = False) -> Illicit | None:
    """What a link text or title is about, where that is illicit.

    Args:
        text: a few words; official contexts (“打击……”, “福利彩票”) make it harmless.
        suspect: where it stands is suspicious in itself (hidden, in a comment): one weak word is enough.
    """
    lists = _lists()
    text = plain_text(text)
    found = set(lists.scanner().find_matches_as_strings(text))
    if not found:
        return None
    plain = sorted(found & lists.plain)
    if not plain and not suspect and len({lists.topics[word] for word in found}) == len(found):
        return None
    if any(word in text for word in lists.official):
        return None
    word = min(plain or found, key=text.find)
    return Illicit(word, lists.topics[word], len(found))


@lru_cache(maxsize=4096)
def illicit_host(host: str) -> str:
    """The part of a host's name that gives it away; empty for others, and for official and school sites."""
    host = host.lower()
    if official_host(host):
        return ""
    return next((part for part in _lists().hosts if part in host), "")


@lru_cache(maxsize=4096)
def official_host(host: str) -> bool:
    """Whether a host is a government's, a school's or the like."""
    host = host.partition(":")[0].rstrip(".").lower()
    return host.endswith((".gov.cn", ".edu.cn", ".mil.cn", ".政务", ".政务.cn", ".公益")) or host in (
        "gov.cn",
        "edu.cn",
    )


@lru_cache(maxsize=4096)
def known_host(host: str) -> bool:
    """Whether a host belongs to a medium or service that every site links to."""
    if len(host) > _LONGEST_HOST:
        return False
    known = _lists().known
    host = host.partition(":")[0].rstrip(".").lower()
    while host:
        if host in known:
            return True
        host = host.partition(".")[2]
    return False


def literals() -> tuple[str, ...]:
    """Words of which at least one stands in every text that is illicit by itself, for a rule's ``needs``."""
    lists = _lists()
    return tuple(dict.fromkeys(form for word in lists.words for form in (word, word.upper())))
