"""``report.html``: what a supervisor reads in the morning; one file, no requests, readable without scripts.

Everything from outside passes :func:`reports._common.visible` and escaping; the content security
policy allows the inline blocks of ours by their hashes alone.  Long lists are cut, and what was cut
is counted and to be found in the ledger.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

from qa.finding import Finding, Level, Pass
from qa.passes import Verdict
from reports._common import ASKS, LEVELS, SKIPPED, brief, skipped, suggestion, visible
from reports.health import _charts, _links
from reports.health._data import (
    CONFIDENCE_LABELS,
    LEVEL_KEYS,
    LEVEL_LABELS,
    PASS_LABELS,
    STATES,
    Facts,
    Gone,
    Issue,
    column_type,
)
from reports.health._score import CHECKS, NO, VETO_STATES, Score, remark
from reports.html import _digest, _environment, _read

ISSUE_BUDGET = 1_000
"""Issues shown in the page; gravest first, new before old. All of them are in the ledger."""
PAGE_LIMIT = 200
"""Pages listed with one issue."""
PAGE_BUDGET = 10_000
"""Pages listed with all issues together."""
GONE_LIMIT = 500
GAP_LIMIT = 300
SUPPRESSED_LIMIT = 200
COLUMN_LIMIT = 300
DEAD_LIMIT = 300
RULE_LIMIT = 300
_CONTEXT = 60
_QUOTE = 300
_WORDS = 600


def _cut(text: str, limit: int) -> str:
    seen = visible(text[: limit + 1])
    return seen if len(text) <= limit else seen[:limit] + "…"


def _pass_verdict(facts: Facts, pass_: Pass) -> dict[str, str]:
    reached = facts.verdicts[pass_]
    if skipped(facts.run.rules, pass_, reached):
        return {"verdict": Verdict.UNCHECKED.value, "verdict_label": SKIPPED}
    return {"verdict": reached.value, "verdict_label": reached.label}


def _href(url: str) -> str:
    """An address as a link; empty where it is none of HTTP."""
    return url if url.startswith(("http://", "https://")) else ""


class _View:
    """What the template shows, as plain and harmless values."""

    def __init__(self, facts: Facts, sheet: Score) -> None:
        self.facts = facts
        self.sheet = sheet
        self._room = PAGE_BUDGET
        self._rules: set[str] = set()

    def issue(self, one: Issue) -> SimpleNamespace:
        level = LEVEL_KEYS[one.level]
        self._rules.add(one.rule)
        pages: list[dict[str, str]] = []
        if one.pages > 1:
            limit = min(PAGE_LIMIT, self._room)
            pages = [
                {"url": visible(url), "href": _href(url)}
                for url, _ in self.facts.pages_of(one.id, limit=limit)
            ]
            self._room -= len(pages)
        before = one.before[-_CONTEXT:]
        message = "" if one.message == one.title else one.message
        target = one.target or ""
        return SimpleNamespace(
            id=one.id,
            level=level,
            level_label=LEVEL_LABELS[one.level],
            pass_=one.pass_,
            pass_label=PASS_LABELS[one.pass_],
            state=one.state,
            rule=visible(one.rule),
            title=visible(one.title),
            message=_cut(message, _WORDS),
            suggestion=suggestion(cast("Finding", one))[:_WORDS],
            basis=visible(one.basis),
            section=_cut(one.section, _CONTEXT),
            page_title=_cut(one.page_title, 120) or "（无标题）",
            url=visible(one.url),
            href=_href(one.url),
            place=f"源文件第 {one.line} 行" if one.line else "",
            before=("…" if len(one.before) > _CONTEXT else "") + visible(before),
            quote=_cut(one.quote, _QUOTE),
            after=_cut(one.after, _CONTEXT),
            target="" if target == one.quote else visible(target),
            pages=one.pages,
            listed=pages,
            more=one.pages - len(pages),
            chrome=bool(one.chrome),
            confidence=CONFIDENCE_LABELS[one.confidence],
            snapshot=visible(one.snapshot),
            first_seen=self.facts.local(one.first_seen),
            fingerprint=one.fingerprint[:8],
            reason=visible(one.suppressed or ""),
        )

    def groups(self) -> list[dict[str, Any]]:
        """Sections by state, and in each by level; the budget goes to the gravest first."""
        left = ISSUE_BUDGET
        quota: dict[tuple[str, Level], int] = {}
        for level in LEVELS:
            for state in STATES:
                quota[state, level] = min(left, self.facts.count(state=state, level=level))
                left -= quota[state, level]
        sections = []
        for state, label in STATES.items():
            total = self.facts.count(state=state)
            levels = []
            for level in LEVELS:
                number = self.facts.count(state=state, level=level)
                if number:
                    shown = quota[state, level]
                    levels.append(
                        {
                            "key": level.key,
                            "label": level.label,
                            "count": number,
                            "hidden": number - shown,
                            "items": self._issues(state, level, shown),
                        }
                    )
            sections.append({"key": state, "label": label, "count": total, "levels": levels})
        return sections

    def _issues(self, state: str, level: Level, shown: int) -> Iterator[SimpleNamespace]:
        where = "AND i.suppressed IS NULL AND i.state = ? AND i.level = ?"
        for one in self.facts.issues(where, (state, int(level)), limit=shown):
            yield self.issue(one)

    def suppressed(self) -> Iterator[SimpleNamespace]:
        for one in self.facts.issues("AND i.suppressed IS NOT NULL", limit=SUPPRESSED_LIMIT):
            yield self.issue(one)

    def gone(self) -> Iterator[dict[str, str]]:
        for one in self.facts.gone(limit=GONE_LIMIT):
            yield self._gone(one)

    def _gone(self, one: Gone) -> dict[str, str]:
        return {
            "level": LEVEL_KEYS[one.level],
            "level_label": LEVEL_LABELS[one.level],
            "title": visible(one.title),
            "quote": _cut(one.quote, 60),
            "page_title": _cut(one.page_title, 60) or "（无标题）",
            "url": visible(one.url),
            "href": _href(one.url),
            "first_seen": self.facts.local(one.first_seen),
        }

    def gaps(self) -> dict[str, Any]:
        facts = self.facts
        listed = []
        for number, gap in enumerate(facts.gaps()):
            if number == GAP_LIMIT:
                break
            if gap.url:
                scope = PASS_LABELS.get(gap.pass_, "全部审次")
                listed.append(
                    {
                        "url": visible(gap.url),
                        "href": _href(gap.url),
                        "reason": visible(gap.reason),
                        "scope": scope,
                    }
                )
        lines = [
            {"label": visible(message) or _links.KINDS.get(kind, kind), "count": number}
            for kind, message, number in facts.failed
        ]
        if facts.unjudged:
            lines.append({"label": "已抓取，尚未审校", "count": facts.unjudged})
        if facts.partly:
            lines.append({"label": "网页的部分内容没有查完", "count": facts.partly})
        return {
            "run": [visible(one) for one in facts.run_gaps],
            "count": facts.unchecked,
            "lines": lines,
            "listed": listed,
            "hidden": facts.unchecked > len(listed),
        }

    def passes(self) -> list[dict[str, Any]]:
        facts = self.facts
        rows = []
        most = max((facts.count(pass_=one) for one in Pass), default=0)
        for one in Pass:
            counts = [(level, facts.count(pass_=one, level=level)) for level in LEVELS]
            rows.append(
                {
                    "key": one.key,
                    "label": one.label,
                    "short": one.short,
                    "asks": ASKS[one],
                    **_pass_verdict(facts, one),
                    "counts": [{"css": level.key, "count": number} for level, number in counts],
                    "total": sum(number for _, number in counts),
                    "new": facts.count(state="new", pass_=one),
                    "bars": _charts.stack([(level.key, number) for level, number in counts], most),
                }
            )
        return rows

    def sections(self) -> dict[str, Any]:
        """Issues by column."""
        found = self.facts.by_column
        most = max((counts.total() for _, counts in found), default=0)
        rows = [
            {
                "label": _cut(name, 20) or "（未归入栏目）",
                "total": counts.total(),
                "counts": [{"css": level.key, "count": counts[level]} for level in LEVELS],
                "bars": _charts.stack([(level.key, counts[level]) for level in LEVELS], most),
            }
            for name, counts in found[:COLUMN_LIMIT]
        ]
        return {"top": rows[:10], "rest": rows[10:], "hidden": len(found) - len(rows)}

    def trend(self) -> dict[str, Any]:
        nights = self.facts.trend
        return {
            "bars": _charts.trend(nights),
            "rows": [
                {"time": self.facts.local(one.started), "new": one.new, "still": one.still, "gone": one.gone}
                for one in reversed(nights)
            ],
            "first": self.facts.local(nights[0].started)[:10] if nights else "",
            "last": self.facts.local(nights[-1].started)[:10] if nights else "",
            "most": max((one.new + one.still for one in nights), default=0),
        }

    def links(self) -> dict[str, Any]:
        counts: Counter[str] = Counter()
        reasons: Counter[tuple[str, str]] = Counter()
        dead: list[dict[str, Any]] = []
        every = _links.total(self.facts)
        counts[_links.ALIVE] = every
        for one in _links.targets(self.facts, suspects=True):
            counts[_links.ALIVE] -= 1
            counts[one.state] += 1
            if one.state in (_links.DEAD, _links.UNSURE):
                reasons[one.state, _links.reason_of(one)] += 1
            if one.state == _links.DEAD and len(dead) < DEAD_LIMIT:
                first = next(_links.carriers(self.facts, one.id, limit=1), "")
                dead.append(
                    {
                        "url": visible(one.url), "text": _cut(one.text, 40), "resource": one.resource,
                        "scope": one.scope, "status": one.status or "无回应", "cause": visible(one.cause),
                        "pages": one.pages, "first": visible(first), "href": _href(first),
                    }
                )  # fmt: skip
        order = tuple(_links.STATES)
        return {
            "total": every,
            "bars": _charts.share(counts, order),
            "states": [{"css": one, "label": _links.STATES[one], "count": counts[one]} for one in order],
            "reasons": [
                {"state": _links.STATES[state], "label": _links.reason_label(reason), "count": number}
                for (state, reason), number in sorted(
                    reasons.items(), key=lambda item: (order.index(item[0][0]), -item[1], item[0][1])
                )
            ],
            "dead": dead,
            "hidden": counts[_links.DEAD] - len(dead),
        }

    def columns(self) -> dict[str, Any]:
        found = self.facts.columns
        today = self.facts.today
        rows = []
        for one in found[:COLUMN_LIMIT]:
            days = one.idle(today)
            rows.append(
                {
                    "name": _cut(one.name, 30),
                    "href": _href(one.url),
                    "type": column_type(one) or "—",
                    "latest": one.newest or "未找到日期",
                    "days": "—" if days is None else days,
                    "limit": one.days or "—",
                    "overdue": one.stale(today),
                }
            )
        return {"rows": rows, "hidden": len(found) - len(rows)}

    def score(self) -> dict[str, Any]:
        sheet = self.sheet
        return {
            "document": sheet.document,
            "taken": f"{sheet.taken:g}",
            "reach": f"{sheet.reach:g}",
            "remark": remark(sheet),
            "vetoes": [
                {
                    "name": one.name, "state": one.state, "state_label": VETO_STATES[one.state], "count": one.count,
                    "raised": one.raised, "why": one.why, "check": CHECKS[one.check],
                }
                for one in sheet.vetoes
            ],
            "raised": [
                {"name": one.name, "state_label": VETO_STATES[one.state], "count": one.count} for one in sheet.raised
            ],
            "machine": [_line(one) for one in sheet.lines if one.check != NO or one.taken],
            "manual": [_line(one) for one in sheet.lines if one.check == NO and not one.taken],
            "unplaced": [{"item": visible(item), "count": number} for item, number in sheet.unplaced],
        }  # fmt: skip

    def explained(self) -> list[dict[str, str]]:
        """Why of the rules whose issues are shown; asked last, when they are known."""
        return [
            {
                "id": one.id,
                "title": visible(one.title),
                "why": visible(one.why),
                "basis": visible(one.basis.cite),
            }
            for one in sorted(self.facts.run.rules, key=lambda one: one.id)
            if one.id in self._rules
        ][:RULE_LIMIT]


def _line(one: Any) -> dict[str, Any]:
    return {
        "group": one.group, "item": one.item, "rule": one.rule, "statistics": one.statistics,
        "points": f"{one.points:g}", "cap": f"{one.cap:g}", "taken": f"{one.taken:g}", "hit": one.taken > 0,
        "part": one.check == "part", "why": one.why,
    }  # fmt: skip


def _conclusion(facts: Facts) -> str:
    """What happened since last night, in one or two sentences."""
    new, still = facts.count(state="new"), facts.count(state="still")
    if facts.previous:
        words = f"与上次（{facts.local(facts.previous)}）相比，新增 {new} 处，仍存在 {still} 处，已整改 {facts.gone_count} 处。"
    else:
        words = f"首次检查，共发现问题 {new + still} 处。"
    if facts.blocking:
        words += f"其中 {facts.blocking} 处必须改正。"
    if facts.unchecked or facts.run_gaps:
        words += f"另有 {facts.unchecked} 个网页未查完" if facts.unchecked else "本次检查"
        words += "，结论不完整。" if facts.unchecked else "没有覆盖全站，结论不完整。"
    return words


def _context(facts: Facts, sheet: Score) -> dict[str, Any]:
    view = _View(facts, sheet)
    name = visible(facts.run.config.name)
    verdict: Verdict = facts.verdict
    return {
        "view": view,
        "title": f"网站体检报告：{name}" if name else "网站体检报告",
        "name": name,
        "unit": visible(facts.run.config.unit),
        "home": visible(facts.home_url),
        "home_href": _href(facts.home_url),
        "time": facts.local(facts.run.time),
        "started": facts.local(facts.started),
        "version": visible(facts.run.version),
        "pages": facts.pages,
        "absent": facts.absent,
        "barred": facts.barred,
        "rules": len(facts.run.rules),
        "verdict": verdict.value,
        "verdict_label": verdict.label,
        "conclusion": _conclusion(facts),
        "previous": bool(facts.previous),
        "new": facts.count(state="new"),
        "still": facts.count(state="still"),
        "gone_count": facts.gone_count,
        "gone_limit": GONE_LIMIT,
        "suppressed_count": facts.suppressed,
        "suppressed_limit": SUPPRESSED_LIMIT,
        "unchecked": facts.unchecked,
        "total": facts.count(),
        "levels": [
            {"css": one.key, "label": one.label, "brief": brief(one), "count": facts.count(level=one)}
            for one in LEVELS
        ],
        "gaps": view.gaps(),
        "notices": [visible(one) for one in facts.notices],
        "score": view.score(),
        "passes": view.passes(),
        "sections": view.sections(),
        "trend": view.trend(),
        "links": view.links(),
        "calendar": _charts.calendar(facts.by_day, facts.today),
        "columns": view.columns(),
    }


def write(facts: Facts, sheet: Score, path: Path) -> None:
    """Write the page, group by group."""
    from markupsafe import Markup

    style = _read("style.css") + _read("health.css")
    script = _read("health.js")
    policy = (
        f"default-src 'none'; style-src {_digest(style)}; script-src {_digest(script)}; "
        "base-uri 'none'; form-action 'none'; require-trusted-types-for 'script'"
    )
    template = _environment().get_template("health.html.j2")
    stream = template.stream(
        v=_context(facts, sheet),
        csp=Markup(policy),  # noqa: S704 - our own words and hashes
        style=Markup(style),  # noqa: S704 - our own files
        script=Markup(script),  # noqa: S704 - our own file
    )
    stream.enable_buffering(200)
    with path.open("w", encoding="utf-8", newline="\n") as out:
        out.writelines(stream)
