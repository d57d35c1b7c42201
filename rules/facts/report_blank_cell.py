"""Cells of the annual report that are left empty, struck through, or hold no whole number."""

from __future__ import annotations

from collections.abc import Iterator

from qa.document import Document
from qa.finding import Level, Pass
from qa.rule import Bad, Hit, rule
from rules._standards import ANNUAL_REPORT
from rules.facts._report import COLUMNS, NAMES, NEEDS, REVIEW_COLUMNS, REVIEW_SUMS, Value, report_of
from rules.facts._samples import sample


@rule(
    title="年报表格应填数字处留空或不是整数",
    level=Level.NOTE,
    passes=Pass.REVIEW3,
    basis=ANNUAL_REPORT["附件表三"],
    needs=NEEDS,
    bad=(
        Bad(sample({("6.2", 3): "⟦/⟧", ("3.2", 0): "⟦－⟧"}, reviews={7: "⟦-1⟧"})),
        Bad(sample({("4.1", 0): "⟦8.5⟧"})),
    ),
    good=(
        sample(),
        sample({("1", 0): "20件"}),
        "<p>处理政府信息公开申请3件。</p>",
    ),
)
def report_blank_cell(document: Document) -> Iterator[Hit]:
    """没有发生的应填“0”，空白、斜线、短横会让人分不清是没有发生还是漏填；件数也不会是负数或小数。"""
    report = report_of(document)
    if report is None:
        return
    for key, row in report.requests.items():
        for name, value in zip(COLUMNS, row, strict=True):
            yield from _judge(f"表三“{NAMES[key]}”行“{name}”列", value)
    for i, value in enumerate(report.reviews):
        yield from _judge(f"表四“{REVIEW_SUMS[i // 5][0]}·{REVIEW_COLUMNS[i % 5]}”", value)


def _judge(place: str, value: Value) -> Iterator[Hit]:
    if value.blank:
        what = f"写作“{value.text}”" if value.text else "留空"
        yield Hit(value.span, f"{place}{what}，没有发生应填“0”", quote=value.text or "（空白）")
    elif value.number < 0 or value.number != int(value.number):
        yield Hit(value.span, f"{place}填“{value.number}”，件数应为非负整数", level=Level.WARNING)
