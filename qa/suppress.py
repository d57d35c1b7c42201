"""Suppression: a comment in the text that says what to ignore, and why.

* ``<!-- 审校忽略 RULE[,RULE…]：理由 -->`` — the line it stands on and the block that follows;
* ``<!-- 审校忽略开始 RULE：理由 -->`` … ``<!-- 审校忽略结束 -->`` — all between;
* ``<!-- 审校忽略全文 RULE：理由 -->`` — the whole document.

``shenjiao-ignore``, ``-start``, ``-end`` and ``-file`` mean the same.  A rule is named by id,
family or title.  Without a reason nothing is suppressed, and that is itself reported.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from qa.config import Names, suggest
from qa.document import Comment, Document, Role
from qa.engine import document_identity
from qa.finding import Confidence, Finding, Level, Pass, fingerprint
from qa.passes import Unchecked
from qa.rule import Bad, Good, Hit, Rule
from qa.source import Source, Span
from qa.standard import Standard, Trust

LONG_LINE = 1000
"""A line longer than this is a whole page written in one; there only the block before a comment
counts as its line."""

_GUIDE = Standard("shenjiao", "审校使用约定", trust=Trust.COMPUTED)
_MARKS = ("审校忽略", "shenjiao-ignore")
_COMMENT = re.compile(r"<!--(.*?)-->", re.DOTALL)
_DIRECTIVE = re.compile(
    r"\s*(?:审校忽略\s*(?P<zh>开始|结束|全文)?|shenjiao-ignore(?:-(?P<en>start|end|file))?(?![\w-]))(?P<rest>.*)",
    re.DOTALL,
)
_KINDS = {"开始": "start", "结束": "end", "全文": "file"}
_REASON = re.compile(r"\w.*\w", re.DOTALL)
_SPLIT = re.compile(r"[,，、\s]+")


def _nothing(_document: Document) -> Iterable[Hit]:
    return ()


def _rule(name: str, title: str, level: Level, why: str, bad: str, good: str) -> Rule:
    made = Rule(
        _nothing,
        title,
        level,
        Pass.REVIEW3,
        _GUIDE["忽略注释"],
        (Bad(bad),),
        (Good(good),),
        why,
    )
    made.id = f"suppress/{name}"
    return made


NO_REASON = _rule(
    "no_reason",
    "忽略注释没有写理由",
    Level.WARNING,
    "忽略一处问题等于签字放行，须写明理由，日后才说得清。没有理由的忽略注释不起作用。",
    "⟦<!-- 审校忽略 typo -->⟧",
    "<!-- 审校忽略 typo：引文，原文如此 -->",
)
UNKNOWN_RULE = _rule(
    "unknown_rule",
    "忽略注释里的规则名不存在",
    Level.WARNING,
    "规则名写错时忽略不起作用，问题照报。可用 shenjiao rules 查规则名。",
    "⟦<!-- 审校忽略 typpo：引文，原文如此 -->⟧",
    "<!-- 审校忽略 typo：引文，原文如此 -->",
)
UNUSED = _rule(
    "unused",
    "忽略注释没有用上",
    Level.NOTE,
    "所指的问题已经不在，忽略注释应当删去，免得日后盖住新的问题。",
    "⟦<!-- 审校忽略 typo：引文，原文如此 -->⟧",
    "（所指的问题仍在时不报）",
)
UNPAIRED = _rule(
    "unpaired",
    "忽略注释的开始与结束不成对",
    Level.WARNING,
    "只有开始没有结束，忽略会一直延续到文末；只有结束没有开始，则不起作用。",
    "⟦<!-- 审校忽略开始 typo：引文，原文如此 -->⟧",
    "<!-- 审校忽略开始 typo：引文，原文如此 --><!-- 审校忽略结束 -->",
)
RULES = (NO_REASON, UNKNOWN_RULE, UNPAIRED, UNUSED)


@dataclass
class Directive:
    """One comment that wants something ignored.

    Attributes:
        kind: empty, ``start``, ``end`` or ``file``.
        rules: ids by the name they were given by.
        scope: range of the source it covers; ``None`` covers nothing.
    """

    comment: Comment
    kind: str
    names: tuple[str, ...]
    reason: str
    rules: dict[str, frozenset[str]] = field(default_factory=dict)
    scope: Span | None = None
    used: set[str] = field(default_factory=set)


def parse(comment: Comment, names: Names) -> Directive | None:
    """The directive in a comment, if it is one."""
    match = _DIRECTIVE.match(comment.text)
    if match is None:
        return None
    kind = _KINDS.get(match["zh"] or "", match["en"] or "")
    wanted, reason = (part.strip() for part in (*re.split("[:：]", match["rest"], maxsplit=1), "")[:2])
    listed = (wanted,) if names.rule(wanted) else tuple(filter(None, _SPLIT.split(wanted)))
    return Directive(comment, kind, listed, reason if _REASON.search(reason) else "")


def _resolve(name: str, names: Names) -> frozenset[str] | None:
    """Ids of a rule or family; passes, levels and ``*`` are too broad to be ignored in a text."""
    one = names.rule(name)
    if one is not None:
        return frozenset({one})
    family = name.removesuffix("/*")
    found = frozenset(i for i in names.ids if i.partition("/")[0] == family)
    return found or None


class Suppressor:
    """Applies the comments of a document to its findings.

    Args:
        names: all rules there are.
        levels: override of levels by rule id.
    """

    def __init__(self, names: Names, levels: Mapping[str, Level] | None = None) -> None:
        self.names = names
        self.levels = levels or {}

    def __call__(
        self,
        document: Document,
        findings: list[Finding],
        ran: frozenset[str],
        unchecked: Sequence[Unchecked] = (),
    ) -> list[Finding]:
        """Findings with the suppressed ones marked, and findings on the comments themselves.

        Args:
            document: what was checked.
            findings: what was found in it.
            ran: ids of the rules that ran.
            unchecked: what failed; a comment for a rule that failed is not called unused.
        """
        if not any(mark in document.source.text for mark in _MARKS):
            return findings
        directives = [one for one in (parse(c, self.names) for c in document.comments) if one]
        if not directives:
            return findings
        remarks: list[tuple[Directive, Rule, str]] = []
        for directive in directives:
            self._examine(directive, remarks)
        self._place(document, directives, remarks)
        marked = [self._apply(finding, directives) for finding in findings]
        failed = {gap.rule for gap in unchecked}
        for directive in directives:
            for name, ids in directive.rules.items():
                live = ids & ran
                if name not in directive.used and live and not (live & failed or failed & {"", "*"}):
                    remarks.append((directive, UNUSED, f"“{name}”在这里没有问题可忽略，注释可以删去"))
        extra = self._findings(document, [item for item in remarks if item[1].id in ran])
        return sorted([*marked, *extra], key=lambda f: (f.start.offset, f.end.offset, f.rule))

    def _examine(self, directive: Directive, remarks: list[tuple[Directive, Rule, str]]) -> None:
        """Find the rules meant; whatever is wrong leaves a remark and no effect."""
        if directive.kind == "end":
            return
        if not directive.names:
            remarks.append((directive, UNKNOWN_RULE, "忽略注释没有写明忽略哪条规则，不起作用"))
        found: dict[str, frozenset[str]] = {}
        for name in directive.names:
            ids = _resolve(name, self.names)
            if ids is not None:
                found[name] = ids
            elif name in ("*", "all", "全部", "所有"):
                remarks.append((directive, UNKNOWN_RULE, f"不能用“{name}”忽略所有规则，请写明规则名"))
            else:
                hint = suggest(name, self.names.ids) or self.names.near(name)
                remarks.append((directive, UNKNOWN_RULE, f"没有名为“{name}”的规则{hint}，忽略不起作用"))
        if directive.reason:
            directive.rules = found
        elif directive.names:
            remarks.append((directive, NO_REASON, "忽略注释没有写理由，不起作用；请在冒号后写明理由"))

    def _place(
        self, document: Document, directives: list[Directive], remarks: list[tuple[Directive, Rule, str]]
    ) -> None:
        """Work out what each directive covers."""
        end = len(document.source.text)
        opened: list[Directive] = []
        for directive in sorted(directives, key=lambda one: one.comment.source):
            place = directive.comment.source
            if directive.kind == "file":
                directive.scope = Span(0, end + 1)
            elif directive.kind == "start":
                opened.append(directive)
            elif directive.kind == "end":
                closing = [
                    one for one in opened if not directive.names or set(one.names) & set(directive.names)
                ]
                if not closing:
                    remarks.append((directive, UNPAIRED, "只有“忽略结束”，前面没有与之成对的“忽略开始”"))
                for one in closing:
                    one.scope = Span(one.comment.source.start, place.end)
                    opened.remove(one)
            else:
                directive.scope = self._nearby(document, place)
        for one in opened:
            one.scope = Span(one.comment.source.start, end + 1)
            remarks.append((one, UNPAIRED, "只有“忽略开始”，没有“忽略结束”，忽略一直延续到文末"))

    @staticmethod
    def _nearby(document: Document, place: Span) -> Span:
        """The line a comment stands on, and the block (or whole table) that follows it."""
        text = document.source.text
        low = text.rfind("\n", 0, place.start) + 1
        high = text.find("\n", place.end)
        high = len(text) if high < 0 else high
        blocks = [b for b in document.blocks if b.role is not Role.ATTRIBUTE]
        spans = sorted((document.to_source(block.span), block.start) for block in blocks)
        before = [span for span, _ in spans if span.start < place.start]
        around = [span for span in before if span.end > place.end]
        after = [(span, start) for span, start in spans if span.start >= place.end]
        if high - low > LONG_LINE:
            low = max(low, before[-1].start) if before else place.start
            high = place.end
        if around:
            high = max(high, around[-1].end)
        elif after:
            span, start = after[0]
            table = next((t for t in document.tables if t.span.start <= start < t.span.end), None)
            ending = document.to_source(table.span) if table else span
            if (
                table is None
                or document.to_source(Span(table.span.start, table.span.start + 1)).start >= place.end
            ):
                high = max(high, ending.end)
            else:
                high = max(high, span.end)
        return Span(low, high + 1)

    @staticmethod
    def _apply(finding: Finding, directives: list[Directive]) -> Finding:
        reason = ""
        for directive in directives:
            scope = directive.scope
            if scope is None or not scope.start <= finding.start.offset < scope.end:
                continue
            for name, ids in directive.rules.items():
                if finding.rule in ids:
                    directive.used.add(name)
                    reason = reason or directive.reason
        return replace(finding, suppressed=reason) if reason else finding

    def _findings(self, document: Document, remarks: list[tuple[Directive, Rule, str]]) -> list[Finding]:
        source, identity = document.source, document_identity(document)
        seen: dict[tuple[str, str], int] = {}
        made = []
        for directive, one, message in remarks:
            place = directive.comment.source
            quote = _one_line(source, place)
            ordinal = seen[one.id, quote] = seen.get((one.id, quote), -1) + 1
            made.append(
                Finding(
                    rule=one.id,
                    title=one.title,
                    level=self.levels.get(one.id, one.level),
                    pass_=one.passes,
                    confidence=Confidence.HIGH,
                    message=message,
                    path=source.name,
                    start=source.position(place.start),
                    end=source.position(place.end),
                    quote=quote,
                    before="",
                    after="",
                    basis=one.basis.cite,
                    fingerprint=fingerprint(one.id, identity, "", quote, message, ordinal),
                )
            )
        return made


def _one_line(source: Source, place: Span) -> str:
    quote = " ".join(source.text[place.start : place.end].split())
    return quote if len(quote) <= 120 else quote[:119] + "…"
