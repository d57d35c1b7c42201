"""The year said twice: 2023年，全市全年共…"""

from __future__ import annotations

from collections.abc import Iterator

from qa.document import Document
from qa.finding import Level, Pass
from qa.patterns import lazy
from qa.rule import Bad, Hit, rule
from qa.source import Span
from rules._standards import EDITING

_TWICE = lazy(
    r"年(?:度)?，(?:[我全本各][省市县区州盟旗局镇乡街委办厅](?:各级)?)?(?P<again>全年|本年度)(?=共|累计|总共|共计|受理|办理|收到|新增|完成)"
)
_YEAR = lazy(r"(?:[12][0-9]{3}\s?|[今去本上])$")


@rule(
    title="时间重复",
    level=Level.NOTE,
    passes=Pass.PROOF1,
    basis=EDITING[""],
    needs=("全年", "本年度"),
    bad=(
        Bad(
            "<p>2023年，全市⟦全年⟧共制作公文信息8011份。</p>",
            "<p>2023年，全市共制作公文信息8011份。</p>",
        ),
        Bad("<p>2023 年，⟦全年⟧共受理申请12件。</p>", "<p>2023 年，共受理申请12件。</p>"),
    ),
    good=(
        "<p>2023年全年共受理申请12件。2023年，全市共受理申请12件。</p>",
        "<p>据统计，全市全年共受理申请12件。近几年，全市全年共受理申请12件。</p>",
        "<p>2024年，预计全年地区生产总值增长5%。</p>",
    ),
)
def duplicate_time(document: Document) -> Iterator[Hit]:
    """句首已经交代“2023年”，后面再说“全年”，时间说了两遍。"""
    text = document.text
    for match in _TWICE.finditer(text):
        if _YEAR.search(text[max(0, match.start() - 6) : match.start()]):
            again = match.group("again")
            yield Hit(Span(*match.span("again")), f"句首已有年份，“{again}”重复", fix="")
