"""A character that hardly stands where it stands, told by the language model."""

from __future__ import annotations

from collections.abc import Iterator

from qa.document import Document
from qa.finding import Confidence, Level, Pass
from qa.rule import Bad, Hit, Settings, rule
from rules._standards import DICTIONARY
from rules.typo._spelling import hits


@rule(
    title="疑似错别字",
    level=Level.WARNING,
    confidence=Confidence.LOW,
    passes=Pass.PROOF1,
    basis=DICTIONARY[""],
    bad=(
        Bad("<p>要切实加强生⟦太⟧环境保护工作。</p>", "<p>要切实加强生态环境保护工作。</p>"),
        Bad("<p>推动经济⟦设⟧会高质量发展。</p>", "<p>推动经济社会高质量发展。</p>"),
    ),
    good=(
        "<p>要切实加强生态环境保护工作，推动经济社会高质量发展。</p>",
        "<p>床前明月光，疑是地上霜。</p>",
    ),
)
def unlikely_character(document: Document, settings: Settings) -> Iterator[Hit]:
    """同一个位置上，另一个读音相同、读音相近或字形相近的字可能大得多。

    由公文语料训练的语言模型比较前后文得出，再由分类器给出把握；词表里已有的错误由词表规则报告，这里不再重复。
    人名、地名等可写入站点词包的 allow，写入即不再提示。
    """
    yield from hits(
        document,
        settings,
        (
            "同音",
            "近音",
            "形近",
            "搭配",
        ),
    )
