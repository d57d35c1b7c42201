"""Safe fixes, written back byte for byte elsewhere.

Only fixes that are right whatever the context are applied.  A file whose bytes our decoding
would not give back exactly, or that changed meanwhile, is never touched.
"""

from __future__ import annotations

import difflib
import os
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from qa.document import Document, Role
from qa.engine import Outcome
from qa.files import Input, cause, write_atomic
from qa.finding import Finding, Fix
from qa.pool import Checker, load
from qa.source import Source, UnreadableError

ROUNDS = 10
"""Fixes may call for further fixes; more rounds than this do not end."""


class FixError(Exception):
    """A file that must not be or could not be written; the message is Chinese."""


@dataclass
class Plan:
    """What would be done to one file.

    Attributes:
        problem: why nothing can be done (Chinese), else empty.
        fixes: number of fixes by rule.
        left: findings that remain for people.
        gaps: what could not be checked in it.
    """

    item: Input
    before: Source | None = None
    data: bytes = b""
    text: str = ""
    output: bytes = b""
    fixes: dict[str, int] = field(default_factory=dict)
    left: int = 0
    problem: str = ""
    gaps: list[str] = field(default_factory=list)

    @property
    def changed(self) -> bool:
        """Whether there is anything to write."""
        return not self.problem and self.data != self.output

    @property
    def count(self) -> int:
        """Number of fixes."""
        return sum(self.fixes.values())


def _escaped(document: Document, finding: Finding, fix: Fix) -> str:
    """The replacement as the source needs it: escaped where it is text of an HTML page.

    A fix of a range of the source itself (an attribute, a tag) is markup already.
    """
    words = fix.replacement
    if document.source.media != "html" or document.to_source(finding.text_span) != fix.span:
        return words
    words = words.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    block = document.block_at(finding.text_span.start)
    if block is not None and block.role is Role.ATTRIBUTE:
        words = words.replace('"', "&quot;").replace("'", "&#39;")
    return words


def apply(document: Document, findings: Sequence[Finding]) -> tuple[str, list[Finding]]:
    """Text with the safe fixes of these findings applied; of overlapping ones the first.

    Returns:
        The text, and the findings whose fixes are in it.
    """
    wanted = [
        (fix, finding)
        for finding in findings
        if finding.suppressed is None
        for fix in finding.fixes[:1]
        if fix.safe
    ]
    wanted.sort(key=lambda pair: pair[0].span)
    text, parts, done, at, last = document.source.text, [], [], 0, -1
    for fix, finding in wanted:
        start, end = fix.span
        if start < at or start == last:
            continue
        parts += [text[at:start], _escaped(document, finding, fix)]
        at, last = end, start
        done.append(finding)
    return "".join([*parts, text[at:]]), done


def _encode(source: Source, text: str) -> bytes:
    try:
        return source.bom + text.encode(source.encoding)
    except UnicodeEncodeError:
        if source.media != "html":
            raise FixError("改正后的文字在文件原来的编码里写不出来，没有改动") from None
        return source.bom + text.encode(source.encoding, "xmlcharrefreplace")


def plan(item: Input, checker: Checker, rules: frozenset[str] | None = None) -> Plan:
    """Work out the fixes of one file; nothing is written.

    Args:
        item: the file.
        checker: finds what to fix; must keep documents.
        rules: only fixes of these rules; ``None``: of all.
    """
    made = Plan(item)
    try:
        _plan(made, checker, rules)
    except (FixError, UnreadableError) as error:
        made.problem = str(error)
    except OSError as error:
        made.problem = cause(error)
    return made


def _plan(made: Plan, checker: Checker, rules: frozenset[str] | None) -> None:
    item = made.item
    if item.problem:
        raise FixError(item.problem)
    assert item.path is not None
    made.data = made.output = load(item.path, checker.limit)
    for _ in range(ROUNDS):
        outcome = checker.check(replace(item, data=made.output))
        document = _readable(outcome)
        if made.before is None:
            made.before, made.text = document.source, document.source.text
            if document.source.encode() != made.data:
                raise FixError("文件中有按原编码无法原样写回的字节，为免损坏没有改动")
            made.gaps = [gap.reason for gap in outcome.unchecked]
        elif document.source.text != made.text or document.source.encoding != made.before.encoding:
            raise FixError("改正后的内容无法按原编码读回，没有改动")
        text, done = apply(document, [f for f in outcome.findings if rules is None or f.rule in rules])
        if text == made.text:
            made.left = sum(1 for finding in outcome.findings if finding.suppressed is None)
            return
        made.output = _encode(made.before, text)
        made.text = made.output[len(made.before.bom) :].decode(made.before.encoding)
        for finding in done:
            made.fixes[finding.rule] = made.fixes.get(finding.rule, 0) + 1
    raise FixError(f"改正 {ROUNDS} 轮后仍有新的改动，规则之间可能互相冲突，没有改动")


def _readable(outcome: Outcome) -> Document:
    if outcome.document is None:
        raise FixError(outcome.unchecked[0].reason)
    return outcome.document


def diff(made: Plan) -> str:
    """The plan as a unified diff."""
    assert made.before is not None
    name = made.item.name
    lines = difflib.unified_diff(
        _lines(made.before.text), _lines(made.text), f"a/{name}", f"b/{name}", "", "", lineterm="\n"
    )
    return "".join(
        line if line.endswith("\n") else line + "\n\\ No newline at end of file\n" for line in lines
    )


def _lines(text: str) -> list[str]:
    parts = text.split("\n")
    lines = [part + "\n" for part in parts[:-1]]
    return [*lines, parts[-1]] if parts[-1] else lines


def write(made: Plan) -> None:
    """Put the plan into effect.

    Raises:
        FixError: the file changed meanwhile, is read-only, or cannot be written.
    """
    path = made.item.path
    assert path is not None
    try:
        if load(path, max(len(made.data), 1)) != made.data:
            raise FixError("文件在此期间被改动，没有写入，请重新运行")
        if not os.access(path, os.W_OK):
            raise FixError("文件只读，没有写入")
        write_atomic(path, made.output)
    except UnreadableError:
        raise FixError("文件在此期间被改动，没有写入，请重新运行") from None
    except OSError as error:
        raise FixError(f"无法写入：{cause(error)}") from None
