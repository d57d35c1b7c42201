"""A city named with a province it does not lie in."""

from __future__ import annotations

from collections import defaultdict
from datetime import date
from functools import cache
from pathlib import Path
from typing import NamedTuple

from qa.finding import Level, Pass
from qa.lexicon import Entry, Match, terms
from qa.rule import Bad, Hit, Settings
from qa.source import Span
from rules._standards import INSPECTION
from rules.names._dates import is_past

_SURE = 3
"""City names at least this long need no 市 after them to be taken for the city."""

_MOVED = {"重庆": date(1997, 6, 18), "海口": date(1988, 4, 26), "三亚": date(1988, 4, 26)}
_OLD = date(1980, 1, 1)
"""Boundaries of provinces moved often before; texts about that time are left alone."""

_SUFFIXES = ("市", "自治州", "盟", "地区")


class _City(NamedTuple):
    """A prefecture-level place: the names it goes by, longest first, and the province it lies in."""

    names: tuple[str, ...]
    city: str
    home: str


@cache
def _rows() -> tuple[tuple[str, tuple[str, ...]], ...]:
    lines = Path(__file__).with_suffix(".tsv").read_text(encoding="utf-8").splitlines()
    rows = (line.split("\t") for line in lines if not line.startswith("#"))
    return tuple((province, tuple(cities.split())) for province, cities in rows)


@cache
def _cities() -> dict[str, tuple[_City, ...]]:
    """Places by the first two characters of their names."""
    found: defaultdict[str, list[_City]] = defaultdict(list)
    for home, cities in _rows():
        for city in cities:
            full = city if city.endswith(_SUFFIXES) else city + "市"
            names = (full, city) if len(city) >= _SURE and full != city else (full,)
            found[city[:2]].append(_City(names, city, home))
    return {key: tuple(group) for key, group in found.items()}


def _entries(_: Settings) -> tuple[Entry, ...]:
    return tuple(Entry(province) for province, _ in _rows() if not province.endswith("市"))


@terms(
    title="市、州归属的省份写错",
    entries=_entries,
    level=Level.ERROR,
    passes=Pass.REVIEW1,
    basis=INSPECTION["严重表述错误"],
    bad=(
        Bad("在⟦湖北省张家界⟧举办旅游推介会。", "在湖南省张家界举办旅游推介会。"),
        Bad("考察团赴⟦四川省重庆市⟧学习。", "考察团赴重庆市学习。"),
        Bad("对口帮扶⟦四川省西双版纳傣族自治州⟧。", "对口帮扶云南省西双版纳傣族自治州。"),
    ),
    good=(
        "在湖南省张家界举办旅游推介会。",
        "北京市广安门外大街",
        "1985年，四川省重庆市设立开发区。",
        "四川省、重庆市共建双城经济圈。",
    ),
)
def place_affiliation(match: Match) -> Hit | None:
    """把外省的市、州写到本省名下，是通报中点名的事实性表述错误。

    只在省名与市、州名直接相连时判断；叙述行政区划变动以前的历史不报。
    """
    text, (start, end), province = match.text, match.span, match.entry.term
    for place in _cities().get(text[end : end + 2], ()):
        name = next((name for name in place.names if text.startswith(name, end)), "")
        if name and place.home != province:
            span = Span(start, end + len(name))
            if is_past(match.document, span, _MOVED.get(place.city, _OLD)):
                return None
            full = place.names[0]
            right = full if full == place.home else place.home + name
            return Hit(span, f"“{province}{name}”归属有误，应为“{right}”", fix=right)
    return None
