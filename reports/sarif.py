"""SARIF 2.1.0: for code hosts, editors and dashboards.

Beyond the schema this keeps the standard's prose: ``suppressions`` and ``baselineState`` stand on
all results or on none, relative URIs are percent-encoded against ``%SRCROOT%``, and columns count
code points.  Baseline entries that are gone stand in the run's properties, not as ``absent``
results: hosts that overlook ``baselineState`` would count them as faults.
"""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

from qa.document import Document
from qa.engine import Outcome
from qa.finding import Confidence, Finding, Fix, Level, Pass
from qa.passes import Unchecked
from qa.rule import Rule
from qa.run import Run
from qa.source import Position, Span
from reports._common import encodable, escape_unseen, gap_scope, uri, verdict, verdicts

LABEL = "SARIF 2.1.0（供代码平台与编辑器读取）"
SUFFIX = ".sarif"

SCHEMA = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
BASE = "%SRCROOT%"
FINGERPRINT = "shenjiao/v1"

_LEVELS = {Level.VETO: "error", Level.ERROR: "error", Level.WARNING: "warning", Level.NOTE: "note"}
_PRECISION = {Confidence.HIGH: "high", Confidence.MEDIUM: "medium", Confidence.LOW: "low"}
_SEVERITY = {"error": "error", "warning": "warning", "note": "recommendation"}
# IANA names of encodings where Python's differ.
_ENCODINGS = {"gb18030": "GB18030", "big5hkscs": "Big5-HKSCS", "cp1252": "windows-1252"}
_MIME = {"html": "text/html", "markdown": "text/markdown", "text": "text/plain"}


def _text(text: str) -> dict[str, str]:
    return {"text": encodable(text)}


def _location(path: str, indices: dict[str, int] | None = None) -> dict[str, Any]:
    address, relative = uri(path)
    location: dict[str, Any] = {"uri": address}
    if relative:
        location["uriBaseId"] = BASE
    if indices and path in indices:
        location["index"] = indices[path]
    return location


def _region(start: Position, end: Position, snippet: str = "") -> dict[str, Any]:
    region: dict[str, Any] = {
        "startLine": start.line,
        "startColumn": start.column,
        "endLine": end.line,
        "endColumn": end.column,
        "charOffset": start.offset,
        "charLength": max(0, end.offset - start.offset),
    }
    if snippet:
        region["snippet"] = _text(snippet)
    return region


class _Rules:
    """Descriptors of rules with their indices; a finding's rule that is not among them is added."""

    def __init__(self, run: Run) -> None:
        self.descriptors: list[dict[str, Any]] = []
        self.index: dict[str, int] = {}
        for identifier, one in sorted({one.id: one for one in run.rules}.items()):
            self._add(identifier, self._of_rule(one))
        for finding in run.findings:
            if finding.rule not in self.index:
                self._add(finding.rule, self._of_finding(finding))

    def _add(self, identifier: str, descriptor: dict[str, Any]) -> None:
        self.index[identifier] = len(self.descriptors)
        self.descriptors.append(descriptor)

    def _of_rule(self, one: Rule) -> dict[str, Any]:
        why = one.why or one.title
        help_text = f"{why}\n\n依据：{one.basis.cite}（{one.basis.trust.value}）\n审次：{one.passes.label}"
        markdown = (
            f"**{one.title}**\n\n{why}\n\n"
            f"- 依据：{one.basis.cite}（{one.basis.trust.value}）\n"
            f"- 审次：{one.passes.label}\n- 级别：{one.level.label}\n- 把握：{one.confidence.label}\n"
        )
        descriptor = self._descriptor(
            one.id, one.title, why, one.level, one.passes, one.basis.cite, one.confidence, one.basis.url
        )
        descriptor["help"] = {"text": encodable(help_text), "markdown": encodable(markdown)}
        if one.aliases:
            descriptor["deprecatedIds"] = list(one.aliases)
        return descriptor

    def _of_finding(self, finding: Finding) -> dict[str, Any]:
        return self._descriptor(
            finding.rule,
            finding.title,
            finding.title,
            finding.level,
            finding.pass_,
            finding.basis,
            finding.confidence,
            finding.basis_url,
        )

    @staticmethod
    def _descriptor(
        identifier: str,
        title: str,
        why: str,
        level: Level,
        pass_: Pass,
        basis: str,
        confidence: Confidence,
        url: str,
    ) -> dict[str, Any]:
        stem = identifier.replace("/", "_").replace("-", "_")
        descriptor: dict[str, Any] = {
            "id": identifier,
            "name": "".join(part[:1].upper() + part[1:] for part in stem.split("_")),
            "shortDescription": _text(title or identifier),
            "fullDescription": _text(why or title or identifier),
            "defaultConfiguration": {"level": _LEVELS[level]},
        }
        if url:
            descriptor["helpUri"] = url
        descriptor["properties"] = {
            "pass": pass_.key,
            "passName": pass_.label,
            "level": level.key,
            "basis": basis,
            "precision": _PRECISION[confidence],
            "problem.severity": _SEVERITY[_LEVELS[level]],
            "tags": [pass_.label, identifier.partition("/")[0]],
        }
        return descriptor


