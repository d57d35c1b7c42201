"""Wrong forms of the names of country, party and organs of state."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from qa.finding import Level, Pass
from qa.lexicon import Entry, Match, read_toml, terms
from qa.rule import Bad, Hit
from rules._standards import INSPECTION
from rules.names._nearmiss import OTHER, Phrase, describe, entries_of, near_misses

_NAMES = ("中华人民共和国", "中国共产党", "中国人民解放军", "中国人民政治协商会议", "全国人民代表大会")
_NEVER = ("我国人民解放军", "全国人大代表大会")


@cache
def _entries() -> tuple[Entry, ...]:
    listed = read_toml(Path(__file__).with_suffix(".toml"))
    spelled = {entry.term for entry in listed}
    near = entries_of([Phrase(name, allowed=tuple(spelled), strict=True) for name in _NAMES], _NEVER)
    return (*listed, *near)


@terms(
    title="国名、党名、国家机构名称写错",
    entries=_entries(),
    overlapping=True,
    level=Level.ERROR,
    passes=Pass.REVIEW1,
    basis=INSPECTION["严重表述错误"],
    score_item="VETO-SEC-1",
    bad=(
        Bad("庆祝⟦中共人民共和国⟧成立七十五周年。", "庆祝中华人民共和国成立七十五周年。"),
        Bad("根据《⟦中华人民共合国⟧土地管理法》", "根据《中华人民共和国土地管理法》"),
        Bad("在⟦中国产党⟧领导下", "在中国共产党领导下"),
        Bad("⟦中华人民共和固⟧主席", "中华人民共和国主席"),
        Bad("⟦中华人民供和国⟧成立", "中华人民共和国成立"),
        Bad("县⟦人民攻府⟧公告", "县人民政府公告"),
    ),
    good=(
        "中华人民共和国成立以来，老挝人民民主共和国、蒙古人民共和国先后同我国建交。",
        "中国共产主义青年团在中国共产党领导下工作。",
        "1933年成立的中华共和国人民革命政府",
        "新中国人民生活蒸蒸日上，我国人民解放军保卫和平，中国人民解放台湾。",
    ),
)
def country_party_names(match: Match) -> Hit | None:
    """国名、党名和国家机构名称写错，是检查指标所列“严重表述错误”，可以单项否决。

    常见错法逐一列出；其余按相差一处判断，凡另有其词的一律不报。
    """
    if match.entry.note:
        return match.hit(f"“{match.entry.term}”：{match.entry.note.removesuffix('。')}")
    for miss in near_misses(match):
        level = Level.WARNING if miss.kind == OTHER else Level.ERROR
        return describe(miss, match.text[miss.span.start : miss.span.end], level)
    return None
