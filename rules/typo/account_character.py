"""账 and 帐."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from qa.finding import Level, Pass
from qa.lexicon import Match, read_tsv, terms
from qa.rule import Bad, Hit
from rules._standards import DICTIONARY
from rules.names._dates import out_of_force

_SINCE = date(2002, 3, 31)
"""Until the table of variant forms took effect both characters were in common use."""

_ENTRIES = read_tsv(Path(__file__).with_suffix(".tsv"))


@terms(
    title="“账”与“帐”混用",
    entries=_ENTRIES,
    level=Level.WARNING,
    passes=Pass.PROOF1,
    basis=DICTIONARY[""],
    bad=(
        Bad("<p>建立工作⟦台帐⟧，核对银行⟦帐户⟧。</p>", "<p>建立工作台账，核对银行账户。</p>"),
        Bad("<p>发放救灾⟦蚊账⟧。</p>", "<p>发放救灾蚊帐。</p>"),
    ),
    good=(
        "<p>建立台账，发放帐篷。</p>",
        "<p>全省实际到帐篷三百顶。</p>",
        "<p>实行社会统筹和个人帐户相结合。</p><p>1995年3月10日</p>",
    ),
)
def account_character(match: Match) -> Hit | None:
    """与货币、货物有关的写“账”（账户、台账、对账），用布料做的遮蔽物写“帐”（帐篷、蚊帐）。

    旧法规条文里仍有“帐簿”“帐户”等写法，引用原文时可以保留；2002年3月以前的文本不报。
    """
    return None if out_of_force(match.document, _SINCE) else match.hit()
