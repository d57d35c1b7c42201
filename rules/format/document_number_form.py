"""The year and the serial number of a document number."""

from __future__ import annotations

from collections.abc import Iterator

from qa.document import Document
from qa.finding import Level, Pass
from qa.patterns import lazy
from qa.rule import Bad, Hit, rule
from rules._standards import DOCUMENT_FORMAT
from rules.punctuation._article import HAN, block_of, occurrences, span_of

_NUMBER = lazy(
    rf"(?<=[{HAN}])[〔\[（【]((?:19|20)?\d\d)[〕\]）】][ ]?(第(?=\d))?(0+(?=[1-9]))?\d{{1,4}}[ ]?号$"
)


@rule(
    title="发文字号的年份、序号写法",
    level=Level.ERROR,
    passes=Pass.PROOF2,
    basis=DOCUMENT_FORMAT["7.2.5"],
    needs=("号",),
    bad=(
        Bad("<p>晋政办〔2023〕⟦第⟧5号</p>", "<p>晋政办〔2023〕5号</p>"),
        Bad("<p>晋政办〔2023〕⟦0⟧5号，闽政〔⟦23⟧〕12号</p>", "<p>晋政办〔2023〕5号，闽政〔2023〕12号</p>"),
    ),
    good=("<p>国办发〔2023〕5号，国务院令第711号</p>", "<p>公告2023年第5号</p>", "<p>标段（01）2号楼</p>"),
)
def document_number_form(document: Document) -> Iterator[Hit]:
    """发文字号由机关代字、年份、发文顺序号组成；年份写全四位，顺序号不加“第”字，不编虚位（1不编为01）。"""
    text = document.text
    for place, _ in occurrences(text, ("号",)):
        match = _NUMBER.search(text, max(0, place - 16), place + 1)
        if match is None or block_of(document, place) is None:
            continue
        year = match[1]
        if len(year) == 2:
            if match[0][0] == "〔":
                full = ("19" if year >= "5" else "20") + year
                yield Hit(span_of(match, 1), "发文字号的年份应写全四位", fix=full)
            else:
                continue
        if match[2]:
            yield Hit(span_of(match, 2), "发文顺序号前不加“第”字", fix="")
        if match[3]:
            yield Hit(span_of(match, 3), "发文顺序号不编虚位", fix="")
