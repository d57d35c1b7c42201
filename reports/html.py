"""The report a supervisor opens: one file, no requests, readable on a phone and on paper.

Everything that comes from outside passes through :func:`reports._common.visible` and through
escaping, and the content security policy allows the two inline blocks of ours by their hashes
alone, so that neither an article nor a file name can run.
"""

from __future__ import annotations

import base64
import hashlib
from collections import Counter
from dataclasses import dataclass, field
from datetime import datetime
from importlib.resources import files
from typing import TYPE_CHECKING, Any

from qa.document import Document
from qa.engine import Outcome
from qa.finding import Finding, Level, Pass
from qa.passes import Verdict
from qa.run import Run
from reports._article import Article
from reports._common import (
    ASKS,
    LEVELS,
    SKIPPED,
    brief,
    clip_context,
    conclusion,
    gap_scope,
    gaps,
    is_live,
    known,
    place,
    skipped,
    suggestion,
    suppressed,
    tally,
    verdict,
    verdicts,
    visible,
)

if TYPE_CHECKING:
    from jinja2 import Environment

LABEL = "网页报告（单个文件，可离线打开、打印）"
SUFFIX = ".html"

ARTICLE_BUDGET = 400_000
"""Characters of articles shown whole in one report; beyond, only the blocks around findings are."""
_EXPLAINED_LIMIT = 500


@dataclass(frozen=True)
class _Word:
    """A label with the class that colours it."""

    css: str
    label: str
    brief: str = ""
    count: int = 0


@dataclass
class _Item:
    """A finding as the template shows it: harmless strings only."""

    number: int
    level: str
    level_label: str
    pass_key: str
    pass_label: str
    rule: str
    title: str
    where: str
    where_words: str
    before: str
    quote: str
    after: str
    message: str
    suggestion: str
    basis: str
    confidence: str
    fingerprint: str
    new: bool
    chrome: bool
    reason: str
    related: list[dict[str, str]]
    marked: bool = False


@dataclass
class _Entry:
    """A document as the template shows it."""

    index: int
    name: str
    path: str
    verdict: _Word
    counts: list[_Word]
    strip: list[dict[str, Any]]
    gaps: list[dict[str, str]]
    notices: list[str]
    items: list[_Item] = field(default_factory=list)
    suppressed: list[_Item] = field(default_factory=list)
    known: list[_Item] = field(default_factory=list)
    article: Any = ""
    abridged: bool = False

    @property
    def detailed(self) -> bool:
        """Whether there is anything to say beyond the line in the overview."""
        return bool(self.items or self.suppressed or self.known or self.gaps or self.notices)


def _pass(run: Run, pass_: Pass, verdict_: Verdict) -> _Word:
    return _Word("unchecked", SKIPPED) if skipped(run.rules, pass_, verdict_) else _judged(verdict_)


def _judged(verdict_: Verdict) -> _Word:
    return _Word(verdict_.value, verdict_.label)


def _counted(counts: Counter[Level]) -> list[_Word]:
    return [_Word(level.key, level.label, brief(level), counts[level]) for level in LEVELS]


def _item(finding: Finding, number: int, document: Document | None) -> _Item:
    before, after = clip_context(finding, document)
    message, title = visible(finding.message), visible(finding.title)
    return _Item(
        number=number,
        level=finding.level.key,
        level_label=finding.level.label,
        pass_key=finding.pass_.key,
        pass_label=finding.pass_.label,
        rule=visible(finding.rule),
        title=title,
        where=place(finding.start),
        where_words=f"源文件第 {finding.start.line} 行第 {finding.start.column} 列",
        before=before,
        quote=visible(finding.quote),
        after=after,
        message="" if message == title else message,
        suggestion=suggestion(finding),
        basis=visible(finding.basis),
        confidence=finding.confidence.label,
        fingerprint=finding.fingerprint[:8],
        new=finding.baseline == "new",
        chrome=finding.chrome,
        reason=visible(finding.suppressed or "（未写理由）"),
        related=[
            {"where": place(one.start), "message": visible(one.message), "quote": visible(one.quote)}
            for one in finding.related
        ],
    )


def _entry(run: Run, outcome: Outcome, index: int, *, abridged: bool) -> _Entry:
    judged = verdicts(run, outcome)
    live = [one for one in outcome.findings if is_live(one)]
    per_pass = Counter(one.pass_ for one in live)
    entry = _Entry(
        index=index,
        name=visible(outcome.title or outcome.path),
        path=visible(outcome.path),
        verdict=_judged(verdict(Run([outcome], gates=run.gates))),
        counts=_counted(tally(live)),
        strip=[
            {"label": one.label, "verdict": _pass(run, one, judged[one]), "count": per_pass[one]}
            for one in Pass
        ],
        gaps=[{"scope": gap_scope(gap), "reason": visible(gap.reason)} for gap in outcome.unchecked],
        notices=[visible(notice) for notice in outcome.notices],
        items=[_item(one, number, outcome.document) for number, one in enumerate(live, 1)],
        suppressed=[_item(one, 0, outcome.document) for one in suppressed(outcome.findings)],
        known=[_item(one, 0, outcome.document) for one in known(outcome.findings)],
    )
    if live and outcome.document is not None and outcome.document.blocks:
        article = Article(outcome.document, live, index, abridged=abridged)
        entry.article = article.render()
        entry.abridged = article.omitted > 0
        for item in entry.items:
            item.marked = item.number in article.placed
    return entry


