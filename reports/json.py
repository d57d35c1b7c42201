"""JSON, version 1: for programs. Its shape is fixed by ``schema/json-v1.schema.json``.

The mapping is written out field by field, so that nothing inside can change what others read.
Offsets and columns count code points.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from importlib.resources import files
from typing import Any

from qa.engine import Outcome
from qa.finding import Finding, Fix, Pass, Related
from qa.passes import Unchecked, Verdict
from qa.run import Run
from qa.source import Position
from reports._common import LEVELS, encodable, escape_unseen, known, suppressed, tally, verdict, verdicts

LABEL = "JSON（供程序读取，第 1 版）"
SUFFIX = ".json"
VERSION = 1
"""Version of the format; it grows only when a reader of the old one would be wrong."""


def schema() -> dict[str, Any]:
    """The JSON Schema (2020-12) that every report of this format obeys."""
    text = files("reports").joinpath("schema", f"json-v{VERSION}.schema.json").read_text(encoding="utf-8")
    loaded: dict[str, Any] = json.loads(text)
    return loaded


def _position(position: Position) -> dict[str, int]:
    return {"line": position.line, "column": position.column, "offset": position.offset}


def _fix(fix: Fix) -> dict[str, Any]:
    return {
        "start_offset": fix.span.start,
        "end_offset": fix.span.end,
        "replacement": encodable(fix.replacement),
        "safe": fix.safe,
    }


def _related(related: Related) -> dict[str, Any]:
    return {
        "message": encodable(related.message),
        "start": _position(related.start),
        "end": _position(related.end),
        "quote": encodable(related.quote),
    }


def finding_object(finding: Finding) -> dict[str, Any]:
    """One finding as the format writes it."""
    return {
        "rule": finding.rule,
        "level": finding.level.key,
        "pass": finding.pass_.key,
        "confidence": finding.confidence.value,
        "message": encodable(finding.message),
        "path": encodable(finding.path),
        "start": _position(finding.start),
        "end": _position(finding.end),
        "quote": encodable(finding.quote),
        "fixes": [_fix(one) for one in finding.fixes],
        "basis": encodable(finding.basis),
        "fingerprint": finding.fingerprint,
        "title": encodable(finding.title),
        "suggestion": encodable(finding.suggestion),
        "before": encodable(finding.before),
        "after": encodable(finding.after),
        "related": [_related(one) for one in finding.related],
        "suppressed": None if finding.suppressed is None else encodable(finding.suppressed),
        "baseline": finding.baseline or None,
        "chrome": finding.chrome,
        "score_item": finding.score_item or None,
    }


def _unchecked(gap: Unchecked) -> dict[str, Any]:
    return {
        "reason": encodable(gap.reason),
        "rule": gap.rule or None,
        "pass": gap.pass_.key if gap.pass_ else None,
    }


def _verdict(overall: Verdict, passes: Iterable[tuple[Pass, Verdict]]) -> dict[str, str]:
    return {"overall": overall.value, **{key.key: one.value for key, one in passes}}


def _counts(findings: list[Finding]) -> dict[str, int]:
    counts = tally(findings)
    return {
        **{level.key: counts[level] for level in LEVELS},
        "total": counts.total(),
        "suppressed": len(suppressed(findings)),
        "unchanged": len(known(findings)),
    }


def _document(run: Run, outcome: Outcome) -> dict[str, Any]:
    judged = verdicts(run, outcome)
    return {
        "path": encodable(outcome.path),
        "title": encodable(outcome.title),
        "verdict": _verdict(verdict(Run([outcome], gates=run.gates)), ((one, judged[one]) for one in Pass)),
        "unchecked": [_unchecked(gap) for gap in outcome.unchecked],
        "notices": [encodable(notice) for notice in outcome.notices],
        "counts": _counts(outcome.findings),
        "media": outcome.media or None,
        "encoding": outcome.encoding or None,
    }


def _baseline(run: Run) -> dict[str, Any] | None:
    old = known(run.findings)
    if not (run.baseline or run.gone or old):
        return None
    return {
        "path": encodable(run.baseline),
        "new": sum(1 for one in run.live if one.baseline == "new"),
        "unchanged": len(old),
        "gone": [
            {
                "fingerprint": one.fingerprint,
                "rule": one.rule,
                "path": encodable(one.path),
                "quote": encodable(one.quote),
            }
            for one in run.gone
        ],
    }


def as_object(run: Run) -> dict[str, Any]:
    """The whole report as plain data."""
    return {
        "version": VERSION,
        "summary": {
            "tool": {"name": "shenjiao", "version": run.version},
            "time": run.time or None,
            "verdict": _verdict(verdict(run), ((one, verdict(run, one)) for one in Pass)),
            "exit_code": run.exit_code,
            "blocked": run.blocked,
            "incomplete": run.incomplete,
            "documents": len(run.outcomes),
            "rules": len(run.rules),
            "counts": _counts(run.findings),
            "baseline": _baseline(run),
            "notices": [encodable(notice) for notice in run.notices],
        },
        "documents": [_document(run, outcome) for outcome in run.outcomes],
        "findings": [finding_object(finding) for finding in run.findings],
    }


def render(run: Run) -> bytes:
    """Indented UTF-8."""
    text = json.dumps(as_object(run), ensure_ascii=False, indent=1, allow_nan=False)
    return (escape_unseen(text) + "\n").encode("utf-8")
