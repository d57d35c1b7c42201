"""A comma between the problem and the next step."""

from __future__ import annotations

from collections.abc import Iterator

from qa.document import Document
from qa.finding import Level, Pass
from qa.patterns import lazy
from qa.rule import Bad, Hit, rule
from rules._standards import PUNCTUATION
from rules.punctuation._article import find, span_of

_NEXT = lazy(
    r"(?:不[足高够强多优广深全大快实细准齐佳]|不到位|不平衡|不充分|不及时|不完善|不健全|偏[低少弱慢小高大]|较[低少弱慢小差]|薄弱|滞后|欠缺|缺乏|"
    r"短缺|问题|差距|短板|现象|不规范|不理想|有待[加提改完]\w{1,6})(，)(?:下一步|今后|接下来|下一阶段)(?=[，,我将要]|[\u4e00-\u9fff]{1,8}[将要])"
)
_ADVERBIAL = lazy(r"针对|对于|对照|围绕|面对|根据|结合|鉴于|由于|解决|化解|克服|消除|破解|就")


@rule(
    title="问题与下一步之间一逗到底",
    level=Level.WARNING,
    passes=Pass.PROOF2,
    basis=PUNCTUATION["4.1"],
    needs=("，下一步", "，今后", "，接下来", "，下一阶段"),
    bad=(
        Bad(
            "<p>原创性不足、更新频率偏低⟦，⟧下一步，将提升质量。</p>",
            "<p>原创性不足、更新频率偏低。下一步，将提升质量。</p>",
        ),
        Bad(
            "<p>工作中还存在一些问题⟦，⟧今后我们将加强培训。</p>",
            "<p>工作中还存在一些问题。今后我们将加强培训。</p>",
        ),
    ),
    good=(
        "<p>水平不高。下一步，将推动升级。</p>",
        "<p>针对上述问题，下一步将加强培训。</p>",
        "<p>对于存在的不足，下一步要改进。</p>",
    ),
)
def problem_then_next(document: Document) -> Iterator[Hit]:
    """陈述问题的一句已经说完，再说打算应另起一句，中间用句号。

    “针对……问题，下一步……”是一句话的状语，不在此列。
    """
    text = document.text
    for match in find(document, _NEXT):
        comma = match.start(1)
        low = max(text.rfind(mark, max(0, comma - 120), comma) for mark in "。；：！？\n")
        clause = text[max(low + 1, comma - 120) : comma]
        if not _ADVERBIAL.search(clause):
            yield Hit(span_of(match, 1), "问题说完应断句：“下一步”等另起一句", fix="。")