def _chart(run: Run) -> list[dict[str, Any]]:
    rows = [(one, tally(finding for finding in run.live if finding.pass_ is one)) for one in Pass]
    most = max((counts.total() for _, counts in rows), default=0)
    if not most:
        return []
    chart = []
    for one, counts in rows:
        at = 0.0
        bars = []
        for level in LEVELS:
            width = counts[level] * 1000 / most
            if width:
                bars.append({"css": level.key, "x": f"{at:.1f}", "width": f"{width:.1f}"})
            at += width
        chart.append({"label": one.label, "bars": bars, "total": counts.total(), "counts": counts})
    return chart


def _chart_words(chart: list[dict[str, Any]]) -> str:
    rows = (
        f"{row['label']} {row['total']} 处"
        + "".join(f"，{level.label} {row['counts'][level]}" for level in LEVELS if row["counts"][level])
        for row in chart
    )
    return "；".join(rows)


def _aside(run: Run) -> str:
    """What is not counted above."""
    parts = []
    if ignored := suppressed(run.findings):
        parts.append(f"另有 {len(ignored)} 处已说明理由并忽略")
    old = known(run.findings)
    if run.baseline or old or run.gone:
        new = sum(1 for one in run.live if one.baseline == "new")
        parts.append(f"与基线相比，新增 {new} 处，原有 {len(old)} 处，已消除 {len(run.gone)} 处")
    return "；".join(parts) + "。" if parts else ""


def _found_rules(run: Run) -> list[dict[str, Any]]:
    counts = Counter((one.rule, one.title) for one in run.live)
    merged: dict[str, dict[str, Any]] = {}
    for (identifier, title), number in sorted(counts.items()):
        entry = merged.setdefault(
            identifier, {"id": visible(identifier), "title": visible(title), "count": 0}
        )
        entry["count"] += number
    return sorted(merged.values(), key=lambda one: (-one["count"], one["id"]))


def _explained(run: Run) -> list[dict[str, str]]:
    found = {one.rule for one in run.live}
    return [
        {"id": one.id, "title": visible(one.title), "why": visible(one.why), "basis": visible(one.basis.cite)}
        for one in sorted(run.rules, key=lambda one: one.id)
        if one.id in found
    ][:_EXPLAINED_LIMIT]


def _view(run: Run) -> dict[str, Any]:
    """Everything the template needs, in plain and harmless values."""
    bodies = (
        len(outcome.document.text)
        for outcome in run.outcomes
        if outcome.document is not None and any(is_live(one) for one in outcome.findings)
    )
    abridged = sum(bodies) > ARTICLE_BUDGET
    documents = [
        _entry(run, outcome, index, abridged=abridged) for index, outcome in enumerate(run.outcomes, 1)
    ]
    live = run.live
    per_pass = {one: tally(finding for finding in live if finding.pass_ is one) for one in Pass}
    chart = _chart(run)
    subject = documents[0].name if len(documents) == 1 else ""
    clean = [one for one in documents if not (one.items or one.gaps)]
    return {
        "title": f"内容审校报告：{subject}" if subject else "内容审校报告",
        "subject": subject,
        "time": _moment(run.time),
        "version": visible(run.version),
        "rules": len(run.rules),
        "baseline": visible(run.baseline),
        "verdict": _judged(verdict(run)) if run.outcomes else _Word("unchecked", "未检查"),
        "conclusion": conclusion(run),
        "tiles": _counted(tally(live)),
        "levels": [_Word(level.key, level.label, brief(level)) for level in LEVELS],
        "gaps": [
            {"path": visible(outcome.path), "scope": gap_scope(gap), "reason": visible(gap.reason)}
            for outcome, gap in gaps(run)
        ],
        "notices": [visible(notice) for notice in run.notices],
        "sheet": [
            {
                "key": one.key,
                "short": one.short,
                "label": one.label,
                "asks": ASKS[one],
                "verdict": _pass(run, one, verdict(run, one))
                if run.outcomes
                else _Word("unchecked", "未检查"),
                "counts": _counted(counts),
                "total": counts.total(),
            }
            for one, counts in per_pass.items()
        ],
        "aside": _aside(run),
        "chart": chart,
        "chart_words": _chart_words(chart),
        "many": len(documents) > 1,
        "documents": documents,
        "open": [one for one in documents if one.items or one.gaps],
        "clean": clean,
        "with_findings": [one for one in documents if one.items],
        "total": len(live),
        "found_rules": _found_rules(run),
        "gone": [
            {"path": visible(one.path), "quote": visible(one.quote), "rule": visible(one.rule)}
            for one in run.gone
        ],
        "explained": _explained(run),
    }


def _moment(time: str) -> str:
    """Time as people write it; left alone where it is no ISO time."""
    try:
        moment = datetime.fromisoformat(time)
    except ValueError:
        return visible(time)
    return f"{moment.year}年{moment.month}月{moment.day}日 {moment:%H:%M}"


def _read(name: str) -> str:
    return files("reports").joinpath("templates", name).read_text(encoding="utf-8")


def _digest(block: str) -> str:
    return "'sha256-" + base64.b64encode(hashlib.sha256(block.encode("utf-8")).digest()).decode("ascii") + "'"


def _environment() -> Environment:
    from jinja2 import Environment, FunctionLoader, StrictUndefined

    return Environment(
        loader=FunctionLoader(_read),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )


def render(run: Run) -> bytes:
    """One self-contained page."""
    from markupsafe import Markup

    style, script = _read("style.css"), _read("script.js")
    policy = (
        f"default-src 'none'; style-src {_digest(style)}; script-src {_digest(script)}; "
        "base-uri 'none'; form-action 'none'; require-trusted-types-for 'script'"
    )
    page = (
        _environment()
        .get_template("report.html.j2")
        .render(
            v=_view(run),
            csp=Markup(policy),  # noqa: S704 - our own words and hashes
            style=Markup(style),  # noqa: S704 - our own file
            script=Markup(script),  # noqa: S704 - our own file
        )
    )
    return page.encode("utf-8")
