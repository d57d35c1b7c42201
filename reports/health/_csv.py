"""CSV of the health report: one row an issue, those put right and what went unchecked included."""

from __future__ import annotations

import csv
from collections.abc import Mapping
from pathlib import Path

from reports.csv import _cell
from reports.health._data import CONFIDENCE_LABELS, LEVEL_LABELS, PASS_LABELS, STATES, Facts

COLUMNS = (
    "序号",
    "单位",
    "栏目",
    "标题",
    "网址",
    "行",
    "列",
    "环节",
    "级别",
    "错误",
    "前文",
    "原文",
    "后文",
    "建议",
    "依据",
    "把握",
    "页面数",
    "相关链接",
    "扣分项",
    "快照",
    "发现时间",
    "状态",
    "忽略理由",
    "规则",
    "指纹",
)


def write(facts: Facts, path: Path) -> None:
    """Write the table; rows end in CRLF, as RFC 4180 wants."""
    unit = facts.run.config.unit
    with path.open("w", encoding="utf-8-sig", newline="") as out:
        writer = csv.writer(out)
        writer.writerow(COLUMNS)
        blank: dict[str, str | int] = dict.fromkeys(COLUMNS, "")

        def write_row(row: Mapping[str, str | int]) -> None:
            writer.writerow([_cell(value) for value in {**blank, **row}.values()])

        for gap in facts.gaps():
            passes = PASS_LABELS.get(gap.pass_, "全部审次")
            write_row(
                {
                    "单位": unit,
                    "网址": gap.url,
                    "环节": passes,
                    "级别": "未查完",
                    "错误": gap.reason,
                    "状态": "未查完",
                }
                | {"规则": gap.rule}
            )
        for one in facts.issues():
            values: tuple[str | int, ...] = (
                one.id,
                unit,
                one.section,
                one.page_title,
                one.url,
                one.line or "",
                one.col or "",
                PASS_LABELS[one.pass_],
                LEVEL_LABELS[one.level],
                one.error,
                one.before,
                one.quote,
                one.after,
                one.suggestion,
                one.basis,
                CONFIDENCE_LABELS[one.confidence],
                one.pages,
                one.target or "",
                one.score_item,
                one.snapshot,
                facts.local(one.first_seen),
                STATES[one.state] if one.suppressed is None else "已忽略",
                one.suppressed or "",
                one.rule,
                one.fingerprint,
            )
            writer.writerow([_cell(value) for value in values])
        for gone in facts.gone():
            write_row(
                {"单位": unit, "标题": gone.page_title, "网址": gone.url, "级别": LEVEL_LABELS[gone.level]}
                | {"错误": gone.title, "原文": gone.quote, "发现时间": facts.local(gone.first_seen)}
                | {"状态": "已整改", "规则": gone.rule, "指纹": gone.fingerprint}
            )
