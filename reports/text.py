"""The report for a terminal: documents, in them the passes as people sign them, then a summary.

Of rich only its cell widths are used.  Its console takes 100 ms to import, a sixth of what a cold
start may take, and its wrapping knows nothing of marks that may not begin a line in Chinese.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import chain

from rich.cells import cell_len

from qa.document import Document
from qa.engine import Outcome
from qa.finding import Finding, Level, Pass
from qa.passes import Verdict
from qa.run import Run
from reports._common import (
    LEVELS,
    SKIPPED,
    brief,
    by_pass,
    clip_context,
    conclusion,
    gap_scope,
    is_live,
    known,
    levels_text,
    place,
    reasons,
    skipped,
    suggestion,
    suppressed,
    tally,
    verdict,
    verdicts,
    visible,
)

LABEL = "终端文字报告"
SUFFIX = ".txt"

WIDTH = 100
"""Cells a line where nobody says otherwise."""
_NARROWEST = 48
_RELATED = 3
"""Related places told in full."""
_CLEAN_LISTED = 5
"""More documents without findings than this are counted, not listed."""

_SGR = {
    "bold": "1",
    "dim": "2",
    "title": "1",
    "veto": "1;97;41",
    "error": "1;31",
    "warning": "1;33",
    "note": "1;36",
    "passed": "32",
    "attention": "33",
    "blocked": "1;31",
    "unchecked": "1;35",
    "quote": "1;4",
    "fix": "32",
}

# Marks that may not begin a line, and those that may not end one (禁则, GB/T 15834 section 5).
_NO_START = frozenset("，。、；：？！）》〉」』】〕｝”’…—·％%,.;:?!)]}~～⟩")
_NO_END = frozenset("（《〈「『【〔｛“‘([{⟨")
_TOKEN = re.compile(r"[!-~]+|.", re.DOTALL)

Piece = tuple[str, str]
"""Text and the name of its style; empty for plain text."""


@dataclass(frozen=True)
class _Page:
    """Where lines go: width and whether to colour."""

    width: int
    color: bool

    def paint(self, text: str, style: str) -> str:
        if not (self.color and style and text):
            return text
        return f"\x1b[{_SGR[style]}m{text}\x1b[0m"

    def line(self, *pieces: Piece) -> str:
        return "".join(self.paint(text, style) for text, style in pieces).rstrip()

    def block(self, indent: int, pieces: list[Piece], hang: int = 0) -> Iterator[str]:
        """Pieces wrapped to the width, ``indent`` cells in, further lines ``hang`` cells more."""
        for number, row in enumerate(_wrap(pieces, self.width - indent, hang)):
            yield " " * (indent + (hang if number else 0)) + self.line(*row)


def _wrap(pieces: list[Piece], width: int, hang: int = 0) -> list[list[Piece]]:
    """Break pieces into lines of at most ``width`` cells, Chinese marks kept where they may stand."""
    rows: list[list[tuple[str, str, int]]] = [[]]
    room = limit = max(width, 8)
    used = 0
    tokens = [
        (word, style)
        for text, style in pieces
        for token in _TOKEN.findall(text)
        for word in ([token] if cell_len(token) <= room - hang else list(token))
    ]
    for word, style in tokens:
        size = cell_len(word)
        row = rows[-1]
        if row and used + size > limit:
            carried: list[tuple[str, str, int]] = []
            first = word
            while len(row) > 1 and (first[0] in _NO_START or row[-1][0][-1] in _NO_END):
                carried.insert(0, row.pop())
                first = first if carried[0][0] == " " else carried[0][0]
            if carried and carried[0][0] == " ":
                del carried[0]
            rows.append(carried)
            limit = room - hang
            used = sum(item[2] for item in carried)
            row = rows[-1]
        if word == " " and not row and len(rows) > 1:
            continue
        row.append((word, style, size))
        used += size
    return [_join(row) for row in rows]


def _join(row: list[tuple[str, str, int]]) -> list[Piece]:
    joined: list[Piece] = []
    for word, style, _ in row:
        if joined and joined[-1][1] == style:
            joined[-1] = (joined[-1][0] + word, style)
        else:
            joined.append((word, style))
    return joined


def _pad(text: str, width: int) -> str:
    return text + " " * max(0, width - cell_len(text))


def _lead(text: str, width: int) -> str:
    return " " * max(0, width - cell_len(text)) + text


def _finding(page: _Page, finding: Finding, document: Document | None, places: int) -> Iterator[str]:
    indent = 4 + places + 2
    label = finding.level.label
    head: list[Piece] = [
        (_pad(place(finding.start), places + 2), "bold"),
        (label, finding.level.key),
        ("  ", ""),
        (visible(finding.title), "title"),
    ]
    if finding.baseline == "new":
        head.append(("  新增", "dim"))
    if finding.chrome:
        head.append(("  页面框架", "dim"))
    yield from page.block(4, head, places + 2)
    (before, after), quote = clip_context(finding, document), visible(finding.quote)
    marks = ("", "") if page.color else ("【", "】")
    context: list[Piece] = [(before, "dim")]
    context.append((f"{marks[0]}{quote}{marks[1]}" if quote else "▲", "quote"))
    context.append((after, "dim"))
    yield from page.block(indent, context)
    message = visible(finding.message)
    if message and message != visible(finding.title):
        yield from page.block(indent, [(message, "")])
    if advice := suggestion(finding):
        yield from page.block(indent, [("建议：", ""), (advice, "fix")], 6)
    if finding.related:
        others = [
            f"{place(one.start)} {visible(one.message)}“{visible(one.quote)}”" for one in finding.related
        ]
        more = f"；等 {len(others)} 处" if len(others) > _RELATED else ""
        yield from page.block(indent, [("参见：", "dim"), ("；".join(others[:_RELATED]) + more, "dim")], 6)
    basis = f"依据：{visible(finding.basis)}" if finding.basis else ""
    rule = f"规则：{visible(finding.rule)}  编号：{finding.fingerprint[:8]}"
    together = f"{basis}  {rule}".strip()
    for words in [together] if cell_len(together) <= page.width - indent else filter(None, (basis, rule)):
        yield from page.block(indent, [(words, "dim")], 6)


def _document(page: _Page, run: Run, outcome: Outcome) -> Iterator[str]:
    judged = verdicts(run, outcome)
    overall = max(judged.values(), key=[*_ORDER].index)
    live = [one for one in outcome.findings if is_live(one)]
    yield page.paint("─" * page.width, "dim")
    label = overall.label
    name = _wrap([(visible(outcome.path), "title")], page.width - cell_len(label) - 4)
    for number, row in enumerate(name):
        if number:
            yield page.line(*row)
        else:
            gap = page.width - cell_len(label) - sum(cell_len(text) for text, _ in row)
            yield page.line(*row, (" " * max(2, gap), ""), (label, overall.value))
    if outcome.title and outcome.title != outcome.path:
        yield from page.block(0, [(visible(outcome.title), "dim")])
    for unchecked in outcome.unchecked:
        words = f"{visible(unchecked.reason)}（{gap_scope(unchecked)}）"
        yield from page.block(2, [("未查完：", "unchecked"), (words, "unchecked")], 8)
    for notice in outcome.notices:
        yield from page.block(2, [("提醒：", "attention"), (visible(notice), "")], 6)
    places = max((len(place(one.start)) for one in live), default=0)
    empty: dict[Verdict, list[str]] = {Verdict.UNCHECKED: [], Verdict.PASSED: []}
    for pass_, found in by_pass(live):
        if not found:
            if not skipped(run.rules, pass_, judged[pass_]):
                empty[judged[pass_]].append(pass_.label)
            continue
        yield ""
        counts = levels_text(tally(found))
        yield page.line(
            ("  ", ""),
            (pass_.label, "bold"),
            ("  ", ""),
            (judged[pass_].label, judged[pass_].value),
            ("  " + counts, ""),
        )
        for finding in found:
            yield from _finding(page, finding, outcome.document, places)
    yield ""
    for outcome_, names in empty.items():
        if len(names) == len(Pass):
            yield from page.block(2, [(f"六个审次均{outcome_.label}", outcome_.value)])
        elif names:
            lead = f"{outcome_.label}："
            yield from page.block(2, [(lead, outcome_.value), ("、".join(names), "")], cell_len(lead))
    yield from _set_aside(page, outcome)


def _set_aside(page: _Page, outcome: Outcome) -> Iterator[str]:
    ignored = suppressed(outcome.findings)
    if ignored:
        yield from page.block(2, [(f"已忽略 {len(ignored)} 处：{_reasons(ignored)}", "dim")], 4)
    old = known(outcome.findings)
    if old:
        yield page.line(("  ", ""), (f"基线已有 {len(old)} 处，不再列出", "dim"))


def _reasons(findings: list[Finding]) -> str:
    return "；".join(f"{visible(reason)}（{number} 处）" for reason, number in reasons(findings))


_ORDER = (Verdict.PASSED, Verdict.ATTENTION, Verdict.UNCHECKED, Verdict.BLOCKED)


def _summary(page: _Page, run: Run) -> Iterator[str]:
    yield page.paint("═" * page.width, "dim")
    head = ["审次", "结论", *(brief(level) for level in LEVELS)]
    widths = [13, 8, *(6 for _ in LEVELS)]

    def row(cells: list[str], styles: list[str]) -> str:
        texts = [
            _pad(cell, width) if number < 2 else _lead(cell, width)
            for number, (cell, width) in enumerate(zip(cells, widths, strict=True))
        ]
        return page.line(("  ", ""), *zip(texts, styles, strict=True))

    if run.outcomes:
        yield row(head, ["dim"] * len(head))
    for pass_, found in chain(by_pass(run.live), [(None, run.live)]) if run.outcomes else ():
        counts = tally(found)
        outcome = verdict(run, pass_)
        numbers = [str(counts[level]) if counts[level] else "-" for level in LEVELS]
        styles = [level.key if counts[level] and level is not Level.VETO else "" for level in LEVELS]
        name = pass_.label if pass_ else "合计"
        said = (
            (SKIPPED, "dim")
            if pass_ and skipped(run.rules, pass_, outcome)
            else (outcome.label, outcome.value)
        )
        yield row([name, said[0], *numbers], ["bold", said[1], *styles])
    if run.outcomes:
        yield ""
    ignored, old = suppressed(run.findings), known(run.findings)
    if ignored:
        yield from page.block(2, [(f"已忽略 {len(ignored)} 处：{_reasons(ignored)}", "")], 4)
    if run.baseline or old or run.gone:
        new = sum(1 for one in run.live if one.baseline == "new")
        words = f"与基线相比：新增 {new} 处，原有 {len(old)} 处，已消除 {len(run.gone)} 处"
        yield from page.block(2, [(words, "")], 4)
    lacking = sum(1 for outcome in run.outcomes if outcome.unchecked)
    if lacking:
        yield from page.block(2, [(f"未查完的文档 {lacking} 篇，原因见上", "unchecked")], 4)
    for notice in run.notices:
        yield from page.block(2, [("提醒：", "attention"), (visible(notice), "")], 6)
    overall = verdict(run)
    label = overall.label if run.outcomes else "未检查"
    style = overall.value if run.outcomes else "unchecked"
    yield from page.block(2, [("结论：", "bold"), (label, style), ("  " + conclusion(run), "")], 6)


def render_text(run: Run, *, width: int = WIDTH, color: bool = False) -> str:
    """The report as text.

    Args:
        run: what to tell.
        width: cells a line, at least 48.
        color: whether to write ANSI colours; say no when the output is no terminal.
    """
    page = _Page(max(width, _NARROWEST), color)
    lines: list[str] = []
    counts = levels_text(tally(run.findings))
    found = f"，发现 {len(run.live)} 处问题（{counts}）" if counts else ""
    head: list[Piece] = [("审校报告", "title"), (f"  共 {len(run.outcomes)} 篇{found}", "")]
    if run.time:
        head.append((f"  {visible(run.time)}", "dim"))
    lines.extend(page.block(0, head))
    clean: list[Outcome] = []
    for outcome in run.outcomes:
        if outcome.unchecked or outcome.notices or any(is_live(one) for one in outcome.findings):
            lines.extend(_document(page, run, outcome))
        else:
            clean.append(outcome)
    if clean:
        lines.append(page.paint("─" * page.width, "dim"))
    if len(clean) > _CLEAN_LISTED:
        lines.append(page.line(("通过", "passed"), (f"  {len(clean)} 篇没有需要处理的问题", "")))
    else:
        for outcome in clean:
            lines.extend(page.block(0, [("通过", "passed"), ("  " + visible(outcome.path), "")], 6))
            lines.extend(_set_aside(page, outcome))
    lines.extend(_summary(page, run))
    return "\n".join(lines) + "\n"


def render(run: Run) -> bytes:
    """Plain text, 100 cells wide, without colour."""
    return render_text(run).encode("utf-8")
