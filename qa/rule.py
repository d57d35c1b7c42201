"""The shape of a rule: metadata, why, examples, and a generator of hits.

A rule is one file under ``rules/``; its path is its id.  It never counts lines and knows no
file: it yields hits in the reader's text and the engine makes places of them.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from qa.document import Document
from qa.finding import Confidence, Level, Pass
from qa.source import Source, Span
from qa.standard import Clause, Trust


class RuleError(Exception):
    """A rule file that breaks the house rules; the loader refuses to start with one."""


@dataclass(slots=True)
class Hit:
    """One fault in the reader's text.

    Attributes:
        span: range in ``Document.text``; what people see as the quote.
        message: Chinese sentence for the editor; the rule's title where empty.
        fix: the words that should stand there instead; ``""`` deletes; ``None``: no fix known.
        alternatives: further candidates, shown but never applied.
        safe: the fix is right whatever the context.
        level, confidence: override the rule's own for this hit.
        source: a range of the source instead, for faults that show no text (an ``href``, a tag);
            ``fix`` then replaces that range of the source.
        quote: words to show instead of the text of ``span`` (needed with ``source``).
        related: further places, as ``(span, words)``.
        clause: override of the rule's basis.
        template: the fault lies in what all pages of a site are made of, whatever stands around it.
        yields: said only where no other rule asks for a change of the same words.
    """

    span: Span
    message: str = ""
    fix: str | None = None
    alternatives: tuple[str, ...] = ()
    safe: bool = False
    level: Level | None = None
    confidence: Confidence | None = None
    source: Span | None = None
    quote: str | None = None
    related: tuple[tuple[Span, str], ...] = ()
    clause: Clause | None = None
    template: bool = False
    yields: bool = False


@dataclass(frozen=True, slots=True)
class Official:
    """One line of a site pack's roster of officials; dates are inclusive."""

    name: str
    title: str
    order: int = 0
    since: date | None = None
    until: date | None = None
    source: str = ""


@dataclass(frozen=True)
class Pack:
    """A site's own words, merged from its pack files.

    Attributes:
        words: entries for term tables, as mappings in the shape of ``qa.lexicon.Entry.of``.
        silence: terms of the package's tables that this site does not want reported.
        allow: longer words inside which no term is ever reported.
        phrases: set phrases for near-miss detection, as mappings with ``phrase`` and dates.
        officials: the roster.
        institutions, documents: further entries for the dated tables of institutions (``old``,
            ``new``, ``since``…) and of document numbers (``number``, ``title``…).
    """

    words: tuple[Mapping[str, Any], ...] = ()
    silence: frozenset[str] = frozenset()
    allow: tuple[str, ...] = ()
    phrases: tuple[Mapping[str, Any], ...] = ()
    officials: tuple[Official, ...] = ()
    institutions: tuple[Mapping[str, Any], ...] = ()
    documents: tuple[Mapping[str, Any], ...] = ()


@dataclass(frozen=True)
class Settings:
    """What rules may know besides the document.

    Attributes:
        pack: the site's own words.
        options: per-rule options of the configuration, by rule id.
        previous: last year's disclosure report, if given.
        today: the date to judge by; ``None`` means no rule may depend on it.
        domains: own domains of the site (``www.jinjiang.gov.cn``), for link rules.
        thorough: a proofreader wants to see what is merely possible, too.
    """

    pack: Pack = field(default_factory=Pack)
    options: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    previous: Source | None = None
    today: date | None = None
    domains: tuple[str, ...] = ()
    thorough: bool = False

    def option(self, rule: str, key: str, default: Any) -> Any:
        """One option of one rule."""
        return self.options.get(rule, {}).get(key, default)


@dataclass(frozen=True)
class Bad:
    """An example with faults: ⟦⟧ mark the exact hits, ``fixed`` is the text after all fixes."""

    text: str
    fixed: str | None = None
    media: str = "html"
    settings: Settings | None = None
    name: str = "example.html"


@dataclass(frozen=True)
class Good:
    """An example without faults. A bare string will do for HTML."""

    text: str
    media: str = "html"
    settings: Settings | None = None
    name: str = "example.html"