def _fix(finding: Finding, fix: Fix, document: Document | None, where: dict[str, Any]) -> dict[str, Any]:
    if fix.span == Span(finding.start.offset, finding.end.offset):
        region = _region(finding.start, finding.end)
    elif document is not None:
        region = _region(document.source.position(fix.span.start), document.source.position(fix.span.end))
    else:
        region = {"charOffset": fix.span.start, "charLength": max(0, fix.span.end - fix.span.start)}
    words = f"改为“{fix.replacement}”" if fix.replacement else "删去"
    return {
        "description": _text(words),
        "artifactChanges": [
            {
                "artifactLocation": where,
                "replacements": [{"deletedRegion": region, "insertedContent": _text(fix.replacement)}],
            }
        ],
    }


def _result(
    run: Run,
    finding: Finding,
    document: Document | None,
    rules: _Rules,
    indices: dict[str, int],
    states: tuple[bool, bool],
) -> dict[str, Any]:
    where = _location(finding.path, indices)
    words = finding.message or finding.title
    if finding.suggestion:
        words += f" 建议：{finding.suggestion}"
    snippet = document.source.text[finding.start.offset : finding.end.offset] if document else finding.quote
    result: dict[str, Any] = {
        "ruleId": finding.rule,
        "ruleIndex": rules.index[finding.rule],
        "kind": "fail",
        "level": _LEVELS[finding.level],
        "message": _text(words),
        "locations": [
            {
                "physicalLocation": {
                    "artifactLocation": where,
                    "region": _region(finding.start, finding.end, snippet),
                }
            }
        ],
        "partialFingerprints": {FINGERPRINT: finding.fingerprint},
    }
    if finding.related:
        result["relatedLocations"] = [
            {
                "id": number,
                "physicalLocation": {
                    "artifactLocation": where,
                    "region": _region(one.start, one.end, one.quote),
                },
                "message": _text(one.message),
            }
            for number, one in enumerate(finding.related, 1)
        ]
    if finding.fixes:
        result["fixes"] = [_fix(finding, one, document, where) for one in finding.fixes]
    with_baseline, with_suppressions = states
    if with_baseline:
        result["baselineState"] = finding.baseline or "new"
    if with_suppressions:
        result["suppressions"] = (
            []
            if finding.suppressed is None
            else [{"kind": "inSource", "status": "accepted", "justification": encodable(finding.suppressed)}]
        )
    properties: dict[str, Any] = {
        "pass": finding.pass_.key,
        "level": finding.level.key,
        "confidence": finding.confidence.value,
        "basis": encodable(finding.basis),
        "blocking": run.gates.blocks(finding),
    }
    if finding.chrome:
        properties["chrome"] = True
    if finding.score_item:
        properties["scoreItem"] = finding.score_item
    result["properties"] = properties
    return result


def _artifact(outcome: Outcome) -> dict[str, Any]:
    artifact: dict[str, Any] = {"location": _location(outcome.path), "roles": ["analysisTarget"]}
    if outcome.title:
        artifact["description"] = _text(outcome.title)
    if outcome.encoding:
        artifact["encoding"] = _ENCODINGS.get(outcome.encoding, outcome.encoding.upper())
    if outcome.media in _MIME:
        artifact["mimeType"] = _MIME[outcome.media]
    return artifact


