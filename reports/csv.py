"""CSV: one row a finding, for spreadsheets. A byte order mark tells Excel that it is UTF-8."""

from __future__ import annotations

import csv
import io

from qa.run import Run
from reports._common import gap_scope, gaps, visible

LABEL = "CSV 表格（可用 Excel、WPS 打开）"
SUFFIX = ".csv"

COLUMNS = (
    "文件",
    "标题",
    "行",
    "列",
    "审次",
    "级别",
    "问题",
    "说明",
    "前文",
    "原文",
    "后文",
    "建议",
    "依据",
    "把握",
    "规则",
    "状态",
    "忽略理由",
    "编号",
)
_FORMULA = tuple("=+-@＝＋－＠")
"""Chinese and Japanese editions of Excel take the full-width ones for formulas too."""


def _cell(value: str | int) -> str | int:
    """A value that no spreadsheet takes for a formula."""
    if isinstance(value, int):
        return value
    text = visible(value)
    return "'" + text if text.lstrip().startswith(_FORMULA) else text


def render(run: Run) -> bytes:
    """Rows end in CRLF, as RFC 4180 wants."""
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(COLUMNS)
    for outcome, gap in gaps(run):
        blank = dict.fromkeys(COLUMNS, "")
        row = {"文件": outcome.path, "标题": outcome.title, "审次": gap_scope(gap), "状态": "未查完"}
        row |= {"级别": "未查完", "问题": "未能检查", "说明": gap.reason, "规则": gap.rule}
        writer.writerow([_cell(value) for value in (blank | row).values()])
    for outcome in run.outcomes:
        for one in outcome.findings:
            state = {"new": "新增", "unchanged": "基线已有"}.get(one.baseline, "")
            if one.suppressed is not None:
                state = "已忽略"
            values: tuple[str | int, ...] = (
                one.path,
                outcome.title,
                one.start.line,
                one.start.column,
                one.pass_.label,
                one.level.label,
                one.title,
                one.message,
                one.before,
                one.quote,
                one.after,
                one.suggestion,
                one.basis,
                one.confidence.label,
                one.rule,
                state,
                one.suppressed or "",
                one.fingerprint,
            )
            writer.writerow([_cell(value) for value in values])
    return b"\xef\xbb\xbf" + out.getvalue().encode("utf-8")
