"""Two predicates in one clause with no comma between them."""

from __future__ import annotations

from collections.abc import Iterator

from qa.document import Document
from qa.finding import Confidence, Level, Pass
from qa.patterns import lazy
from qa.rule import Bad, Hit, rule
from qa.source import Span
from rules._standards import EDITING

_RUN_ON = lazy(
    r"(?:贯彻|落实|执行|践行)[^，。；：！？、\n]{2,30}?(?:要求|精神|部署|规定)"
    r"(?P<next>(?:不断|进一步|切实|着力|大力|积极|加快|扎实|持续|稳步|全力)"
    r"(?:规范|完善|优化|强化|加强|推进|推动|健全|提升|提高|深化|拓展|创新|改进|加大|做好|抓好))(?![，。；、\n])"
)


@rule(
    title="两个动宾短语之间缺逗号",
    level=Level.WARNING,
    passes=Pass.PROOF1,
    basis=EDITING[""],
    confidence=Confidence.MEDIUM,
    needs=("贯彻", "落实", "执行", "践行"),
    bad=(
        Bad(
            "<p>认真贯彻条例的各项要求⟦不断规范⟧公开内容。</p>",
            "<p>认真贯彻条例的各项要求，不断规范公开内容。</p>",
        ),
    ),
    good=(
        "<p>认真贯彻条例的各项要求，不断规范公开内容。</p>",
        "<p>按照“四好农村路”要求加快完善公路网络。</p>",
        "<p>中央八项规定精神得到落实，落实要求不断提高。</p>",
    ),
)
def missing_comma(document: Document) -> Iterator[Hit]:
    """“贯彻……要求”是一件事，“不断规范……”是另一件事，中间不点断，读者会把两句读成一句。"""
    text = document.text
    for match in _RUN_ON.finditer(text):
        start, end = match.span("next")
        words = match.group("next")
        yield Hit(
            Span(start, end),
            f"“{words}”之前缺逗号：前一个动宾短语已经完整，应当点断",
            fix=f"，{words}",
        )
