"""Workflow commands of GitHub Actions: annotations beside the changed lines.

Suppressed and known findings are left out: an annotation asks somebody to act.
"""

from __future__ import annotations

from qa.finding import Finding, Level
from qa.run import Run
from reports._common import conclusion, gap_scope, gaps, is_live, verdict, visible, visible_lines

LABEL = "GitHub Actions 批注"
SUFFIX = ".txt"

_COMMANDS = {Level.VETO: "error", Level.ERROR: "error", Level.WARNING: "warning", Level.NOTE: "notice"}


def _data(text: str) -> str:
    return visible_lines(text).replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _data(visible(text)).replace(":", "%3A").replace(",", "%2C")


def _command(name: str, properties: dict[str, str | int], message: str) -> str:
    words = ",".join(f"{key}={_property(str(value))}" for key, value in properties.items())
    return f"::{name} {words}::{_data(message)}"


def _annotation(finding: Finding) -> str:
    properties: dict[str, str | int] = {"file": finding.path, "line": finding.start.line}
    properties["endLine"] = finding.end.line
    if finding.end.line == finding.start.line:
        # Columns are only allowed where the annotation stays on one line.
        properties["col"] = finding.start.column
        properties["endColumn"] = finding.end.column
    properties["title"] = f"{finding.pass_.label} {finding.level.label} {finding.title}"
    lines = [finding.message or finding.title]
    if finding.quote:
        lines.append(f"原文：{visible(finding.quote)}")
    if finding.suggestion:
        lines.append(f"建议：{visible(finding.suggestion)}")
    if finding.basis:
        lines.append(f"依据：{visible(finding.basis)}")
    lines.append(f"规则：{finding.rule}")
    return _command(_COMMANDS[finding.level], properties, "\n".join(lines))


def render(run: Run) -> bytes:
    """One command a line."""
    lines = [
        _command("error", {"file": outcome.path, "title": f"未查完 {gap_scope(gap)}"}, gap.reason)
        for outcome, gap in gaps(run)
    ]
    lines.extend(_annotation(finding) for finding in run.findings if is_live(finding))
    for outcome in run.outcomes:
        lines.extend(
            _command("notice", {"file": outcome.path, "title": "提醒"}, notice) for notice in outcome.notices
        )
    title = f"审校结论 {verdict(run).label}" if run.outcomes else "审校结论 未检查"
    lines.append(_command("notice", {"title": title}, conclusion(run)))
    return ("\n".join(lines) + "\n").encode("utf-8")
