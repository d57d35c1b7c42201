"""Data tables without header cells."""

from __future__ import annotations

from collections.abc import Iterator

from qa.document import Document, Table
from qa.finding import Confidence, Level, Pass
from qa.rule import Bad, Hit, rule
from rules._standards import WCAG

_PAIRS = "<tr><td>索引号：</td><td>1</td><td>文号：</td><td>2</td></tr>"
_ROW = "<tr><td>张某</td><td>12</td><td>3</td></tr>"


def _data(table: Table) -> bool:
    """Whether a table holds data, not the page's layout: three columns or more of short cells, filled."""
    if len(table.rows) < 3 or min(len(row) for row in table.rows[:3]) < 3:
        return False
    if sum(1 for row in table.rows[:3] if row[0].text.strip().endswith(("：", ":"))) > 1:
        return False  # names and values side by side
    cells = [cell for row in table.rows[:8] for cell in row]
    lengths = [cell.span.end - cell.span.start for cell in cells]
    return max(lengths) <= 60 and sum(1 for length in lengths if length) * 4 >= len(lengths) * 3


@rule(
    title="数据表格没有表头单元格",
    level=Level.NOTE,
    passes=Pass.PROOF2,
    basis=WCAG["表格标题单元格"],
    confidence=Confidence.MEDIUM,
    media=("html",),
    bad=(
        Bad(f"<table><tr><td>⟦姓名⟧</td><td>件数</td><td>备注</td></tr>{_ROW}{_ROW}</table>"),
        Bad(f"<table><tr><td></td><td>⟦件数⟧</td><td>备注</td></tr>{_ROW}{_ROW}</table>"),
    ),
    good=(
        f"<table><tr><th>姓名</th><th>件数</th><th>备注</th></tr>{_ROW}{_ROW}</table>",
        "<table><tr><td>左栏</td></tr><tr><td>正文</td></tr><tr><td>底部</td></tr></table>",
        f"<table>{_ROW}{_ROW}</table>",
        f"<table>{_PAIRS}{_PAIRS}{_PAIRS}</table>",
        f"<table><tr><td>{'正文很长' * 20}</td><td>右栏</td></tr>{_ROW}{_ROW}</table>",
    ),
)
def table_header(document: Document) -> Iterator[Hit]:
    """没有表头单元格（th）的表格，读屏软件念到数字时说不出是哪一列的。

    用来排版的表格（单元格文字很长、大半空着，或不足三列）、左边写名称右边写内容的表格不报。
    """
    for table in document.tables:
        if _data(table) and not any(cell.header for row in table.rows for cell in row):
            first = next(cell for row in table.rows for cell in row if cell.span.end > cell.span.start)
            yield Hit(first.span, "数据表格没有表头单元格，请把表头改用 th 标签")
