"""Traditional characters in a text of simplified ones."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from qa.document import Document, Role
from qa.finding import Level, Pass
from qa.patterns import lazy
from qa.rule import Bad, Good, Hit, rule
from qa.source import Span
from rules._standards import COMMON_CHARACTERS


def _table() -> dict[str, str]:
    pairs: dict[str, str] = {}
    for line in Path(__file__).with_suffix(".tsv").read_text(encoding="utf-8").splitlines():
        if line and not line.startswith("#"):
            for pair in line.split():
                pairs[pair[0]] = pair[1]
    return pairs


_SIMPLE = _table()
_RUN = lazy(f"[{''.join(_SIMPLE)}]+")
_NAMES = ("於潜", "於陵", "於菟", "文徵明", "天囯")
"""Names that keep their characters."""

_SHARE = 0.05
"""With more traditional characters than this the page is meant to be a traditional one."""


@rule(
    title="夹用繁体字",
    level=Level.WARNING,
    passes=Pass.PROOF1,
    basis=COMMON_CHARACTERS[""],
    needs=tuple(_SIMPLE),
    bad=(
        Bad(
            "<p>中⟦華⟧人民共和⟦國⟧，收入增幅高⟦於⟧全省平均水平。</p>",
            "<p>中华人民共和国，收入增幅高于全省平均水平。</p>",
        ),
    ),
    good=(
        Good("一段示例：\n\n```\n中華\n```\n", media="markdown", name="example.md"),
        "<p>中华人民共和国。乾隆年间的著作。临安区於潜镇。</p>",
        "<p>繁體版網頁：歡迎訪問門戶網站，這裡是臺灣同胞辦事專區。</p>",
    ),
)
def traditional_characters(document: Document) -> Iterator[Hit]:
    """国家机关以规范汉字为公务用字；从港澳台资料、古籍或旧文件复制时容易带进繁体字。

    整页都是繁体字的（繁体版页面）不查；人名、古籍引文等确需使用的可以忽略。
    """
    text = document.text
    runs = list(_RUN.finditer(text))
    total = sum(len(match.group()) for match in runs)
    if total > max(3, _SHARE * len(text)):
        return
    for match in runs:
        block = document.block_at(match.start())
        if block is not None and block.role is Role.CODE:
            continue
        low = max(0, match.start() - 2)
        near = text[low : match.end() + 2]
        if any(name in near for name in _NAMES):
            continue
        simple = "".join(_SIMPLE[char] for char in match.group())
        yield Hit(Span(*match.span()), f"“{match.group()}”是繁体字或异体字，规范写法是“{simple}”", fix=simple)
