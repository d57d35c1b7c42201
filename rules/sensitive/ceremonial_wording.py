"""Ceremonial wording about leaders and meetings."""

from __future__ import annotations

from qa.finding import Level, Pass
from qa.lexicon import Match, terms
from qa.rule import Bad, Hit
from rules._standards import XINHUA
from rules.sensitive._table import judge, table


@terms(
    title="领导活动报道的慎用表述",
    entries=table(__file__),
    level=Level.NOTE,
    passes=Pass.REVIEW2,
    basis=XINHUA["一、时政和社会生活类"],
    bad=(
        "主要领导⟦亲自抓⟧、负总责。",
        Bad("我镇⟦隆重召开⟧招商引资动员大会。", "我镇召开招商引资动员大会。"),
    ),
    good=(
        "习近平总书记亲自谋划、亲自部署、亲自推动。",
        "会议召开后，各部门抓好落实。",
        "庆祝中国共产党成立一百周年大会隆重召开。",
    ),
)
def ceremonial_wording(match: Match) -> Hit | None:
    """“亲自”“隆重召开”“莅临”等词在政务信息中多属客套或过誉。其中“亲自抓”是政务惯用语，只作提示，不是错误。"""
    return judge(match)
