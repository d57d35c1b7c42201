"""Part six of the annual report: what the fee is called."""

from __future__ import annotations

import re
from collections.abc import Iterator

from qa.document import Document
from qa.finding import Level, Pass
from qa.rule import Bad, Hit, rule
from qa.source import Span
from rules._standards import DISCLOSURE_FEES
from rules.facts._report import NEEDS, report_of
from rules.facts._samples import sample

_LOOSE = re.compile(
    r"信息公开[^，。；\n]{0,6}?(?:收费|费用)|依申请(?:公开)?[^，。；\n]{0,6}?(?:收费|费用)|收费(?:情况|金额)"
)


@rule(
    title="年报未用“信息处理费”的规范说法",
    level=Level.NOTE,
    passes=Pass.REVIEW3,
    basis=DISCLOSURE_FEES[""],
    needs=NEEDS,
    bad=(
        Bad(sample(texts={"fees": "本年度全市无⟦信息公开收费⟧。"})),
        Bad(sample(texts={"fees": "2023年，我市未收取⟦依申请公开费用⟧。"})),
    ),
    good=(
        sample(),
        sample(texts={"fees": "按照政府信息公开信息处理费管理办法，2023年无信息公开收费。"}),
        sample(texts={"fees": "无。"}),
        sample(texts={"sixth": "", "fees": "无信息公开收费。"}),
        "<p>处理政府信息公开申请3件。</p>",
    ),
)
def report_fee_wording(document: Document) -> Iterator[Hit]:
    """依申请公开收取的是“信息处理费”，第六部分应按此名称报告，写“未收取信息处理费”。

    它与表二的“行政事业性收费”是两回事：无信息处理费而行政事业性收费有金额，并不矛盾。
    """
    report = report_of(document)
    if report is None or 5 not in report.sections:
        return
    start, end = report.sections[5].start, document.article_end
    text = document.text[start:end]
    if "信息处理费" in text:
        return
    match = _LOOSE.search(text)
    if match:
        span = Span(start + match.start(), start + match.end())
        yield Hit(span, f"“{match.group()}”的规范用语是“信息处理费”，如“未收取信息处理费”")
