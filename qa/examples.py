"""Examples of rules: tests and documentation at once."""

from __future__ import annotations

from dataclasses import dataclass

from qa.engine import Engine
from qa.finding import Finding
from qa.readers import read
from qa.rule import Bad, Good, Rule
from qa.source import Source, Span

OPEN, CLOSE = "⟦", "⟧"


@dataclass(frozen=True, slots=True)
class Marked:
    """An example with its marks taken out; ``spans`` are offsets in ``text``."""

    text: str
    spans: tuple[Span, ...]


def unmark(text: str) -> Marked:
    """Take ⟦⟧ out of an example.

    Raises:
        ValueError: a mark without its partner.
    """
    parts: list[str] = []
    spans: list[Span] = []
    length, start = 0, -1
    for char in text:
        if char == OPEN:
            if start >= 0:
                raise ValueError(f"nested {OPEN} in {text!r}")
            start = length
        elif char == CLOSE:
            if start < 0:
                raise ValueError(f"{CLOSE} without {OPEN} in {text!r}")
            spans.append(Span(start, length))
            start = -1
        else:
            parts.append(char)
            length += 1
    if start >= 0:
        raise ValueError(f"{OPEN} without {CLOSE} in {text!r}")
    return Marked("".join(parts), tuple(spans))


def run(one: Rule, text: str, example: Bad | Good) -> list[Finding]:
    """Findings of one rule alone in an example's text.

    Raises:
        RuntimeError: the rule itself failed.
    """
    engine = Engine([one], example.settings)
    outcome = engine.check(read(Source(example.name, text, example.media)))
    if outcome.unchecked:
        raise RuntimeError(outcome.unchecked[0].reason)
    return outcome.findings


def apply(text: str, findings: list[Finding]) -> str:
    """The text with every finding's first fix applied; overlapping fixes keep the first."""
    parts: list[str] = []
    at = 0
    for fix in sorted((f.fixes[0] for f in findings if f.fixes), key=lambda fix: fix.span):
        if fix.span.start >= at:
            parts += [text[at : fix.span.start], fix.replacement]
            at = fix.span.end
    return "".join([*parts, text[at:]])


def problems(one: Rule) -> list[str]:
    """What is wrong with a rule's examples; empty when all hold exactly."""
    found: list[str] = []
    for bad in one.bad:
        marked = unmark(bad.text)
        findings = run(one, marked.text, bad)
        spans = tuple(Span(f.start.offset, f.end.offset) for f in findings)
        if spans != marked.spans:
            got = [(marked.text[a:b], (a, b)) for a, b in spans]
            found.append(f"{one.id}: {bad.text!r}: hits {got}, expected {marked.spans}")
        if bad.fixed is not None:
            fixed = apply(marked.text, findings)
            if fixed != bad.fixed:
                found.append(f"{one.id}: {bad.text!r}: fixed to {fixed!r}, expected {bad.fixed!r}")
            elif again := run(one, fixed, bad):
                found.append(f"{one.id}: {fixed!r} is not clean: {[f.quote for f in again]}")
        elif not spans:
            found.append(f"{one.id}: {bad.text!r}: marks no hit")
    found.extend(
        f"{one.id}: {good.text!r} should be clean: {[f.quote for f in findings]}"
        for good in one.good
        if (findings := run(one, good.text, good))
    )
    return found
