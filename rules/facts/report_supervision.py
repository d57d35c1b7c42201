"""Part one of the annual report: 监督保障 must tell of appraisal, public comment and accountability."""

from __future__ import annotations

import re
from collections.abc import Iterator

from qa.document import Document
from qa.finding import Level, Pass
from qa.rule import Bad, Hit, rule
from qa.source import Span
from rules._standards import ANNUAL_REPORT
from rules.facts._report import NEEDS, report_of, squeeze
from rules.facts._samples import sample

_WANTED = (
    ("工作考核", r"考核|考评|绩效"),
    ("社会评议", r"评议|满意度|社会评价|第三方评[估价]|公众评价|好差评"),
    ("责任追究结果", r"责任追究|追究|追责|问责"),
)
_OWNER = re.compile(r"人民政府|[省市县区旗乡镇州](?:20\d\d年|政府)|街道")
_SUBSECTION = "（五）监督保障情况。"


@rule(
    title="年报监督保障部分缺少规定内容",
    level=Level.WARNING,
    passes=Pass.REVIEW3,
    basis=ANNUAL_REPORT["一、总体情况"],
    needs=NEEDS,
    bad=(
        Bad(sample(texts={"supervision": f"⟦{_SUBSECTION}⟧将信息公开纳入绩效考核。".replace("。⟧", "⟧。")})),
        Bad(sample(texts={"supervision": "⟦监督保障情况⟧"})),
    ),
    good=(
        sample(),
        sample(texts={"supervision": "开展工作。"}),
        sample(texts={"supervision": _SUBSECTION, "title": "# 甲市统计局2023年政府信息公开工作年度报告"}),
        sample(texts={"first": ""}),
        "<p>处理政府信息公开申请3件。</p>",
    ),
)
def report_supervision(document: Document) -> Iterator[Hit]:
    """年度报告格式要求，各级政府的监督保障部分应写明工作考核、社会评议和责任追究结果情况。

    没有开展或没有发生的也应写明“无”，不能不提。
    """
    report = report_of(document)
    if report is None or 0 not in report.sections or not _OWNER.search(report.title_text):
        return
    start = report.sections[0].start
    end = report.sections[1].start if 1 in report.sections else document.article_end
    text = document.text[start:end]
    missing = [name for name, words in _WANTED if not re.search(words, text)]
    at = next(
        (b for b in report.prose if start < b.start < end and "监督保障" in squeeze(document.slice(b)[:20])),
        None,
    )
    if missing and at is not None:
        head = re.match(r"[^。：:\n]*", document.slice(at)[:24])
        yield Hit(
            Span(at.start, at.start + len(head.group() if head else "")),
            f"监督保障部分没有写到{'、'.join(missing)}，各级政府年报应写明工作考核、社会评议和责任追究结果情况",
        )
