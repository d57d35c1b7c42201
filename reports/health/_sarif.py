"""SARIF 2.1.0 of the health report, written as it is read.

Columns count code points; artifacts are addresses.  What was put right stands here as ``absent``
results, as the standard has it: results management compares nights by them.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any, cast

from qa.finding import Confidence, Level, Pass
from qa.rule import Rule
from qa.run import Run
from reports._common import encodable, uri
from reports.health._data import STATES, Facts, Gap, Gone, Issue
from reports.health._json import write_list, write_object
from reports.sarif import _LEVELS, FINGERPRINT, SCHEMA, _Rules, _text, _utc

RELATED_LIMIT = 50
"""Further pages listed with one result; the number of all stands in its properties."""
NOTIFICATION_LIMIT = 1000
"""Notifications on what went unchecked; one more says how many there are."""
_BASELINE = dict(zip(STATES, ("new", "unchanged"), strict=True))


def _descriptors(facts: Facts) -> _Rules:
    # The fields of site rules are those of rules of pages.
    rules = _Rules(Run([], rules=cast("tuple[Rule, ...]", tuple(facts.run.rules))))
    for table in ("issue", "gone"):
        for identifier, title, level in facts.db.execute(
            f"SELECT rule, min(title), max(level) FROM {table} WHERE run_id = ? GROUP BY rule",
            (facts.run.run,),
        ):
            if identifier not in rules.index:
                rules._add(
                    identifier,
                    rules._descriptor(
                        identifier, title, title, Level(level), Pass.REVIEW3, "", Confidence.MEDIUM, ""
                    ),
                )
    return rules


def _place(url: str, line: int = 0, col: int = 0, quote: str = "") -> dict[str, Any]:
    place: dict[str, Any] = {"artifactLocation": {"uri": uri(url)[0]}}
    if line > 0:
        region: dict[str, Any] = {"startLine": line}
        if col > 0:
            region["startColumn"] = col
        if quote:
            region["snippet"] = _text(quote)
        place["region"] = region
    return {"physicalLocation": place}


def _result(facts: Facts, one: Issue, rules: _Rules, *, suppressions: bool) -> dict[str, Any]:
    words = one.error + (f" 建议：{one.suggestion}" if one.suggestion else "")
    result: dict[str, Any] = {
        "ruleId": one.rule,
        "ruleIndex": rules.index[one.rule],
        "kind": "fail",
        "level": _LEVELS[Level(one.level)],
        "message": _text(words),
        "locations": [_place(one.url, one.line, one.col, one.quote)],
        "partialFingerprints": {FINGERPRINT: one.fingerprint},
        "baselineState": _BASELINE[one.state],
    }
    if one.pages > 1:
        others = (
            (url, line) for url, line in facts.pages_of(one.id, limit=RELATED_LIMIT + 1) if url != one.url
        )
        result["relatedLocations"] = [
            {"id": number, **_place(url, line)}
            for number, (url, line) in zip(range(1, RELATED_LIMIT + 1), others, strict=False)
        ]
    if suppressions:
        result["suppressions"] = (
            []
            if one.suppressed is None
            else [{"kind": "external", "status": "accepted", "justification": encodable(one.suppressed)}]
        )
    properties: dict[str, Any] = {
        "pass": one.pass_,
        "level": Level(one.level).key,
        "confidence": one.confidence,
        "basis": one.basis,
        "blocking": facts.blocks(one),
        "pages": one.pages,
        "firstSeen": one.first_seen,
    }
    if one.chrome:
        properties["chrome"] = True
    named = {"scoreItem": one.score_item, "target": one.target, "section": one.section}
    properties |= {name: value for name, value in named.items() if value}
    if one.warc is not None:
        properties["snapshot"] = {"file": one.warc, "offset": one.offset}
    result["properties"] = properties
    return result


def _absent(one: Gone, rules: _Rules, *, suppressions: bool) -> dict[str, Any]:
    result: dict[str, Any] = {
        "ruleId": one.rule,
        "ruleIndex": rules.index[one.rule],
        "kind": "fail",
        "level": _LEVELS[Level(one.level)],
        "message": _text(f"{one.title}：“{one.quote}”" if one.quote else one.title),
        "locations": [_place(one.url)],
        "partialFingerprints": {FINGERPRINT: one.fingerprint},
        "baselineState": "absent",
    }
    if suppressions:
        result["suppressions"] = []
    result["properties"] = {"level": Level(one.level).key, "firstSeen": one.first_seen}
    return result


def _results(facts: Facts, rules: _Rules) -> Iterator[dict[str, Any]]:
    suppressions = facts.suppressed > 0
    for issue in facts.issues():
        yield _result(facts, issue, rules, suppressions=suppressions)
    for gone in facts.gone():
        yield _absent(gone, rules, suppressions=suppressions)


def _notification(gap: Gap) -> dict[str, Any]:
    notification: dict[str, Any] = {"level": "error", "message": _text(f"未查完：{gap.reason}")}
    if gap.url:
        notification["locations"] = [_place(gap.url)]
    return notification


def _notifications(facts: Facts) -> Iterator[dict[str, Any]]:
    left = 0
    for number, gap in enumerate(facts.gaps()):
        if number < NOTIFICATION_LIMIT:
            yield _notification(gap)
        else:
            left += 1
    if left:
        yield {"level": "error", "message": _text(f"另有 {left} 处未查完，见 findings.json")}
    for notice in facts.notices:
        yield {"level": "note", "message": _text(notice)}


def write(facts: Facts, path: Path) -> None:
    """Write the log."""
    rules = _descriptors(facts)
    driver = {
        "name": "shenjiao",
        "fullName": "审校 shenjiao",
        "version": facts.run.version,
        "language": "zh-CN",
        "rules": rules.descriptors,
    }
    invocation: dict[str, Any] = {"executionSuccessful": not facts.incomplete, "exitCode": facts.exit_code}
    for name, moment in (("startTimeUtc", facts.started), ("endTimeUtc", facts.run.time)):
        if told := _utc(moment):
            invocation[name] = told
    invocation["toolExecutionNotifications"] = list(_notifications(facts))
    with path.open("w", encoding="utf-8", newline="\n") as out:
        out.write(f'{{\n"$schema":"{SCHEMA}",\n"version":"2.1.0",\n"runs":[{{\n"tool":')
        write_object(out, {"driver": driver})
        out.write(',\n"language":"zh-CN",\n"columnKind":"unicodeCodePoints",\n"invocations":')
        write_object(out, [invocation])
        out.write(',\n"properties":')
        write_object(
            out,
            {
                "verdict": {
                    "overall": facts.verdict.value,
                    **{k.key: v.value for k, v in facts.verdicts.items()},
                }
            },
        )
        out.write(',\n"results":')
        write_list(out, _results(facts, rules))
        out.write("\n}]\n}\n")
