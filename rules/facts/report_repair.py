"""Which cells of table 三 were most likely misprinted."""

from __future__ import annotations

from collections.abc import Iterator

from qa.document import Document
from qa.finding import Confidence, Level, Pass
from qa.rule import Bad, Hit, rule
from rules._standards import ANNUAL_REPORT
from rules.facts._repair import MOST, CellAt, Repair, search
from rules.facts._report import (
    COLUMNS,
    NAMES,
    NEEDS,
    ORDER,
    TOTAL,
    Report,
    equations,
    mentions,
    report_of,
    residual,
)
from rules.facts._samples import sample

_SHOWN = 5


@rule(
    title="年报表三疑似误填的单元格",
    level=Level.WARNING,
    passes=Pass.PROOF3,
    basis=ANNUAL_REPORT["附件表三"],
    confidence=Confidence.MEDIUM,
    needs=NEEDS,
    bad=(
        Bad(sample({("2", 1): "⟦4⟧"})),
        Bad(sample({("1", 1): "⟦6⟧", ("5.1", 0): "4"})),
    ),
    good=(sample(), "<p>本机关新收政府信息公开申请3件。</p>"),
)
def report_repair(document: Document) -> Iterator[Hit]:
    """表三的 39 条等式互相牵制，几条一起不成立时，往往能推出是哪几格填错。

    这里穷举改动 3 格以内的全部改法，给出改得最少的一种或几种，并与正文里的数字对照。
    改得最少只是最有可能，不等于事实如此，应当核对原始台账后再改。
    """
    report = report_of(document)
    if report is None or not report.complete:
        return
    held = equations(report)
    wrong = [equation for equation in held if residual(report, equation)]
    whole = all(value.number == int(value.number) >= 0 for row in report.requests.values() for value in row)
    if not wrong or not whole:
        return
    found = search(report, held)
    confirmed = _confirmed(document, report)
    repairs = [repair for repair in found.repairs if confirmed.isdisjoint(repair)] or found.repairs
    head = f"表三有 {len(wrong)} 条勾稽关系不成立，"
    capped = "（改法过多，穷举到上限为止，未必列全）" if found.capped else ""
    if not repairs:
        key, column = wrong[0].at
        message = f"{head}改动 {MOST} 格以内找不到能使全部等式成立的改法，请逐行核对原始台账{capped}"
        yield Hit(report.requests[key][column].span, message, level=Level.NOTE)
        return
    places = sorted(
        {cell for repair in repairs for cell in repair}, key=lambda cell: (ORDER.index(cell[0]), cell[1])
    )
    if len(repairs) == 1 and not found.capped:
        prose = "和正文数字" if confirmed and confirmed.isdisjoint(repairs[0]) else ""
        message = (
            f"{head}最少改 {found.size} 格可使 {len(held)} 条全部成立，且这样的改法只有一种："
            f"疑似{_words(report, repairs[0])}。改后与其余各行各列{prose}均不冲突；"
            "这是推断，不是定论，请核对原始台账"
        )
    else:
        listed = "；".join(f"其{i} {_words(report, repair)}" for i, repair in enumerate(repairs[:_SHOWN], 1))
        more = "等" if len(repairs) > _SHOWN else ""
        message = (
            f"{head}最少改 {found.size} 格可使其全部成立，这样的改法有 {len(repairs)} 种{capped}：{listed}{more}。"
            "无法断定是哪一种，请核对原始台账"
        )
    first, *others = (report.requests[key][column].span for key, column in places[: _SHOWN * MOST])
    yield Hit(first, message, related=tuple((span, "疑似误填的另一格") for span in others))


def _confirmed(document: Document, report: Report) -> set[CellAt]:
    """Totals that the prose repeats: a repair should leave them alone if it can."""
    keys = {"received": ("new", "carried"), "done": ("sum",), "next": ("next",), "carried": ("carried",)}
    return {
        (key, TOTAL)
        for mention in mentions(document, report)
        if mention.number in mention.allowed
        for key in keys.get(mention.kind, ())
    }


def _words(report: Report, repair: Repair) -> str:
    return "、".join(
        f"{NAMES[key]}·{COLUMNS[column]}误填（{report.requests[key][column].number}→{new}）"
        for (key, column), new in sorted(
            repair.items(), key=lambda item: (ORDER.index(item[0][0]), item[0][1])
        )
    )
