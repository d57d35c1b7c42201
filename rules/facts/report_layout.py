"""Annual reports for 2021 or later still in the layout of 2019."""

from __future__ import annotations

from collections.abc import Iterator

from qa.document import Document
from qa.finding import Level, Pass
from qa.rule import Bad, Good, Hit, rule
from rules._standards import ANNUAL_REPORT
from rules.facts._report import NEEDS, report_of
from rules.facts._samples import sample

_ITEM = "<tr><td colspan=4>第二十条第（九）项</td></tr>\n<tr><td>政府集中采购</td><td>12</td><td>345.6万元</td></tr>\n"


def _old(title: str, label: str = "政府集中采购") -> str:
    before, table, after = sample(texts={"title": title}).partition("<tr><td colspan=4>第二十条第（八）项")
    return before + _ITEM.replace("政府集中采购", label) + table + after


@rule(
    title="年报仍用旧版格式",
    level=Level.WARNING,
    passes=Pass.REVIEW3,
    basis=ANNUAL_REPORT["附件表二"],
    needs=NEEDS,
    bad=(
        Bad(_old("# 甲市人民政府2023年政府信息公开工作年度报告", "⟦政府集中采购⟧")),
        Bad(_old("# 甲市2021年度政府信息公开工作年度报告", "⟦政府集中采购⟧")),
    ),
    good=(
        sample(),
        Good(_old("# 甲市人民政府2020年政府信息公开工作年度报告")),
        "<p>处理政府信息公开申请3件。</p>",
    ),
)
def report_layout(document: Document) -> Iterator[Hit]:
    """2021年起的年报用国办公开办函〔2021〕30号的格式。

    表二里出现“第二十条第（九）项 政府集中采购”，说明还在用2019年的试行格式；
    2020年及以前的年报按当时的格式，不算错。
    """
    report = report_of(document)
    if report is None or report.old is None or report.year is None or report.year < 2021:
        return
    yield Hit(
        report.old, f"{report.year}年年报应使用国办公开办函〔2021〕30号规定的格式，“政府集中采购”一项已删去"
    )
