"""Full-width figures and letters."""

from __future__ import annotations

from collections.abc import Iterator

from qa.document import Document
from qa.finding import Level, Pass
from qa.patterns import lazy
from qa.rule import Bad, Hit, rule
from rules._standards import EDITING
from rules.punctuation._article import find, span_of

_RUN = lazy("[０-９Ａ-Ｚａ-ｚ](?:[．，：]?[０-９Ａ-Ｚａ-ｚ0-9]+)*")
_HALF = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)}


@rule(
    title="全角数字、全角字母",
    level=Level.WARNING,
    passes=Pass.PROOF2,
    basis=EDITING[""],
    needs=tuple(
        "０１２３４５６７８９ＡＢＣＤＥＦＧＨＩＪＫＬＭＮＯＰＱＲＳＴＵＶＷＸＹＺａｂｃｄｅｆｇｈｉｊｋｌｍｎｏｐｑｒｓｔｕｖｗｘｙｚ"
    ),
    bad=(
        Bad("<p>⟦２０２３⟧年增长⟦１５．８⟧亿元</p>", "<p>2023年增长15.8亿元</p>"),
        Bad("<p>⟦Ｄ⟧级危房，⟦ＧＤＰ⟧增速</p>", "<p>D级危房，GDP增速</p>"),
    ),
    good=("<p>2023年D级危房</p>", "<p>增长8％</p>"),
)
def full_width_digits(document: Document) -> Iterator[Hit]:
    """阿拉伯数字和拉丁字母应使用半角形式。全角形式占一个汉字位，检索不到，复制到表格里也不能计算。"""
    for match in find(document, _RUN):
        fix = match[0].translate(_HALF)
        yield Hit(span_of(match), f"全角字符应改为半角“{fix}”", fix=fix, safe="，" not in match[0])
