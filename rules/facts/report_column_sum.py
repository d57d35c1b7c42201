"""Table 三 of the annual report: outcomes against row （七）."""

from __future__ import annotations

from collections.abc import Iterator

from qa.document import Document
from qa.finding import Level, Pass
from qa.rule import Bad, Hit, rule
from rules._standards import ANNUAL_REPORT
from rules.facts._report import NEEDS, broken, group_sums, plus, report_of
from rules.facts._samples import sample


@rule(
    title="年报表三某列各项办理结果之和与总计不等",
    level=Level.ERROR,
    passes=Pass.PROOF3,
    basis=ANNUAL_REPORT["附件表三"],
    needs=NEEDS,
    bad=(
        Bad(sample({("sum", 0): "⟦39⟧"})),
        Bad(sample({("1", 1): "5", ("sum", 1): "⟦5⟧"})),
    ),
    good=(sample(), "<p>本机关新收政府信息公开申请3件。</p>"),
)
def report_column_sum(document: Document) -> Iterator[Hit]:
    """表三每一列里，（一）至（六）各项办理结果相加应等于（七）总计。

    共 7 列，连“总计”列在内。某列不等而各行都相等，多半是（七）总计一行抄错；
    行列同时不等，多半是交叉处那一格填错。
    """
    report = report_of(document)
    if report is None:
        return
    for equation, off in broken(report, "column"):
        key, column = equation.at
        total = report.requests[key][column]
        yield Hit(
            total.span,
            f"表三“{equation.key}”列：（一）至（六）之和 {plus(group_sums(report, column))} 应为 {total.number + off}，"
            f"（七）总计印为 {total.number}，差 {abs(off)}",
            quote=total.text or "（空白）",
        )
