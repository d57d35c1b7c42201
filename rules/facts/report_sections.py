"""The six parts of the annual report, the five items of its first, and the rows of table 三."""

from __future__ import annotations

import re
from collections.abc import Iterator

from qa.document import Document
from qa.finding import Level, Pass
from qa.rule import Bad, Hit, rule
from rules._standards import ANNUAL_REPORT
from rules.facts._report import NAMES, NEEDS, ORDER, SECTIONS, SUBSECTIONS, report_of
from rules.facts._samples import html, parts, sample

_LOST = [
    item if isinstance(item, str) else [row for row in item if "3.要求提供公开出版物" not in str(row)]
    for item in parts()
]


@rule(
    title="年报缺少规定的部分",
    level=Level.WARNING,
    passes=Pass.REVIEW3,
    basis=ANNUAL_REPORT["附件"],
    needs=NEEDS,
    bad=(
        Bad(
            sample(
                texts={
                    "title": "# ⟦甲市人民政府2023年政府信息公开工作年度报告⟧",
                    "sixth": "",
                    "fees": "本年度未收取信息处理费。",
                }
            )
        ),
        Bad(sample(texts={"first": "# ⟦一、总体情况⟧", "platform": "", "management": ""})),
        Bad(
            html(_LOST)
            .replace("# 甲", "甲")
            .replace("三、收到和处理政府信息公开申请情况", "⟦三、收到和处理政府信息公开申请情况⟧")
        ),
    ),
    good=(
        sample(),
        "<p>某市政府信息公开工作年度报告</p><p>2023年政府信息公开工作年度报告</p><p>存在的问题</p>",
        "<p>处理政府信息公开申请3件。</p>",
    ),
)
def report_sections(document: Document) -> Iterator[Hit]:
    """年度报告格式规定六个部分，第一部分又分主动公开、依申请公开、政府信息管理、平台建设、监督保障五项。

    没有内容的部分也应保留标题并写明“无”；表三的行不得增删。
    """
    report = report_of(document)
    if report is None or report.title is None or len(report.sections) < 3:
        return
    missing = [name for number, (name, _) in enumerate(SECTIONS) if number not in report.sections]
    if missing:
        yield Hit(report.title.span, f"年报缺少“{'”“'.join(missing)}”部分，格式规定的六个部分应齐全")
    if 0 in report.sections and 1 in report.sections:
        first, second = report.sections[0], report.sections[1]
        text = document.text[first.start : second.start]
        absent = [name for name, words in SUBSECTIONS if not re.search(words, text)]
        if absent:
            yield Hit(first.span, f"“总体情况”没有写到{'、'.join(absent)}", level=Level.NOTE)
    if report.requests and 2 in report.sections:
        lost = [key for key in ORDER if key not in report.requests]
        if lost and "6" not in report.requests:
            names = "、".join(NAMES[key] for key in lost)
            state = "缺少或读不出" if report.unread else "缺少"
            yield Hit(report.sections[2].span, f"表三{state} {len(lost)} 行：{names}，有关等式无法核对")
