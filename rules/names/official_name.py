"""Names of officials one slip away from the roster."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from qa.finding import Level, Pass
from qa.lexicon import Entry, Match, terms
from qa.rule import Bad, Good, Hit, Official, Pack, Settings
from rules._standards import INSPECTION
from rules.names._nearmiss import LOST, SWAP, Phrase, variants
from rules.names._roster import ROLE_LEFT, ROLE_RIGHT, by_name, day_of, holds, in_force, parts

_ROSTER = Settings(
    pack=Pack(
        officials=(
            Official("甲某乙", "市委副书记、市长", 2, since=date(2021, 1, 1)),
            Official("丙某丁", "副市长", 3),
            Official("戊某", "县长", 1, until=date(2020, 12, 31)),
        )
    )
)


def _entries(settings: Settings) -> Sequence[Entry]:
    names = by_name(settings)
    entries: list[Entry] = []
    for name in names:
        wrong = variants(Phrase(name, strict=True))
        if len(name) > 2:
            wrong.setdefault(name[:-2] + name[-1] + name[-2], SWAP)
            wrong.setdefault(name[:-2] + name[-1], LOST)
        entries.extend(
            Entry(
                form, (name,), contexts=tuple(other for other in names if form in other), data={"kind": kind}
            )
            for form, kind in wrong.items()
            if form not in names
        )
    return entries


@terms(
    title="领导姓名与名册相差一字",
    entries=_entries,
    level=Level.ERROR,
    passes=Pass.REVIEW1,
    basis=INSPECTION["严重表述错误"],
    score_item="VETO-SEC-1",
    bad=(
        Bad("市长⟦甲某已⟧主持会议。", "市长甲某乙主持会议。", settings=_ROSTER),
        Bad("市委副书记、市长⟦甲乙某⟧讲话。", "市委副书记、市长甲某乙讲话。", settings=_ROSTER),
        Bad("市长⟦甲乙⟧出席。", "市长甲某乙出席。", settings=_ROSTER),
        Bad("⟦并某丁⟧同志参加。", "丙某丁同志参加。", settings=_ROSTER),
    ),
    good=(
        Good("市长甲某乙、副市长丙某丁出席。", settings=_ROSTER),
        Good("村民甲某已领取补助。", settings=_ROSTER),
        Good("2022年3月1日，县长戊谋到任。", settings=_ROSTER),
        "没有名册时，市长甲某已主持会议。",
    ),
)
def official_name(match: Match) -> Hit | None:
    """把领导姓名写错属于严重表述错误。名册由各站点自行维护，工具不内置任何姓名。

    只在姓名紧邻职务、而且与名册差一字（音近、形近、颠倒、漏字）时报，避免误伤同音的普通群众姓名；职务也相同的报错误，职务不同的可能另有其人，只报警告。
    """
    text, span, name = match.text, match.span, match.entry.right[0]
    kind = match.entry.data["kind"]
    left = ROLE_LEFT.search(text[max(0, span.start - 20) : span.start])
    if not (left or (kind != LOST and ROLE_RIGHT.match(text, span.end))):
        return None
    day = day_of(match.document, match.settings)
    lines = [official for official in by_name(match.settings)[name] if in_force(official, day)]
    if not lines:
        return None
    same = left is not None and any(holds(post, left["role"]) for line in lines for post in parts(line))
    level = Level.ERROR if same else Level.WARNING
    return match.hit(f"“{match.entry.term}”疑为名册中的“{name}”（{kind}）", level=level)
