"""The engine: a document and rules in, findings out. Pure; no file, no network, no clock."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Any

from qa.document import Document, Role
from qa.finding import Finding, Fix, Level, Pass, Related, fingerprint, squeeze
from qa.lexicon import Scanner, TermRule
from qa.passes import Gates, Unchecked, Verdict, judge, worst
from qa.rule import Hit, Rule, Settings
from qa.source import Span

CONTEXT = 24
"""Characters of context kept on each side of a quote, inside its block."""

_QUOTE_LIMIT = 200
MAX_FINDINGS_PER_RULE = 500
"""More hits of one rule in one document than this say nothing new; the rest is counted, not listed."""

# "_站名", " | 站名"; after a dash only the name of a site: "2020-2025年规划" and "——副题" belong to the title.
_SITE_TAIL = re.compile(
    r"\s*(?:[_|]|(?<![\d—])[-–—](?![\d—])(?=[^-–—_|]*(?:网|网站|政府|门户|委|局|厅|办|首页)\s*(?:$|[-–_|]))).*$",
    re.DOTALL,
)
_NOT_WORD = re.compile(r"[\W_]+")

SpellingEngine = Callable[[Document], Iterable[tuple[Rule, Hit]]]
"""The seam for spelling engines: hits in a document, each with the rule it speaks for.

