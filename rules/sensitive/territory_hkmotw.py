"""Wrong wording about Hong Kong, Macao, Taiwan and territory."""

from __future__ import annotations

from qa.finding import Level, Pass
from qa.lexicon import Match, terms
from qa.rule import Bad, Hit
from rules._standards import XINHUA
from rules.sensitive._table import judge, table


@terms(
    title="港澳台和领土主权类错误表述",
    entries=table(__file__),
    level=Level.ERROR,
    passes=Pass.REVIEW2,
    basis=XINHUA["四、港澳台和领土主权类"],
    bad=(
        "⟦台湾总统⟧发表讲话。",
        "今年接待⟦中港台⟧客商三百人。",
        "⟦中国与台湾⟧贸易增长。",
        "来自韩国、台湾⟦等国家⟧的客商",
        Bad("⟦尖阁群岛⟧海域", "钓鱼岛及其附属岛屿海域"),
    ),
    good=(
        "台湾“总统”发表讲话。",
        "来自韩国、台湾等国家和地区的客商",
        "举办海峡两岸暨香港、澳门青年论坛。",
        "其中港澳台同胞一千人次。",
        "建设数据中台、业务中台，集中台账管理。",
        "台湾国际贸易中心",
        "1943年，中华民国总统府旧址",
    ),
)
def territory_hkmotw(match: Match) -> Hit | None:
    """香港、澳门是特别行政区，台湾是中国的一个省。把它们与国家并列、不加引号直称台湾当局机构职务、使用境外对我领土的称谓，属单项否决所指的严重表述错误。"""
    return judge(match)
