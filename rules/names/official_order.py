"""Officials listed out of the roster's order."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from qa.finding import Level, Pass
from qa.lexicon import Entry, Match, terms
from qa.patterns import lazy
from qa.rule import Bad, Good, Hit, Official, Pack, Settings
from rules._standards import EDITING
from rules.names._roster import by_name, day_of, in_force

_ROSTER = Settings(
    pack=Pack(
        officials=(
            Official("甲某乙", "市长", 1),
            Official("丙某丁", "副市长", 2),
            Official("戊某己", "副市长"),
            Official("庚某辛", "副市长", 1, until=date(2020, 1, 1)),
        )
    )
)
_GAP = lazy(r"[、，,\s]{1,3}$")


def _entries(settings: Settings) -> Sequence[Entry]:
    return [Entry(name) for name in by_name(settings)]


def _order(name: str, match: Match) -> int:
    day = day_of(match.document, match.settings)
    return min((one.order for one in by_name(match.settings).get(name, ()) if in_force(one, day)), default=0)


@terms(
    title="领导排序与名册不一致",
    entries=_entries,
    level=Level.WARNING,
    passes=Pass.REVIEW1,
    basis=EDITING["领导排序"],
    bad=(
        Bad("丙某丁、⟦甲某乙⟧出席会议。", settings=_ROSTER),
        Bad("丙某丁　⟦甲某乙⟧参加调研。", settings=_ROSTER),
    ),
    good=(
        Good("甲某乙、丙某丁、戊某己出席会议。", settings=_ROSTER),
        Good("戊某己、甲某乙出席会议；丙某丁讲话，会后甲某乙总结。", settings=_ROSTER),
        Good("丙某丁、庚某辛出席会议。", settings=_ROSTER),
    ),
)
def official_order(match: Match) -> Hit | None:
    """同一名单中领导排序有误，是检查和通报中常见的表述错误。

    只比较紧挨着的两个姓名；名册中没有填写次序（order）的不比较。
    """
    gap = _GAP.search(match.text, max(0, match.span.start - 3), match.span.start)
    if gap is None:
        return None
    mine = _order(match.entry.term, match)
    before = match.text[max(0, gap.start() - 8) : gap.start()]
    other = next((name for name in by_name(match.settings) if before.endswith(name)), "")
    if other and mine and _order(other, match) > mine:
        return match.hit(f"“{match.entry.term}”在名册中排在“{other}”之前，请核对排序")
    return None
