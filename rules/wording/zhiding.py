"""制定 and 制订."""

from __future__ import annotations

from pathlib import Path

from qa.finding import Level, Pass
from qa.lexicon import Match, read_tsv, terms
from qa.rule import Bad, Hit
from rules._standards import EDITING

_ENTRIES = read_tsv(Path(__file__).with_suffix(".tsv"))


@terms(
    title="“制订”宜为“制定”",
    entries=_ENTRIES,
    level=Level.NOTE,
    passes=Pass.PROOF1,
    basis=EDITING[""],
    bad=(Bad("<p>根据有关规定，⟦制订本办法⟧。</p>", "<p>根据有关规定，制定本办法。</p>"),),
    good=("<p>制订年度计划，制定本办法。</p>",),
)
def zhiding(match: Match) -> Hit | None:
    """法律、法规、规章和规范性文件用“制定”，强调定下来、生效；“制订”重在草拟，多用于计划、方案。

    只查宾语是法律文件的搭配，“制订计划”不报。
    """
    return match.hit()
