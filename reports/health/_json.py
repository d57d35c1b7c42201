"""JSON of the health report, version 1: summary, findings, pages and links, written as they are read.

Its shape is fixed by ``schema/health-v1.schema.json``; findings have the names of ``reports.json``
where they mean the same.  Each object stands on a line of its own.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from importlib.resources import files
from pathlib import Path
from typing import IO, Any

from qa.site.section import section_of
from reports._common import LEVELS, escape_unseen
from reports.health import _links
from reports.health._data import LEVEL_KEYS, STATES, Facts, Gone, Issue, unchecked_parts
from reports.health._score import Score

VERSION = 1
"""Version of the format; it grows only when a reader of the old one would be wrong."""
_BATCH = 200
_SIZE = 1_000_000
"""Characters written at a time: an issue of all pages is large by itself."""

_PAGES = """
SELECT u.url, f.status, f.failure, f.message, c.title, p.title, p.kind, p.column_name, p.crumbs, p.published,
  p.unchecked, coalesce(n.number, 0), c.warc, c.offset, c.page,
  EXISTS (SELECT 1 FROM mark m WHERE m.run_id = ?1 AND m.url_id = f.url_id)
FROM fetch f CROSS JOIN url u ON u.id = f.url_id
LEFT JOIN content c ON c.id = f.content_id LEFT JOIN page p ON p.content_id = f.content_id
LEFT JOIN temp.health_number n ON n.url_id = f.url_id
WHERE f.run_id = ?1 AND f.purpose = 'page' AND f.next_id IS NULL AND (c.id IS NULL OR c.page = 1)
ORDER BY u.url
"""

_encode = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"), allow_nan=False).encode


def schema() -> dict[str, Any]:
    """The JSON Schema (2020-12) that every report of this format obeys."""
    text = files("reports").joinpath("schema", f"health-v{VERSION}.schema.json").read_text(encoding="utf-8")
    loaded: dict[str, Any] = json.loads(text)
    return loaded


def write_list(out: IO[str], items: Iterable[Any]) -> None:
    """Write an array, an item a line, without ever holding it whole."""
    out.write("[")
    batch: list[str] = []
    first = True
    size = 0
    for item in items:
        text = _encode(item)
        batch.append(f"{'' if first else ','}\n{text if text.isprintable() else escape_unseen(text)}")
        first = False
        size += len(text)
        if len(batch) == _BATCH or size > _SIZE:
            out.write("".join(batch))
            batch.clear()
            size = 0
    batch.append("]" if first else "\n]")
    out.write("".join(batch))


def write_object(out: IO[str], value: Any) -> None:
    """Write one value, indented, with nothing invisible in it."""
    out.write(escape_unseen(json.dumps(value, ensure_ascii=False, indent=1, allow_nan=False)))


def finding_object(facts: Facts, one: Issue) -> dict[str, Any]:
    """One issue as the format writes it."""
    return {
        "id": one.id,
        "rule": one.rule,
        "level": LEVEL_KEYS[one.level],
        "pass": one.pass_,
        "confidence": one.confidence,
        "title": one.title,
        "message": one.message,
        "path": one.url,
        "line": one.line or None,
        "column": one.col or None,
        "quote": one.quote,
        "before": one.before,
        "after": one.after,
        "suggestion": one.suggestion,
        "basis": one.basis,
        "basis_url": one.basis_url or None,
        "fingerprint": one.fingerprint,
        "suppressed": one.suppressed,
        "state": one.state,
        "first_seen": one.first_seen,
        "chrome": bool(one.chrome),
        "score_item": one.score_item or None,
        "section": one.section or None,
        "page_title": one.page_title,
        "target": one.target,
        "snapshot": None if one.warc is None else {"file": one.warc, "offset": one.offset, "length": one.length},
        "page_count": one.pages,
        "pages": [] if one.pages < 2 else [{"path": url, "line": line or None} for url, line in facts.pages_of(one.id)],
    }  # fmt: skip


def gone_object(one: Gone) -> dict[str, Any]:
    """One issue put right."""
    return {
        "fingerprint": one.fingerprint,
        "rule": one.rule,
        "level": LEVEL_KEYS[one.level],
        "title": one.title,
        "quote": one.quote,
        "path": one.url,
        "page_title": one.page_title,
        "first_seen": one.first_seen,
    }


def _counts(facts: Facts, state: str | None = None) -> dict[str, int]:
    return {
        **{level.key: facts.count(state=state, level=level) for level in LEVELS},
        "total": facts.count(state=state),
    }


def summary(facts: Facts, sheet: Score) -> dict[str, Any]:
    """The figures on top."""
    run = facts.run
    return {
        "tool": {"name": "shenjiao", "version": run.version},
        "time": run.time or None,
        "run": run.run,
        "started": facts.started,
        "finished": facts.finished or None,
        "previous": facts.previous or None,
        "site": {
            "home": facts.home_url,
            "name": run.config.name or None,
            "unit": run.config.unit or None,
            "code": run.config.code or None,
        },
        "verdict": {
            "overall": facts.verdict.value,
            **{one.key: judged.value for one, judged in facts.verdicts.items()},
        },
        "exit_code": facts.exit_code,
        "blocked": facts.blocking > 0,
        "incomplete": facts.incomplete,
        "pages": facts.pages,
        "unchecked": facts.unchecked,
        "rules": len(run.rules),
        "counts": {**_counts(facts), "suppressed": facts.suppressed, "gone": facts.gone_count},
        "states": {state: _counts(facts, state) for state in STATES},
        "machine_taken": sheet.taken,
        "machine_reach": sheet.reach,
        "vetoes": [{"id": one.id, "state": one.state, "count": one.count} for one in sheet.raised],
        "notices": facts.notices,
        "gaps": facts.run_gaps,
    }


def _pages(facts: Facts) -> Iterator[dict[str, Any]]:
    run = facts.run.run
    db = facts.db
    db.execute("DROP TABLE IF EXISTS temp.health_number")
    db.execute("CREATE TEMP TABLE health_number (url_id INTEGER PRIMARY KEY, number INTEGER NOT NULL)")
    db.execute(
        "INSERT INTO temp.health_number SELECT o.url_id, count(*) FROM issue_page o"
        " CROSS JOIN issue i ON i.run_id = o.run_id AND i.id = o.issue_id"
        " WHERE o.run_id = ? AND i.suppressed IS NULL GROUP BY o.url_id",
        (run,),
    )
    for row in db.execute(_PAGES, (run,)):
        (url, status, failure, message, html_title, title, kind, name, crumbs, published, unchecked, number,
         warc, offset, _, soft) = row  # fmt: skip
        gaps = [
            {"reason": reason, "rule": rule or None, "pass": pass_ or None}
            for reason, rule, pass_ in (unchecked_parts(unchecked) if unchecked not in (None, "[]") else ())
        ]
        if kind is None and not soft and status not in (404, 410) and failure != "robots":
            gaps.append({"reason": message or "网页已抓取，尚未审校", "rule": None, "pass": None})
        yield {
            "url": url,
            "status": status,
            "failure": "soft404" if soft else failure,
            "title": title or html_title or "",
            "column": section_of(facts.run.config, url, name, crumbs, kind) or None,
            "kind": kind,
            "published": published,
            "findings": number,
            "unchecked": gaps,
            "snapshot": None if warc is None else {"file": warc, "offset": offset},
        }


def _link_objects(facts: Facts) -> Iterator[dict[str, Any]]:
    for one in _links.targets(facts):
        yield {
            "url": one.url,
            "final_url": one.final or None,
            "status": one.status,
            "failure": one.failure or None,
            "cause": one.message or None,
            "state": one.state,
            "kind": one.kind,
            "inside": one.inside,
            "page_count": one.pages,
            "pages": list(_links.carriers(facts, one.id))
            if one.state in (_links.DEAD, _links.UNSURE)
            else [],
        }


def write(facts: Facts, sheet: Score, path: Path) -> None:
    """Write the report."""
    with path.open("w", encoding="utf-8", newline="\n") as out:
        out.write(f'{{\n"version":{VERSION},\n"summary":')
        write_object(out, summary(facts, sheet))
        out.write(',\n"findings":')
        write_list(out, (finding_object(facts, one) for one in facts.issues()))
        out.write(',\n"gone":')
        write_list(out, (gone_object(one) for one in facts.gone()))
        out.write(',\n"pages":')
        write_list(out, _pages(facts))
        out.write(',\n"links":')
        write_list(out, _link_objects(facts))
        out.write("\n}\n")
