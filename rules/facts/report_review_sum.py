"""Table 四 of the annual report: four outcomes against the total, three times."""

from __future__ import annotations

from collections.abc import Iterator

from qa.document import Document
from qa.finding import Level, Pass
from qa.rule import Bad, Hit, rule
from rules._standards import ANNUAL_REPORT
from rules.facts._report import NEEDS, REVIEW_SUMS, plus, report_of
from rules.facts._samples import sample


@rule(
    title="年报表四复议诉讼各项之和与总计不等",
    level=Level.ERROR,
    passes=Pass.PROOF3,
    basis=ANNUAL_REPORT["附件表四"],
    needs=NEEDS,
    bad=(
        Bad(sample(reviews={4: "⟦5⟧"})),
        Bad(sample(reviews={5: "2", 9: "⟦1⟧", 14: "⟦2⟧"})),
    ),
    good=(sample(), "<p>本机关新收政府信息公开申请3件。</p>"),
)
def report_review_sum(document: Document) -> Iterator[Hit]:
    """表四分行政复议、未经复议直接起诉、复议后起诉三组，每组结果维持、结果纠正、其他结果、尚未审结相加应等于总计。"""
    report = report_of(document)
    if report is None or not report.reviews:
        return
    for name, start in REVIEW_SUMS:
        *terms, total = report.reviews[start : start + 5]
        expected = sum((value.number for value in terms), start=0)
        if expected != total.number:
            yield Hit(
                total.span,
                f"表四“{name}”：维持、纠正、其他、尚未审结 {plus(value.number for value in terms)} 应为 {expected}，"
                f"总计印为 {total.number}，差 {abs(expected - total.number)}",
                quote=total.text or "（空白）",
            )