def _notification(outcome: Outcome, gap: Unchecked, rules: _Rules, indices: dict[str, int]) -> dict[str, Any]:
    notification: dict[str, Any] = {
        "level": "error",
        "message": _text(f"未查完（{gap_scope(gap)}）：{gap.reason}"),
        "locations": [{"physicalLocation": {"artifactLocation": _location(outcome.path, indices)}}],
    }
    if gap.rule in rules.index:
        notification["associatedRule"] = {"id": gap.rule, "index": rules.index[gap.rule]}
    return notification


def _remark(words: str, locations: list[dict[str, Any]]) -> dict[str, Any]:
    remark: dict[str, Any] = {"level": "note", "message": _text(words)}
    if locations:
        remark["locations"] = locations
    return remark


def _utc(time: str) -> str:
    """Time as the standard wants it (UTC, ``Z``); empty where it cannot be told."""
    try:
        moment = datetime.fromisoformat(time)
    except ValueError:
        return ""
    if moment.tzinfo is None:
        return ""
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def _invocation(run: Run, rules: _Rules, indices: dict[str, int]) -> dict[str, Any]:
    notifications = [
        _notification(outcome, gap, rules, indices) for outcome in run.outcomes for gap in outcome.unchecked
    ]
    for outcome in run.outcomes:
        where = [{"physicalLocation": {"artifactLocation": _location(outcome.path, indices)}}]
        notifications.extend(_remark(notice, where) for notice in outcome.notices)
    notifications.extend(_remark(notice, []) for notice in run.notices)
    invocation: dict[str, Any] = {"executionSuccessful": not run.incomplete, "exitCode": run.exit_code}
    if moment := _utc(run.time):
        invocation["endTimeUtc"] = moment
    invocation["toolExecutionNotifications"] = notifications
    return invocation


def as_object(run: Run) -> dict[str, Any]:
    """The log as plain data."""
    rules = _Rules(run)
    indices: dict[str, int] = {}
    artifacts: list[dict[str, Any]] = []
    for outcome in run.outcomes:
        if outcome.path not in indices:
            indices[outcome.path] = len(artifacts)
            artifacts.append(_artifact(outcome))
    states = (
        bool(run.baseline) or any(one.baseline for one in run.findings),
        any(one.suppressed is not None for one in run.findings),
    )
    properties: dict[str, Any] = {
        "verdict": {"overall": verdict(run).value, **{one.key: verdict(run, one).value for one in Pass}},
        "documents": [
            {
                "uri": uri(outcome.path)[0],
                "verdict": {one.key: judged.value for one, judged in verdicts(run, outcome).items()},
            }
            for outcome in run.outcomes
        ],
    }
    if run.gone:
        properties["baselineGone"] = [
            {"fingerprint": one.fingerprint, "rule": one.rule, "uri": uri(one.path)[0]} for one in run.gone
        ]
    return {
        "$schema": SCHEMA,
        "version": "2.1.0",
        "runs": [
            {
                "tool": {
                    "driver": {
                        "name": "shenjiao",
                        "fullName": "审校 shenjiao",
                        "version": run.version,
                        "language": "zh-CN",
                        "rules": rules.descriptors,
                    }
                },
                "language": "zh-CN",
                "columnKind": "unicodeCodePoints",
                "originalUriBaseIds": {BASE: {"description": {"text": "检查时所在的文件夹"}}},
                "invocations": [_invocation(run, rules, indices)],
                "artifacts": artifacts,
                "results": [
                    _result(run, finding, outcome.document, rules, indices, states)
                    for outcome in run.outcomes
                    for finding in outcome.findings
                ],
                "properties": properties,
            }
        ],
    }


def render(run: Run) -> bytes:
    """Indented UTF-8."""
    text = json.dumps(as_object(run), ensure_ascii=False, indent=1, allow_nan=False)
    return (escape_unseen(text) + "\n").encode("utf-8")
