"""Brackets round the year of a document number."""

from __future__ import annotations

from collections.abc import Iterator

from qa.document import Document
from qa.finding import Level, Pass
from qa.patterns import lazy
from qa.rule import Bad, Hit, rule
from rules._standards import DOCUMENT_FORMAT
from rules.punctuation._article import HAN, block_of, occurrences, span_of

_NUMBER = lazy(rf"(?<=[{HAN}])[ ]?([\[［(（【﹝{{]((?:19|20)\d\d)[\]］)）】﹞}}])[ ]?第?\d{{1,4}}[ ]?号$")


@rule(
    title="发文字号年份不用六角括号",
    level=Level.ERROR,
    passes=Pass.PROOF2,
    basis=DOCUMENT_FORMAT["7.2.5"],
    needs=("号",),
    bad=(
        Bad("<p>根据国发⟦[2014]⟧43号文件</p>", "<p>根据国发〔2014〕43号文件</p>"),
        Bad("<p>晋政办⟦（2023）⟧5号、闽政⟦【2023】⟧12号</p>", "<p>晋政办〔2023〕5号、闽政〔2023〕12号</p>"),
    ),
    good=(
        "<p>国办发〔2023〕5号</p>",
        "<p>（2023）闽01民初123号</p>",
        "<p>报告（2023）</p><p>《通知》（2023）</p>",
    ),
)
def document_number_bracket(document: Document) -> Iterator[Hit]:
    """发文字号的年份用六角括号“〔〕”括入，不用方括号、圆括号或方头括号。人民法院的案号使用圆括号，不在此列。"""
    text = document.text
    for at, _ in occurrences(text, ("号",)):
        match = _NUMBER.search(text, max(0, at - 16), at + 1)
        if match and block_of(document, at) is not None:
            yield Hit(span_of(match, 1), "发文字号的年份应用六角括号“〔〕”", fix=f"〔{match[2]}〕", safe=True)
