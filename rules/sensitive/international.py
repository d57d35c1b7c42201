"""Discouraged wording: foreign relations."""

from __future__ import annotations

from qa.finding import Level, Pass
from qa.lexicon import Match, terms
from qa.rule import Bad, Hit
from rules._standards import XINHUA
from rules.sensitive._table import judge, table


@terms(
    title="国际关系类禁用、慎用表述",
    entries=table(__file__),
    level=Level.WARNING,
    passes=Pass.REVIEW2,
    basis=XINHUA["五、国际关系类"],
    bad=(
        Bad("⟦北朝鲜⟧代表团来访。", "朝鲜代表团来访。"),
        "我国是⟦世贸组织成员国⟧。",
        Bad("联合国与⟦黑非洲⟧国家合作。", "联合国与撒哈拉以南非洲国家合作。"),
    ),
    good=(
        "朝鲜代表团来访。",
        "我国是世贸组织成员。",
        "开展打黑、非洲猪瘟防控两项行动。",
        "武汉城市圈建设加快，韩国企业入驻。",
        "瓦锡兰公司在珠海设厂。",
    ),
)
def international(match: Match) -> Hit | None:
    """国名、地区名和国际组织成员的称谓涉及外交立场；有地区参加的组织称“成员”，不称“成员国”。"""
    return judge(match)
