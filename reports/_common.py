"""What several formats need: harmless text, verdicts, counts, and the sentences that sum them up."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING
from urllib.parse import quote

from qa.document import Document
from qa.engine import CONTEXT, Outcome
from qa.finding import Finding, Level, Pass
from qa.passes import Unchecked, Verdict, judge, worst
from qa.run import Run
from qa.source import Position

if TYPE_CHECKING:
    from qa.rule import Rule
    from qa.site.model import SiteRule

LEVELS: tuple[Level, ...] = tuple(sorted(Level, reverse=True))
"""Gravest first, the order in which people read them."""

SKIPPED = "没有查"
"""Verdict, in words, of a pass none of whose rules was in force."""
ASKS: Mapping[Pass, str] = {
    Pass.PROOF1: "错别字、漏字、重字、用词",
    Pass.PROOF2: "标点、数字、公文格式、版式",
    Pass.PROOF3: "数据、日期、文号、链接、附件",
    Pass.REVIEW1: "机构、人员、地名、固定提法",
    Pass.REVIEW2: "敏感与慎用表述、危险链接",
    Pass.REVIEW3: "标题、时间、来源、栏目要素",
}
"""What each pass looks at, in few words."""

# Controls, format characters (bidi overrides, zero-width ones, tags), separators that break lines,
# lone surrogates and noncharacters: all that could hide text, reorder it or drive a terminal.
_UNSEEN = (
    "\x00-\x1f\x7f-\x9f\xad\u0600-\u0605\u061c\u06dd\u070f\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f"
    "\ud800-\udfff\ufeff\ufff9-\ufffb\ufffe\uffff\U000e0000-\U000e007f"
)
_INVISIBLE = re.compile(f"[{_UNSEEN}]")
_SURROGATE = re.compile("[\ud800-\udfff]")
_HARD_SURROGATE = re.compile("[\ud800-\udc7f\udd00-\udfff]")
_BREAKS = re.compile(r"[ \t\r\n]+")
_SCHEME = re.compile(r"[A-Za-z][A-Za-z0-9+.-]+://")
_DRIVE = re.compile(r"[A-Za-z]:[/\\]")


def visible(text: str) -> str:
    """Text in which nothing hides: controls, bidi overrides and the like read ``⟨U+202E⟩``.

    Line breaks and tabs become spaces: what calls this shows a line.
    """
    if text.isprintable() and "  " not in text:  # nearly always, and four times as fast
        return text
    return _INVISIBLE.sub(_name, _BREAKS.sub(" ", text))


def visible_lines(text: str) -> str:
    """As :func:`visible`, but line breaks stay."""
    return "\n".join(visible(line) for line in text.split("\n"))


def _name(match: re.Match[str]) -> str:
    return f"⟨U+{ord(match.group()):04X}⟩"


def encodable(text: str) -> str:
    """Text that UTF-8 can hold: lone surrogates (from file names) become U+FFFD."""
    return _SURROGATE.sub("\ufffd", text)


def escape_unseen(serialised: str) -> str:
    """JSON with invisible characters written as escapes: the values stay exact, nothing hides.

    Line feeds are the layout of the JSON itself and stay.
    """
    return _INVISIBLE.sub(_json_escape, serialised)


def _json_escape(match: re.Match[str]) -> str:
    char = match.group()
    if char == "\n":
        return char
    units = char.encode("utf-16-be", "surrogatepass")
    return "".join(f"\\u{units[i] << 8 | units[i + 1]:04x}" for i in range(0, len(units), 2))


def uri(path: str) -> tuple[str, bool]:
    """URI reference of an input's name, percent-encoded, and whether it is relative.

    Addresses stay absolute; absolute paths become ``file:``; file names that are no valid UTF-8
    keep their bytes.
    """
    if _SCHEME.match(path):
        return quote(encodable(path), safe="%/:?#[]@!$&'()*+,;=~"), False
    raw = _HARD_SURROGATE.sub("\ufffd", path).encode("utf-8", "surrogateescape")
    if path.startswith("/"):
        return "file://" + quote(raw, safe="/~!$&'()*+,;=@"), False
    if _DRIVE.match(path):
        return "file:///" + quote(raw.replace(b"\\", b"/"), safe="/:~!$&'()*+,;=@"), False
    return quote(raw.removeprefix(b"./"), safe="/~!$&'()*+,;=@"), True


def place(position: Position) -> str:
    """``12:5``."""
    return f"{position.line}:{position.column}"


def brief(level: Level) -> str:
    """Name of a level for the head of a narrow column."""
    return "否决" if level is Level.VETO else level.label


def clip_context(finding: Finding, document: Document | None = None) -> tuple[str, str]:
    """Words around the quote, with an ellipsis where the engine cut them off.

    A quote from the source (an ``href``, say) has the words people see at its place after it;
    they are told apart from the quote, and not told twice where they are the same.
    """
    before, after = finding.before, finding.after
    start = finding.text_span.start
    beside = bool(
        document and finding.quote and after and not before and document.text.startswith(after, start)
    )
    cut = len(after) >= CONTEXT
    if beside and after.startswith(finding.quote):
        after = after[len(finding.quote) :]
        beside = False
    after = visible(after) + ("…" if cut else "")
    if beside:
        after = f"（页面文字：{after}）"
    return ("…" if len(before) >= CONTEXT else "") + visible(before), after


def suggestion(finding: Finding) -> str:
    """The suggestion to show; empty where the message already holds it.

    Marks standing alone are put in quotation marks, else nobody sees them.
    """
    words = finding.suggestion
    if len(words) > 1 and words in finding.message:
        return ""
    return f"“{visible(words)}”" if words and not any(char.isalnum() for char in words) else visible(words)


def is_live(finding: Finding) -> bool:
    """Whether a finding counts: neither suppressed nor known to the baseline."""
    return finding.suppressed is None and finding.baseline != "unchanged"


def suppressed(findings: Iterable[Finding]) -> list[Finding]:
    """Those somebody chose to ignore."""
    return [one for one in findings if one.suppressed is not None]


def known(findings: Iterable[Finding]) -> list[Finding]:
    """Those the baseline holds already (suppressed ones apart)."""
    return [one for one in findings if one.suppressed is None and one.baseline == "unchanged"]


def reasons(findings: Iterable[Finding]) -> list[tuple[str, int]]:
    """Reasons of suppressed findings with their numbers, most frequent first."""
    counted = Counter(one.suppressed or "（未写理由）" for one in findings if one.suppressed is not None)
    return sorted(counted.items(), key=lambda item: (-item[1], item[0]))


def verdicts(run: Run, outcome: Outcome) -> Mapping[Pass, Verdict]:
    """Verdicts of a document; worked out here where nobody settled it, so that none passes unseen."""
    return outcome.verdicts or judge(outcome.findings, outcome.unchecked, run.gates)


def skipped(rules: Iterable[Rule | SiteRule], pass_: Pass, reached: Verdict) -> bool:
    """Whether no rule of a pass was in force, so that its verdict, where it is ``PASSED``, says nothing.

    Without any rule at all nobody said which were in force.
    """
    if reached is not Verdict.PASSED:
        return False
    passes = {one.passes for one in rules}
    return bool(passes) and pass_ not in passes


def verdict(run: Run, pass_: Pass | None = None) -> Verdict:
    """The gravest verdict of a pass, or of all, over all documents."""
    return worst(
        one
        for outcome in run.outcomes
        for key, one in verdicts(run, outcome).items()
        if pass_ is None or key is pass_
    )


def tally(findings: Iterable[Finding]) -> Counter[Level]:
    """Live findings by level."""
    return Counter(one.level for one in findings if is_live(one))


def levels_text(counts: Mapping[Level, int]) -> str:
    """``错误 2、警告 1``; empty where there is nothing to count."""
    return "、".join(f"{level.label} {counts[level]}" for level in LEVELS if counts.get(level))


def gaps(run: Run) -> list[tuple[Outcome, Unchecked]]:
    """Everything that went unchecked, with its document."""
    return [(outcome, gap) for outcome in run.outcomes for gap in outcome.unchecked]


def gap_scope(gap: Unchecked) -> str:
    """Which pass a gap leaves open."""
    return gap.pass_.label if gap.pass_ else "全部审次"


def conclusion(run: Run) -> str:
    """One sentence for the person who decides whether to publish."""
    if not run.outcomes:
        return "没有检查任何文档。"
    blocking = sum(1 for one in run.findings if run.gates.blocks(one))
    rest = len(run.live) - blocking
    outcome = verdict(run)
    missing = "；另有内容未查完" if run.incomplete else ""
    if outcome is Verdict.BLOCKED:
        return f"有 {blocking} 处问题必须改正，改正后请重新检查{missing}。"
    if outcome is Verdict.UNCHECKED:
        return "有内容未能检查，结论不完整，请排除原因后重新检查。"
    if outcome is Verdict.ATTENTION:
        return f"没有必须改正的问题，有 {rest} 处请编辑斟酌。"
    return "未发现问题。"


def heading(outcome: Outcome) -> str:
    """What people call a document: its title, else its path."""
    return outcome.title or outcome.path


def by_pass(findings: Sequence[Finding]) -> list[tuple[Pass, list[Finding]]]:
    """Findings of each pass, in the order of the passes; empty ones too."""
    return [(one, [finding for finding in findings if finding.pass_ is one]) for one in Pass]
