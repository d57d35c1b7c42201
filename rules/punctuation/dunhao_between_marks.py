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
    good=("《甲办法》（试行）、《乙办法》", "苹果、梨"),
)
def dunhao_between_marks(document: Document) -> Iterator[Hit]:
    """每个成分已由自己的标号隔开，再加顿号是重复。

    成分之后另有括注时顿号仍宜保留，因此只查紧邻的标号。
    """
    for match in _BETWEEN.finditer(document.text):
        yield Hit(Span(*match.span()), "并列的书名号（引号）之间不必再用顿号", fix="")
