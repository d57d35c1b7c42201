"""Characters mistaken for others of a similar shape."""

from __future__ import annotations

from pathlib import Path

from qa.finding import Level, Pass
from qa.lexicon import Match, read_tsv, terms
from qa.rule import Bad, Hit
from rules._standards import DICTIONARY

_ENTRIES = read_tsv(Path(__file__).with_suffix(".tsv"))


@terms(
    title="形近错字",
    entries=_ENTRIES,
    level=Level.ERROR,
    passes=Pass.PROOF1,
    basis=DICTIONARY[""],
    bad=(
        Bad("<p>资金⟦末能⟧按时⟦拔付⟧。</p>", "<p>资金未能按时拨付。</p>"),
        Bad("<p>⟦气侯⟧条件良好，成效⟦显着⟧。</p>", "<p>气候条件良好，成效显著。</p>"),
    ),
    good=(
        "<p>周末能到现场办理，海拔高度不变。</p>",
        "<p>彰显着城市的特色。</p>",
        "<p>上世纪末经济总量不大。</p>",
    ),
)
def shape(match: Match) -> Hit | None:
    """五笔输入、手写和扫描识别容易把字认成形状相近的另一个字，如“己、已、巳”“末、未”“拨、拔”。

    表中左边的词形不成词；与前后字恰好连成一串时由分词确认词界。
    """
    return match.hit()
