"""JUnit XML: for build servers. One suite a document; a case for each finding, gap and clean pass.

Blocking findings fail, gaps are errors, suppressed and known ones are skipped; findings that do
not block are cases that pass with words in ``system-out``.
"""

from __future__ import annotations

from xml.etree import ElementTree as ET

from qa.engine import Outcome
from qa.finding import Finding
from qa.passes import Verdict
from qa.run import Run
from reports._common import by_pass, gap_scope, heading, place, verdicts, visible, visible_lines

LABEL = "JUnit XML（供持续集成平台读取）"
SUFFIX = ".xml"


def _details(finding: Finding) -> str:
    lines = [
        f"{finding.path}:{place(finding.start)}",
        f"原文：{finding.before}【{finding.quote}】{finding.after}".replace("\n", " "),
        f"说明：{finding.message}",
    ]
    if finding.suggestion:
        lines.append(f"建议：{finding.suggestion}")
    if finding.basis:
        lines.append(f"依据：{finding.basis}")
    lines.append(f"规则：{finding.rule}  级别：{finding.level.label}  编号：{finding.fingerprint}")
    return visible_lines("\n".join(lines))


def _case(suite: ET.Element, outcome: Outcome, name: str) -> ET.Element:
    return ET.SubElement(
        suite, "testcase", {"classname": visible(outcome.path), "name": visible(name), "time": "0"}
    )


def _finding(suite: ET.Element, run: Run, outcome: Outcome, finding: Finding) -> None:
    case = _case(suite, outcome, f"{finding.pass_.label} {place(finding.start)} {finding.title}")
    case.set("line", str(finding.start.line))
    if finding.suppressed is not None:
        ET.SubElement(case, "skipped", {"message": visible(f"已忽略：{finding.suppressed}")})
    elif finding.baseline == "unchanged":
        ET.SubElement(case, "skipped", {"message": "基线已有"})
    elif run.gates.blocks(finding):
        failure = ET.SubElement(
            case,
            "failure",
            {"message": visible(finding.message or finding.title), "type": visible(finding.rule)},
        )
        failure.text = _details(finding)
    else:
        ET.SubElement(case, "system-out").text = _details(finding)


def _suite(root: ET.Element, run: Run, outcome: Outcome) -> None:
    suite = ET.SubElement(root, "testsuite", {"name": visible(outcome.path)})
    ET.SubElement(
        ET.SubElement(suite, "properties"), "property", {"name": "title", "value": visible(heading(outcome))}
    )
    for gap in outcome.unchecked:
        case = _case(suite, outcome, f"未查完 {gap_scope(gap)} {gap.rule}".rstrip())
        error = ET.SubElement(case, "error", {"message": visible(gap.reason), "type": "unchecked"})
        error.text = visible(gap.reason)
    judged = verdicts(run, outcome)
    for pass_, found in by_pass(outcome.findings):
        if not found and judged[pass_] is Verdict.PASSED:
            _case(suite, outcome, pass_.label)
        for finding in found:
            _finding(suite, run, outcome, finding)
    if outcome.notices:
        ET.SubElement(suite, "system-out").text = visible_lines("\n".join(outcome.notices))
    _count(suite, suite)
    suite.set("time", "0")
    if run.time:
        suite.set("timestamp", visible(run.time))


def _count(element: ET.Element, within: ET.Element) -> None:
    element.set("tests", str(sum(1 for _ in within.iter("testcase"))))
    for name, tag in (("failures", "failure"), ("errors", "error"), ("skipped", "skipped")):
        element.set(name, str(sum(1 for _ in within.iter(tag))))


def render(run: Run) -> bytes:
    """Indented UTF-8; characters XML forbids are spelt out as ``⟨U+0001⟩``."""
    root = ET.Element("testsuites", {"name": "shenjiao"})
    for outcome in run.outcomes:
        _suite(root, run, outcome)
    _count(root, root)
    root.set("time", "0")
    ET.indent(root, " ")
    body: bytes = ET.tostring(root, encoding="utf-8")
    return b'<?xml version="1.0" encoding="UTF-8"?>\n' + body + b"\n"
