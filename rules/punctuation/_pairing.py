"""One stack of paired marks over the whole article, shared by the rules on pairs and nesting."""

from __future__ import annotations

from dataclasses import dataclass, field

from qa.document import Block, Document, Role
from qa.patterns import lazy
from rules.punctuation._article import is_han, once

OPEN = {
    "“": "”",
    "‘": "’",
    "《": "》",
    "〈": "〉",
    "（": "）",
    "【": "】",
    "〔": "〕",
    "「": "」",
    "『": "』",
}
CLOSE = {close: open_ for open_, close in OPEN.items()}
_MARK = lazy("[“”‘’《》〈〉（）()【】〔〕「」『』]")
_WIDTH = {"(": "（", ")": "）"}
_ENDS = frozenset("。！？；：…”’）》】")
_NUMBER = lazy(r"[0-9a-zA-Z①-⑳ⅰ-ⅻⅠ-Ⅻ]$|(?:^|[，。；：、\s])[一二三四五六七八九十]{1,3}$")
_DEPTH = 4
"""How deep marks nest in a text that is not looked at mark by mark."""
_REACH = 12
"""How many blocks a quotation may run over."""


@dataclass(slots=True)
class Mark:
    """A mark that waits for its partner."""

    char: str
    at: int
    block: int


@dataclass(slots=True)
class Pairing:
    """What the stack found.

    Attributes:
        lone: marks without a partner: offset, the mark, the one it should perhaps be.
        nested: pairs inside a pair of the same kind: the outer's start, the inner one's ends; only where the outer is closed.
    """

    lone: list[tuple[int, str, str]] = field(default_factory=list)
    nested: list[tuple[int, int, int]] = field(default_factory=list)


class _Stack:
    def __init__(self, text: str) -> None:
        self.text = text
        self.marks: list[Mark] = []
        self.count = dict.fromkeys(OPEN, 0)
        self.found = Pairing()
        self.closed: list[tuple[int, int, str]] = []

    def push(self, mark: Mark) -> None:
        self.marks.append(mark)
        self.count[mark.char] += 1

    def pop(self) -> Mark:
        mark = self.marks.pop()
        self.count[mark.char] -= 1
        return mark

    def drop(self, keep: int) -> None:
        """Give up every waiting mark beyond the first ``keep``."""
        while len(self.marks) > keep:
            mark = self.pop()
            self.found.lone.append((mark.at, mark.char, ""))


def _own(stack: _Stack, block: Block, number: int) -> None:
    """Read one block."""
    text = stack.text
    for match in _MARK.finditer(text, block.start, block.end):
        at = match.start()
        char = _WIDTH.get(match[0], match[0])
        if char in OPEN:
            top = stack.marks[-1] if stack.marks else None
            if top and top.char == char and char in "“‘" and at == block.start and top.block < number:
                top.block = number
                continue
            if top and top.char == char and char in "“‘" and _shuts(text, at):
                stack.pop()
                stack.found.lone.append((at, char, OPEN[char]))
                continue
            stack.push(Mark(char, at, number))
            continue
        wanted = CLOSE[char]
        if char == "’" and _apostrophe(text, at, stack.count[wanted]):
            continue
        if not stack.count[wanted]:
            if char != "）" or not _NUMBER.search(text[max(block.start, at - 4) : at]):
                turned = wanted if char in "”’" and _opens(text, at) else ""
                stack.found.lone.append((at, char, turned))
                if turned:
                    stack.push(Mark(turned, at, number))
            continue
        while stack.marks[-1].char != wanted:
            mark = stack.pop()
            stack.found.lone.append((mark.at, mark.char, ""))
        mark = stack.pop()
        _note_nested(stack, mark, at, char)


def _note_nested(stack: _Stack, mark: Mark, at: int, char: str) -> None:
    if char in "”》" and stack.count[mark.char]:
        outer = stack.marks[-1]
        if outer.char == mark.char and outer.block == mark.block:
            stack.found.nested.append((outer.at, mark.at, at))


def _shuts(text: str, at: int) -> bool:
    """Whether an opening mark stands where only a closing one can."""
    before, after = text[at - 1 : at], text[at + 1 : at + 2]
    return is_han(before) and (after in "，。、；：）" or after in ("", "\n"))


def _opens(text: str, at: int) -> bool:
    """Whether a closing mark stands where only an opening one can."""
    before, after = text[at - 1 : at] if at else "", text[at + 1 : at + 2]
    return (before in "，。、；：（" or before in ("", "\n")) and is_han(after)


def _apostrophe(text: str, at: int, waiting: int) -> bool:
    before, after = text[at - 1 : at] if at else "", text[at + 1 : at + 2]
    if before.isascii() and before.isalnum() and after.isascii() and after.isalnum():
        return True
    return not waiting and (before.isascii() or (after.isascii() and after.isdigit()))


_BREAKS = lazy("[“”‘’《》〈〉（）()【】〔〕「」『』\n]")
_SAME = lazy("“[^”]*“|《[^》]*《")
_PAIRS = ("“”", "《》", "（）", "()", "‘’", "〈〉", "【】", "〔〕", "「」", "『』")


def _balanced(text: str) -> bool:
    """Whether every paragraph's marks plainly pair off, as in nearly all texts."""
    marks = "".join(_BREAKS.findall(text))
    if _SAME.search(marks):
        return False
    for _ in range(_DEPTH):
        for pair in _PAIRS:
            if pair[0] in marks:
                marks = marks.replace(pair, "")
        if not marks.strip("\n"):
            return True
    return False


@once
def pairing(document: Document) -> Pairing:
    """Pair the marks of the article: cells each for themselves, the rest as one text.

    Brackets and book title marks must close in their own paragraph unless it breaks off in the
    middle of a sentence; quotations may run over several paragraphs.
    """
    text = document.text
    if _balanced(text):
        return Pairing()
    stack = _Stack(text)
    for number, block in enumerate(document.paragraphs()):
        if block.role is Role.CELL:
            cell = _Stack(text)
            cell.found = stack.found
            _own(cell, block, number)
            cell.drop(0)
            continue
        _own(stack, block, number)
        if stack.marks:
            _settle(stack, block, number)
    stack.drop(0)
    found = stack.found
    found.lone.sort()
    open_ = {at for at, _, _ in found.lone}
    found.nested = [item for item in found.nested if item[0] not in open_]
    return found


def _settle(stack: _Stack, block: Block, number: int) -> None:
    """At the end of a paragraph: give up what can no longer close."""
    ended = stack.text[block.end - 1] in _ENDS
    for index, mark in enumerate(stack.marks):
        reach = _REACH if mark.char in "“‘" else 0 if ended else 2
        if number - mark.block >= reach:
            stack.drop(index)
            return
