"""Enumeration comma between book title marks or quotation marks."""

from __future__ import annotations

from collections.abc import Iterator

from qa.document import Document
from qa.finding import Level, Pass
from qa.patterns import lazy
from qa.rule import Bad, Hit, rule
from qa.source import Span
from rules._standards import PUNCTUATION

_BETWEEN = lazy(r"(?<=》)、(?=《)|(?<=”)、(?=“)")

_ITEM = r"[^“”《》，。；：、\n]"
_BEFORE = lazy(rf"”({_ITEM}{{1,6}})“[^“”\n]{{1,30}}”\Z")
_AFTER = lazy(rf"“[^“”\n]{{1,30}}”({_ITEM}{{1,8}})([“、])")
_LIST_TAIL = lazy(r"[等和及与]")


def _phrases(text: str, at: int) -> bool:
    """Whether the comma parts phrases with words outside the marks: “甲”变“乙”、“丙”变“丁”; “甲”、“乙”处置、丙整治."""
    after = _AFTER.match(text, at + 1, at + 60)
    if after is None or _LIST_TAIL.match(after[1]):
        return False
    if after[2] == "、":
        return True
    before = _BEFORE.search(text, max(0, at - 60), at)
    return before is not None and before[1][0] == after[1][0]


@rule(
    title="并列的书名号或引号之间通常不用顿号",
    level=Level.NOTE,
    passes=Pass.PROOF2,
    basis=PUNCTUATION["4.5.3.5"],
    needs=("》、《", "”、“"),
    bad=(
        Bad("<p>学习《宪法》⟦、⟧《民法典》。</p>", "<p>学习《宪法》《民法典》。</p>"),
        Bad("《甲》⟦&#12289;⟧《乙》", "《甲》《乙》"),
    ),
    good=(
        "《甲办法》（试行）、《乙办法》",
        "苹果、梨",
        "推动“路线图”变“实景图”、“时间表”变“成绩单”。",
        "实施“腾笼换鸟”、“僵尸企业”处置、园区整治行动。",
    ),
)
def dunhao_between_marks(document: Document) -> Iterator[Hit]:
    """每个成分已由自己的标号隔开，再加顿号是重复。

    成分之后另有括注时顿号仍宜保留，因此只查紧邻的标号；并列的是“甲”变“乙”一类短语的，顿号也要保留。
    """
    text = document.text
    for match in _BETWEEN.finditer(text):
        if _phrases(text, match.start()):
            continue
        yield Hit(Span(*match.span()), "并列的书名号（引号）之间不必再用顿号", fix="")
