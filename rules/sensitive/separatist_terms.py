"""Separatist terms without quotation marks."""

from __future__ import annotations

from qa.finding import Level, Pass
from qa.lexicon import Match, terms
from qa.rule import Bad, Hit
from rules._standards import XINHUA
from rules.sensitive._table import judge, table


@terms(
    title="分裂势力用语未加引号",
    entries=table(__file__),
    level=Level.WARNING,
    passes=Pass.REVIEW2,
    basis=XINHUA["四、港澳台和领土主权类"],
    bad=(
        Bad("坚决反对⟦台独⟧分裂活动。", "坚决反对“台独”分裂活动。"),
        Bad("反对⟦一中一台⟧、两制并存的说法。", None),
    ),
    good=(
        "坚决反对“台独”分裂活动。",
        "推动平台独立运行，做好舞台独唱节目。",
        "馆藏独特，新疆独山子石化投产。",
        "第一中学采购复印机一台。",
    ),
)
def separatist_terms(match: Match) -> Hit | None:
    """反对分裂的论述是正当的，但“台独”“东突”等须加引号，以示不予承认。"""
    return judge(match)
