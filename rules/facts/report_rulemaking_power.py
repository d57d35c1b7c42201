"""Table 二 of the annual report: rules issued by a place that may not issue any."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

from qa.document import Document
from qa.finding import Level, Pass
from qa.rule import Bad, Hit, rule
from rules._standards import ANNUAL_REPORT
from rules.facts._report import NEEDS, report_of
from rules.facts._samples import sample

_OWNER = re.compile(r"^(.{2,20}?)(?:人民政府(?:办公室|办公厅)?)?(?:关于)?20\d\d年")
_COUNTY = re.compile(r"(?:县|旗|镇|乡|街道|街道办事处|(?<!自治)区)$")


@cache
def _cities() -> tuple[str, ...]:
    """Names of the cities above county level."""
    lines = (Path(__file__).parent / "cities.txt").read_text(encoding="utf-8").splitlines()
    return tuple(f"{word}市" for line in lines if not line.startswith("#") for word in line.split())


def _without_power(owner: str) -> bool:
    if owner.endswith("市"):
        return len(owner) > 2 and not owner.endswith(_cities())
    return _COUNTY.search(owner) is not None


@rule(
    title="无规章制定权的机关在年报中填报规章",
    level=Level.WARNING,
    passes=Pass.PROOF3,
    basis=ANNUAL_REPORT["附件表二"],
    needs=NEEDS,
    bad=(
        Bad(
            sample(
                made={("规章", 0): "⟦3⟧", ("规章", 2): "⟦12⟧"},
                texts={"title": "# 晋江市人民政府2023年政府信息公开工作年度报告"},
            )
        ),
        Bad(sample(made={("规章", 2): "⟦5⟧"}, texts={"title": "# 某省乙县2023年政府信息公开工作年度报告"})),
    ),
    good=(
        sample(texts={"title": "# 晋江市人民政府2023年政府信息公开工作年度报告"}),
        sample(
            made={("规章", 2): "5"}, texts={"title": "# 福建省泉州市人民政府2023年政府信息公开工作年度报告"}
        ),
        sample(made={("规章", 2): "5"}, texts={"title": "# 某部2023年政府信息公开工作年度报告"}),
        sample(made={("规章", 2): "5"}, texts={"title": "# 政府信息公开工作年度报告（2023年度）"}),
        "<p>处理政府信息公开申请3件。</p>",
    ),
)
def report_rulemaking_power(document: Document) -> Iterator[Hit]:
    """规章由国务院部门和省级、设区的市、自治州人民政府制定，县（市、区）和乡镇（街道）没有规章制定权。

    因此县级和乡级的年报，表二“规章”一行应当都是 0；填了数字，多半是把规范性文件错填进了规章。
    """
    report = report_of(document)
    if report is None or "规章" not in report.made:
        return
    owner = _OWNER.match(report.title_text)
    if owner is None or not _without_power(owner[1]):
        return
    for value in report.made["规章"]:
        if value.number:
            yield Hit(
                value.span,
                f"“{owner[1]}”没有规章制定权，表二“规章”应为 0，印为 {value.number}，请核对是否应填入“行政规范性文件”",
            )
