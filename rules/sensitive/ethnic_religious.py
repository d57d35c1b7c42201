"""Discouraged wording: ethnic groups and religion."""

from __future__ import annotations

from qa.finding import Level, Pass
from qa.lexicon import Match, terms
from qa.rule import Bad, Hit
from rules._standards import XINHUA
from rules.sensitive._table import judge, table


@terms(
    title="民族宗教类禁用、慎用表述",
    entries=table(__file__),
    level=Level.WARNING,
    passes=Pass.REVIEW2,
    basis=XINHUA["三、民族宗教类"],
    bad=(
        Bad("村里有汉、⟦蒙族⟧群众。", "村里有汉、蒙古族群众。"),
        Bad("⟦维族⟧群众载歌载舞。", "维吾尔族群众载歌载舞。"),
        Bad("全村信仰⟦回教⟧。", "全村信仰伊斯兰教。"),
    ),
    good=(
        "朝鲜族群众欢度节日。",
        "推进碳纤维族群产业发展。",
        "呼和浩特市回民区人民政府",
        "全县日产日清，做到垃圾桶满清运。",
        "收回教育用地三宗。",
    ),
)
def ethnic_religious(match: Match) -> Hit | None:
    """民族名称不得随意简称，不得使用旧社会流传的侮辱性称呼，也不得把宗教与民族混为一谈；这类错误影响民族团结。"""
    return judge(match)