Check = Callable[..., Iterable[Hit]]


@dataclass(eq=False)
class Rule:
    """One rule, ready for the engine. Made by :func:`rule` or ``qa.lexicon.terms``.

    Attributes:
        title: what it finds; reads well after “忽略”.
        passes: the pass of 三审三校 it belongs to.
        basis: the clause it rests on.
        needs: literals of which at least one must stand in the reader's text, else the rule is
            not run; empty: always run.
        media: formats it applies to; empty: all.
        page: applies to whole pages only (with ``<html>`` or ``<head>``), not to fragments.
        score_item: id of the item of the national check list it bears on.
        preview: not on by default.
    """

    function: Callable[..., Any]
    title: str
    level: Level
    passes: Pass
    basis: Clause
    bad: Sequence[Bad]
    good: Sequence[Good]
    why: str
    confidence: Confidence = Confidence.HIGH
    needs: tuple[str, ...] = ()
    media: tuple[str, ...] = ()
    page: bool = False
    score_item: str = ""
    preview: bool = False
    aliases: tuple[str, ...] = ()
    id: str = ""

    def __post_init__(self) -> None:
        self._needs_chars = tuple(n for n in self.needs if len(n) == 1)
        self._needs_words = tuple(n for n in self.needs if len(n) > 1)
        try:
            self._with_settings = len(inspect.signature(self.function).parameters) > 1
        except (TypeError, ValueError):
            self._with_settings = False

    @property
    def family(self) -> str:
        """First part of the id."""
        return self.id.partition("/")[0]

    def suits(self, document: Document) -> bool:
        """Whether the rule is meant for documents of this kind."""
        if self.media and document.source.media not in self.media:
            return False
        return not self.page or document.has_frame

    def applies(self, document: Document) -> bool:
        """Cheap test whether the rule can find anything here; the engine asks its one scan instead."""
        if not self.suits(document):
            return False
        if not self.needs:
            return True
        if self._needs_chars and not document.chars.isdisjoint(self._needs_chars):
            return True
        text = document.text
        return any(word in text for word in self._needs_words)

    def start(self, document: Document, settings: Settings) -> Iterable[Hit]:
        """Start the rule over a document; what it yields are its hits."""
        found: Iterable[Hit] = (
            self.function(document, settings) if self._with_settings else self.function(document)
        )
        return found

    def check(self, document: Document, settings: Settings) -> Iterator[Hit]:
        """Run the rule over a document."""
        yield from self.start(document, settings)

    def validate(self) -> None:
        """House rules; raises :class:`RuleError`."""
        if not self.why.strip():
            raise RuleError(f"{self.id}: no docstring saying why")
        if not self.bad or not self.good:
            raise RuleError(f"{self.id}: needs examples, bad and good")
        if self.basis.trust is Trust.UNVERIFIED and self.level > Level.WARNING:
            raise RuleError(f"{self.id}: basis is 待核, so the level may not exceed warning")


def _goods(items: Iterable[str | Good]) -> tuple[Good, ...]:
    return tuple(Good(item) if isinstance(item, str) else item for item in items)


def _bads(items: Iterable[str | Bad]) -> tuple[Bad, ...]:
    return tuple(Bad(item) if isinstance(item, str) else item for item in items)


def rule(
    *,
    title: str,
    level: Level,
    passes: Pass,
    basis: Clause,
    bad: Sequence[str | Bad],
    good: Sequence[str | Good],
    confidence: Confidence = Confidence.HIGH,
    needs: Sequence[str] = (),
    media: Sequence[str] = (),
    page: bool = False,
    score_item: str = "",
    preview: bool = False,
    aliases: Sequence[str] = (),
) -> Callable[[Check], Rule]:
    """Turn a generator ``(document[, settings]) -> hits`` into a rule; its docstring is the why."""

    def decorate(function: Check) -> Rule:
        return Rule(
            function,
            title,
            level,
            passes,
            basis,
            _bads(bad),
            _goods(good),
            inspect.cleandoc(function.__doc__ or ""),
            confidence,
            tuple(needs),
            tuple(media),
            page,
            score_item,
            preview,
            tuple(aliases),
        )

    return decorate
