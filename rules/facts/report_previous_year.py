"""This year's annual report against last year's."""

from __future__ import annotations

from collections.abc import Iterator

from qa.document import Document
from qa.finding import Level, Pass
from qa.rule import Bad, Good, Hit, Settings, rule
from qa.source import Source
from rules._standards import ANNUAL_REPORT
from rules.facts._report import COLUMNS, NEEDS, report_in, report_of
from rules.facts._samples import sample

_LAST = Settings(
    previous=Source(
        "2022.html",
        sample(
            {("next", 0): "2", ("next", 1): "0", ("next", 6): "2"},
            made={("行政规范性文件", 2): "26"},
            texts={"title": "# 甲市人民政府2022年政府信息公开工作年度报告"},
        ),
    )
)


@rule(
    title="年报与上一年度年报不衔接",
    level=Level.ERROR,
    passes=Pass.PROOF3,
    basis=ANNUAL_REPORT["附件表三"],
    needs=NEEDS,
    bad=(
        Bad(sample({("carried", 0): "⟦3⟧", ("carried", 6): "⟦3⟧"}), settings=_LAST),
        Bad(sample(made={("行政规范性文件", 2): "⟦31⟧"}), settings=_LAST),
    ),
    good=(
        Good(sample(), settings=_LAST),
        sample({("carried", 0): "3"}),
        Good(sample(), settings=Settings(previous=Source("2022.html", "<p>另一个页面</p>"))),
        Good(
            sample({("carried", 0): "9"}, texts={"title": "# 甲市人民政府2024年政府信息公开工作年度报告"}),
            settings=_LAST,
        ),
        Good("<p>处理政府信息公开申请3件。</p>", settings=_LAST),
    ),
)
def report_previous_year(document: Document, settings: Settings) -> Iterator[Hit]:
    """给出上一年度年报时核对两年是否衔接。

    表三“上年结转”各列应等于上一年度“结转下年度继续办理”的同一列；
    表二现行有效件数应等于上年现行有效件数加本年制发、减本年废止。
    后一条可能因文件清理口径调整而不等，因此只作警告。
    """
    report = report_of(document)
    last = report_in(settings.previous) if report is not None and settings.previous else None
    if report is None or last is None or (report.year and last.year and report.year != last.year + 1):
        return
    if "carried" in report.requests and "next" in last.requests:
        pairs = zip(COLUMNS, report.requests["carried"], last.requests["next"], strict=True)
        for name, now, then in pairs:
            if now.number != then.number:
                yield Hit(
                    now.span,
                    f"表三“{name}”列上年结转印为 {now.number}，上一年度年报结转下年度为 {then.number}，两者应相等",
                    quote=now.text or "（空白）",
                )
    for name, (issued, repealed, valid) in report.made.items():
        if name in last.made:
            before = last.made[name][2].number
            expected = before + issued.number - repealed.number
            if expected != valid.number:
                yield Hit(
                    valid.span,
                    f"表二“{name}”现行有效：上年 {before}＋本年制发 {issued.number}－本年废止 {repealed.number} 应为 {expected}，"
                    f"印为 {valid.number}，如系清理口径调整请说明",
                    level=Level.WARNING,
                    quote=valid.text or "（空白）",
                )
