"""Discouraged wording: law and office."""

from __future__ import annotations

from qa.finding import Level, Pass
from qa.lexicon import Match, terms
from qa.rule import Bad, Hit
from rules._standards import XINHUA
from rules.sensitive._table import judge, table


@terms(
    title="法律法规类禁用、慎用表述",
    entries=table(__file__),
    level=Level.WARNING,
    passes=Pass.REVIEW2,
    basis=XINHUA["二、法律法规类"],
    bad=(
        Bad("警方抓获⟦罪犯嫌疑人⟧两名。", "警方抓获犯罪嫌疑人两名。"),
        Bad("时任⟦全国人大副委员长⟧出席会议。", "时任全国人大常委会副委员长出席会议。"),
        "中共福建⟦省省委⟧书记讲话。",
        Bad("聘请两名⟦社区服刑人员⟧监督员。", "聘请两名社区矫正对象监督员。"),
    ),
    good=(
        "抓获犯罪嫌疑人两名。",
        "大学生村官扎根基层。",
        "完善农村长效管护机制。",
        "各级法院院长、检察院检察长参加。",
        "1998年以前，外来人员须办理暂住证。",
        "香港特别行政区审计署署长由行政长官提名。",
        "建立河长、村长联动机制。",
    ),
)
def legal_terms(match: Match) -> Hit | None:
    """未经判决称“罪犯”、机构与职务名称写错、沿用已废止的制度名称，都会造成法律上的误解。叙述历史和早于变动日期的文本不报。"""
    return judge(match)
