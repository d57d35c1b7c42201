"""Table 三 of the annual report: received and carried over against settled and carried on."""

from __future__ import annotations

from collections.abc import Iterator

from qa.document import Document
from qa.finding import Level, Pass
from qa.rule import Bad, Hit, rule
from rules._standards import ANNUAL_REPORT
from rules.facts._report import NEEDS, broken, report_of
from rules.facts._samples import sample


@rule(
    title="年报表三收办结转不平衡",
    level=Level.ERROR,
    passes=Pass.PROOF3,
    basis=ANNUAL_REPORT["附件表三"],
    needs=NEEDS,
    bad=(
        Bad(sample({("next", 0): "⟦5⟧", ("next", 6): "⟦6⟧"})),
        Bad(sample({("new", 1): "8", ("next", 1): "⟦1⟧"})),
    ),
    good=(sample(), "<p>处理政府信息公开申请3件。</p>"),
)
def report_balance(document: Document) -> Iterator[Hit]:
    """表三表头写明：第一项加第二项之和，等于第三项加第四项之和。

    即每一列里，本年新收加上年结转，应等于办理结果总计加结转下年度继续办理。
    收到的申请要么办完、要么结转，不平衡就是有申请没有交代。
    """
    report = report_of(document)
    if report is None:
        return
    rows = report.requests
    for equation, off in broken(report, "balance"):
        column = equation.at[1]
        new, carried, done, left = (rows[key][column] for key in ("new", "carried", "sum", "next"))
        yield Hit(
            left.span,
            f"表三“{equation.key}”列不平衡：新收 {new.number}＋上年结转 {carried.number} 合 {new.number + carried.number}，"
            f"办理结果总计 {done.number}＋结转下年度 {left.number} 合 {done.number + left.number}，差 {abs(off)}",
            quote=left.text or "（空白）",
            related=((new.span, "本年新收"), (carried.span, "上年结转"), (done.span, "（七）总计")),
        )
