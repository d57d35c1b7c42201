"""A city named with a province it does not lie in."""

from __future__ import annotations

from datetime import date
from functools import cache
from pathlib import Path

from qa.finding import Level, Pass
from qa.lexicon import Entry, Match, terms
from qa.rule import Bad, Hit
from rules._standards import INSPECTION
from rules.names._dates import is_past

_SURE = 3
"""City names at least this long need no 市 after them to be taken for the city."""

_MOVED = {"重庆": date(1997, 6, 18), "海口": date(1988, 4, 26), "三亚": date(1988, 4, 26)}
_OLD = date(1980, 1, 1)
"""Boundaries of provinces moved often before; texts about that time are left alone."""

_SUFFIXES = ("市", "自治州", "盟", "地区")


@cache
def _entries() -> tuple[Entry, ...]:
    lines = Path(__file__).with_suffix(".tsv").read_text(encoding="utf-8").splitlines()
    rows = [line.split("\t") for line in lines if not line.startswith("#")]
    homes = {city: province for province, cities in rows for city in cities.split()}
    provinces = [province for province, _ in rows if not province.endswith("市")]
    entries: list[Entry] = []
    for city, home in homes.items():
        full = city if city.endswith(_SUFFIXES) else city + "市"
        names = [full, city] if len(city) >= _SURE and full != city else [full]
        right = full if home == full else home + full
        for province in provinces:
            if province != home:
                entries.extend(
                    Entry(
                        province + name,
                        (right if name == full else right[: -len("市")],),
                        data={"city": city},
                    )
                    for name in names
                )
    return tuple(entries)


@terms(
    title="市、州归属的省份写错",
    entries=_entries(),
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
    city = match.entry.data["city"]
    if is_past(match.document, match.span, _MOVED.get(city, _OLD)):
        return None
    right = match.entry.right[0]
    return match.hit(f"“{match.entry.term}”归属有误，应为“{right}”")