Engines run after the rules; see :class:`Engine`.  They are given whole documents so that they
may batch sentences, and their rules carry level, pass and basis like any other.
"""


@dataclass
class Outcome:
    """What was found in one document.

    Attributes:
        findings: in order of place, suppressed ones included (see ``Finding.suppressed``).
        unchecked: what could not be checked; never silently empty.
        notices: Chinese remarks on the input (a lying charset, say).
        note: what the caller asked to be taken from the document while it was at hand.
    """

    path: str
    findings: list[Finding] = field(default_factory=list)
    unchecked: list[Unchecked] = field(default_factory=list)
    notices: list[str] = field(default_factory=list)
    title: str = ""
    identity: str = ""
    document: Document | None = None
    media: str = ""
    encoding: str = ""
    note: Any = None
    verdicts: dict[Pass, Verdict] = field(default_factory=dict)

    def settle(self, gates: Gates) -> Outcome:
        """Work out the verdicts; call again after suppression or baseline changed findings."""
        self.verdicts = judge(self.findings, self.unchecked, gates)
        return self

    @property
    def overall(self) -> Verdict:
        """The gravest verdict of the six passes; by the usual gates where none were settled."""
        return worst((self.verdicts or judge(self.findings, self.unchecked, Gates())).values())


def _touches(place: Span, others: Iterable[Span]) -> bool:
    """Whether a range shares a character with one of others."""
    return any(place.start < other.end and other.start < place.end for other in others)


def article_title(document: Document) -> str:
    """Title of the article as its reader sees it: ArticleTitle, first main heading, ``<title>``, first line."""
    meta = document.meta("ArticleTitle")
    if meta and meta.content.strip():
        return meta.content.strip()
    for block in document.blocks:
        if block.role is Role.HEADING and block.main and block.level == 1:
            return document.slice(block)
    if document.title:
        if document.source.media != "html":
            return document.title
        return _SITE_TAIL.sub("", document.title).strip() or document.title
    for block in document.blocks:
        if block.main and block.role is not Role.ATTRIBUTE:
            return document.slice(block)[:80]
    return ""


def document_identity(document: Document) -> str:
    """What a finding's fingerprint knows its document by.

    An identity given by the caller (an article's number in the CMS), else the article's title
    without blanks and punctuation: the one thing a draft, the live page and next month's crawl
    have in common.
    """
    source = document.source
    if source.identity not in ("", source.name, source.url):
        return source.identity
    return _NOT_WORD.sub("", article_title(document))[:80]


class Engine:
    """Rules made ready once, for any number of documents.

    Args:
        rules: the rules to run.
        settings: site packs and options.
        spelling: further engines (see :data:`SpellingEngine`).
        levels: override of levels by rule id.
    """

    def __init__(
        self,
        rules: Sequence[Rule],
        settings: Settings | None = None,
        *,
        spelling: Sequence[SpellingEngine] = (),
        levels: dict[str, Level] | None = None,
    ) -> None:
        self.settings = settings or Settings()
        self.rules = list(rules)
        self.plain = [one for one in self.rules if not isinstance(one, TermRule)]
        self.tables = [one for one in self.rules if isinstance(one, TermRule)]
        self.scanner = Scanner(self.tables, self.settings, self.plain)
        self.spelling = list(spelling)
        self.levels = levels or {}

    def check(self, document: Document, active: frozenset[str] | None = None) -> Outcome:
        """Check one document; ``active`` narrows the rules (per-path overrides).

        A rule that raises is reported as unchecked; the others go on.
        """
        source = document.source
        outcome = Outcome(source.name, document=document, media=source.media, encoding=source.encoding)
        outcome.notices = [*document.source.notices, *document.notices]
        outcome.title = article_title(document)
        outcome.identity = document_identity(document)
        found: list[tuple[Rule, Hit]] = []
        scan = self.scanner.scan(document)
        for table, candidates in scan.candidates.items():
            if active is None or table.id in active:
                self._run(table, partial(self.scanner.judge, table, candidates, document), found, outcome)
        for one in self.plain:
            if one.needs and one not in scan.awake:
                continue
            if (active is None or one.id in active) and one.suits(document):
                self._run(one, partial(one.start, document, self.settings), found, outcome)
        for engine in self.spelling:
            try:
                found.extend(
                    (one, hit) for one, hit in engine(document) if active is None or one.id in active
                )
            except Exception as error:  # noqa: BLE001 - likewise
                outcome.unchecked.append(
                    Unchecked(f"拼写引擎运行出错：{_cause(error)}", "typo/*", Pass.PROOF1)
                )
        outcome.findings = self._concrete(document, found, outcome.identity)
        return outcome

    def _run(
        self,
        one: Rule,
        start: Callable[[], Iterable[Hit]],
        found: list[tuple[Rule, Hit]],
        outcome: Outcome,
    ) -> None:
        count = 0
        try:
            for hit in start():
                count += 1
                if count <= MAX_FINDINGS_PER_RULE:
                    found.append((one, hit))
        except Exception as error:  # noqa: BLE001 - likewise
            outcome.unchecked.append(
                Unchecked(f"规则 {one.id} 运行出错：{_cause(error)}", one.id, one.passes)
            )
        self._note_excess(outcome, one, count)

    @staticmethod
    def _note_excess(outcome: Outcome, one: Rule, count: int) -> None:
        if count > MAX_FINDINGS_PER_RULE:
            outcome.notices.append(
                f"“{one.title}”（{one.id}）共 {count} 处，只列出前 {MAX_FINDINGS_PER_RULE} 处"
            )

    def _concrete(self, document: Document, found: list[tuple[Rule, Hit]], identity: str) -> list[Finding]:
        placed = []
        for one, hit in found:
            place = hit.source or document.to_source(hit.span)
            placed.append((place, one, hit))
        placed.sort(key=lambda item: (item[0], item[1].id, item[2].message))
        if any(hit.yields for _, _, hit in placed):
            firm = [place for place, _, hit in placed if not hit.yields and hit.fix is not None]
            placed = [item for item in placed if not item[2].yields or not _touches(item[0], firm)]
        findings: list[Finding] = []
        seen: dict[tuple[str, str, str, str, bool], int] = {}
        taken: dict[tuple[Span, str | None], int] = {}
        for place, one, hit in placed:
            finding = self._finding(document, one, hit, place, identity, seen)
            key = (place, hit.fix)
            other = taken.get(key)
            if hit.fix is not None and other is not None and findings[other].rule != finding.rule:
                # Two rules ask for the same change at the same place: keep the graver.
                if finding.level > findings[other].level:
                    findings[other] = finding
                continue
            taken[key] = len(findings)
            findings.append(finding)
        return findings

    def _finding(
        self,
        document: Document,
        one: Rule,
        hit: Hit,
        place: Span,
        identity: str,
        seen: dict[tuple[str, str, str, str, bool], int],
    ) -> Finding:
        source, text = document.source, document.text
        # What stands nowhere in the text (pictures, scripts, head) has no words around it either: those
        # at the beginning are the page's title, which a template changes.
        nowhere = hit.source is not None and hit.span == (0, 0)
        block = None if nowhere else document.block_at(hit.span.start)
        low = max(block.start if block else 0, hit.span.start - CONTEXT)
        high = min(max(block.end, hit.span.end) if block else len(text), hit.span.end + CONTEXT)
        if hit.source is None:
            quote = text[hit.span.start : hit.span.end]
            before, after = text[low : hit.span.start], text[hit.span.end : high]
        else:
            quote = hit.quote if hit.quote is not None else source.text[place.start : place.end]
            before, after = text[low : hit.span.start], text[hit.span.end : high]
        quote = hit.quote if hit.quote is not None else quote
        if len(quote) > _QUOTE_LIMIT:
            quote = quote[: _QUOTE_LIMIT - 1] + "…"
        if hit.template or nowhere:
            before = after = ""
        chrome = hit.template or (block is not None and not block.main)
        # Chrome is counted apart: an equal fault in the navigation is none of the article's.
        key = (one.id, squeeze(before), squeeze(quote), squeeze(after), chrome)
        ordinal = seen[key] = seen.get(key, -1) + 1
        clause = hit.clause or one.basis
        fixes: tuple[Fix, ...] = ()
        if hit.fix is not None:
            exact = hit.source is not None or document.is_verbatim(hit.span)
            fixes = (Fix(place, hit.fix, hit.safe and exact),)
        suggestion = ""
        if hit.fix is not None:
            suggestion = hit.fix or "（删去）"
        if hit.alternatives:
            suggestion = "／".join(filter(None, (suggestion, *hit.alternatives)))
        return Finding(
            rule=one.id,
            title=one.title,
            level=self.levels.get(one.id) or hit.level or one.level,
            pass_=one.passes,
            confidence=hit.confidence or one.confidence,
            message=hit.message or one.title,
            path=source.name,
            start=source.position(place.start),
            end=source.position(place.end),
            quote=quote,
            before=before,
            after=after,
            basis=clause.cite,
            basis_url=clause.url,
            fingerprint=fingerprint(one.id, "chrome" if chrome else identity, before, quote, after, ordinal),
            fixes=fixes,
            suggestion=suggestion,
            score_item=one.score_item,
            related=tuple(
                Related(
                    words, source.position(at.start), source.position(at.end), text[span.start : span.end]
                )
                for span, words in hit.related
                for at in (document.to_source(span),)
            ),
            chrome=chrome,
            text_span=hit.span,
        )


def _cause(error: Exception) -> str:
    return f"{type(error).__name__}：{error}" if str(error) else type(error).__name__
