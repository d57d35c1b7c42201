"""Officials given a post the roster does not give them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from qa.finding import Level, Pass
from qa.lexicon import Entry, Match, terms
from qa.patterns import lazy
from qa.rule import Bad, Good, Hit, Official, Pack, Settings
from qa.source import Span
from rules._standards import INSPECTION
from rules.names._roster import ROLE_LEFT, by_name, day_of, holds, in_force, parts

_ROSTER = Settings(
    pack=Pack(
        officials=(
            Official("甲某乙", "市委副书记、市长", 2, since=date(2021, 1, 1)),
            Official("甲某乙", "副市长", 3, until=date(2020, 12, 31)),
            Official("丙某丁", "常务副市长", 3),
        )
    )
)
_CLAUSE = lazy(r"[，。；：！？\n]")
_PARTY = ("省委", "市委", "县委", "区委", "州委", "旗委", "镇党委", "乡党委", "党工委")
_PAST = ("原", "时任", "前任", "曾任")


def _entries(settings: Settings) -> Sequence[Entry]:
    return [Entry(name) for name in by_name(settings)]


@terms(
    title="领导职务与名册不符",
    entries=_entries,
    level=Level.WARNING,
    passes=Pass.REVIEW1,
    basis=INSPECTION["领导信息"],
    bad=(
        Bad("⟦副市长⟧甲某乙主持会议。", settings=_ROSTER),
        Bad("<p>⟦市长⟧甲某乙主持会议。</p><p>2019年5月1日</p>", settings=_ROSTER),
        Bad("⟦市委书记⟧丙某丁讲话。", settings=_ROSTER),
    ),
    good=(
        Good("市委副书记、市长甲某乙，副市长丙某丁，常务副市长丙某丁出席。", settings=_ROSTER),
        Good("<p>副市长甲某乙主持会议。</p><p>2019年5月1日</p>", settings=_ROSTER),
        Good("时任副市长甲某乙回忆，市政府党组书记甲某乙。", settings=_ROSTER),
        Good("会议由甲某乙主持。", settings=_ROSTER),
        Good(
            "<p>市长戊某己</p><p>2025年1月1日</p>",
            settings=Settings(pack=Pack(officials=(Official("戊某己", "镇长", until=date(2020, 1, 1)),))),
        ),
    ),
)
def official_title(match: Match) -> Hit | None:
    """领导职务写错、升降错位，是领导信息“不准确”的扣分项。

    只看紧邻姓名之前的职务；名册里按任职起止日期逐条登记，带“原”“时任”的不报。
    """
    text, span = match.text, match.span
    left = text[max(0, span.start - 20) : span.start]
    found = ROLE_LEFT.search(left)
    if found is None:
        return None
    body, role = found["body"], found["role"]
    before = _CLAUSE.split(left[: found.start("role")])[-1]
    if any(word in before for word in _PAST):
        return None
    if role.endswith("书记"):
        if not before.endswith(_PARTY):
            return None
        body = next(word for word in _PARTY if before.endswith(word))
    else:
        body = ""
    day = day_of(match.document, match.settings)
    lines = [one for one in by_name(match.settings)[match.entry.term] if in_force(one, day)]
    if not lines or any(holds(post, role) for one in lines for post in parts(one)):
        return None
    start = span.start - len(left) + found.start("role") - len(body)
    titles = "；".join(one.title for one in lines)
    return Hit(
        Span(start, start + len(body) + len(role)),
        f"“{body}{role}”与名册不符：{match.entry.term}现任{titles}",
    )
