"""Totals of any table against what they sum."""

from __future__ import annotations

from collections.abc import Iterator

from qa.document import Document
from qa.finding import Confidence, Level, Pass
from qa.rule import Bad, Good, Hit, rule
from rules._standards import ARITHMETIC
from rules.facts._report import report_of
from rules.facts._samples import sample
from rules.facts._totals import slips

_HEAD = "<table><tr><th>镇街<th>户数<th>人数<th>金额（元）"
_BODY = (
    "<tr><td>甲镇<td>12<td>30<td>1,200.50<tr><td>乙镇<td>8<td>21<td>800.25<tr><td>丙街道<td>5<td>9<td>99.25"
)
_WIDE = "<table><tr><th>单位<th>一季度<th>二季度<th>合计<tr><td>甲<td>1<td>2<td>3<tr><td>乙<td>4<td>5<td>9<tr><td>丙<td>2<td>6<td>8"
_SHOWN = 12


@rule(
    title="表格合计与各项之和不等",
    level=Level.ERROR,
    passes=Pass.PROOF3,
    basis=ARITHMETIC["合计"],
    needs=("合计", "总计", "小计", "总数", "共计", "合 计", "总 计", "小 计", "合　计", "总　计", "小　计"),
    bad=(
        Bad(f"{_HEAD}{_BODY}<tr><td>合计<td>25<td>⟦61⟧<td>2,100.00</table>"),
        Bad(f"{_WIDE}<tr><td>丁<td>3<td>4<td>⟦6⟧</table>"),
        Bad("| 项目 | 金额 |\n| --- | --- |\n| 甲 | 10 |\n| 乙 | 20 |\n| 合计 | ⟦35⟧ |\n", media="markdown"),
        Bad("项目\t数量\n甲\t10\n乙\t20\n丙\t30\n合计\t⟦65⟧\n", media="text"),
    ),
    good=(
        f"{_HEAD}{_BODY}<tr><td>合计<td>25<td>60<td>2,100.00</table>",
        f"{_WIDE}<tr><td>丁<td>3<td>4<td>7</table>",
        "<table><tr><td>类别<td>占比<tr><td>甲<td>33.3%<tr><td>乙<td>66.6%<tr><td>合计<td>100%</table>",
        "<table><tr><td>项目<td>数量<tr><td>合计<td>90<tr><td>甲<td>50<tr><td>其中：乙<td>20<tr><td>丙<td>40</table>",
        Good("项目\t甲\n合计\n\t3\t4\n1\t2\n", media="text"),
        sample({("2", 6): "9"}),
        "<p>合计3件</p>",
    ),
)
def table_total(document: Document) -> Iterator[Hit]:
    """表里的合计、总计、小计应等于它所合计的各项之和。

    只在结构清楚时判断：同样的加法在其他列（行）成立，唯独这一格不成立；或者是最简单的单列表格。
    百分比、序号、年份、单价等列不加；有“其中”分项、分级编号而口径不明的不判断；小数按四舍五入容许误差。
    """
    if not document.tables or report_of(document) is not None:
        return
    for table in document.tables:
        for slip in slips(table):
            terms = "+".join(map(str, slip.terms[:_SHOWN])) + ("+…" if len(slip.terms) > _SHOWN else "")
            place = f"“{slip.name}”" if slip.name else "本列"
            yield Hit(
                slip.cell.span,
                f"{place}合计：{terms} 应为 {slip.expected}，印为 {slip.printed}，差 {abs(slip.expected - slip.printed)}",
                level=None if slip.sure else Level.WARNING,
                confidence=None if slip.sure else Confidence.MEDIUM,
            )
