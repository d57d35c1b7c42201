"""Discouraged wording: politics and society."""

from __future__ import annotations

from qa.finding import Level, Pass
from qa.lexicon import Match, terms
from qa.rule import Bad, Hit
from rules._standards import XINHUA
from rules.sensitive._table import judge, table


@terms(
    title="时政和社会生活类禁用、慎用表述",
    entries=table(__file__),
    level=Level.WARNING,
    passes=Pass.REVIEW2,
    basis=XINHUA["一、时政和社会生活类"],
    bad=(
        Bad("关爱⟦残废人⟧，办好民生实事。", "关爱残疾人，办好民生实事。"),
        Bad("积极融入⟦“一带一路”战略⟧。", "积极融入“一带一路”倡议。"),
        Bad("⟦前苏联⟧援建的项目有三个。", "苏联援建的项目有三个。"),
        Bad("街道开展迎⟦女神节⟧插花活动。", "街道开展迎国际妇女节插花活动。"),
    ),
    good=(
        "保障残疾人合法权益。",
        "共建“一带一路”倡议提出十年来，成果丰硕。",
        "黑瞎子岛口岸正式开通。",
        "节目单上有“瞎子阿炳”的二胡曲。",
        "学习《关于建国以来党的若干历史问题的决议》。",
        "成功防控流感，杜绝误差生产。",
    ),
)
def social_terms(match: Match) -> Hit | None:
    """对残疾人、来自不同地区和职业的群众使用蔑称，或沿用已经改变的政治提法，损害政府公信力。引号、书名号内的引用，以及早于提法改变的历史文本不报。"""
    return judge(match)
