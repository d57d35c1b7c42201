"""Table 三 of the annual report: six kinds of applicants against the total of the row."""

from __future__ import annotations

from collections.abc import Iterator

from qa.document import Document
from qa.finding import Level, Pass
from qa.rule import Bad, Hit, rule
from rules._standards import ANNUAL_REPORT
from rules.facts._report import NEEDS, TOTAL, broken, plus, report_of
from rules.facts._samples import sample


@rule(
    title="年报表三某行各类申请人之和与总计不等",
    level=Level.ERROR,
    passes=Pass.PROOF3,
    basis=ANNUAL_REPORT["附件表三"],
    needs=NEEDS,
    bad=(
        Bad(sample({("2", TOTAL): "⟦4⟧"})),
        Bad(sample({("new", TOTAL): "⟦60⟧"})),
        Bad(sample({("5.1", 0): "3", ("5.1", TOTAL): "&nbsp;⟦2⟧"})),
    ),
    good=(sample(), "<p>2023年政府信息公开工作年度报告</p><table><tr><td>新收<td>1<td>2</table>"),
)
def report_row_sum(document: Document) -> Iterator[Hit]:
    """表三每一行里，自然人、商业企业、科研机构、社会公益组织、法律服务机构、其他六项相加应等于总计。

    这是年度报告格式自带的勾稽关系，共 25 行。不等说明该行至少有一个数字填错，
    但不一定就是总计错，改之前应核对台账。
    """
    report = report_of(document)
    if report is None:
        return
    for equation, off in broken(report, "row"):
        key = equation.at[0]
        row = report.requests[key]
        total = row[TOTAL]
        yield Hit(
            total.span,
            f"表三“{equation.key}”行：{plus(value.number for value in row[:TOTAL])} 应为 {total.number + off}，"
            f"总计印为 {total.number}，差 {abs(off)}",
            quote=total.text or "（空白）",
            related=((row[0].span, "本行从这一格起相加"),),
        )
