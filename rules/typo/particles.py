"""Slips between 的, 地 and 得."""

from __future__ import annotations

from pathlib import Path

from qa.finding import Level, Pass
from qa.lexicon import Match, read_tsv, terms
from qa.rule import Bad, Hit
from rules._standards import DICTIONARY

_ENTRIES = read_tsv(Path(__file__).with_suffix(".tsv"))


@terms(
    title="“的、地、得”误用",
    entries=_ENTRIES,
    level=Level.WARNING,
    passes=Pass.PROOF1,
    basis=DICTIONARY[""],
    bad=(
        Bad(
            "<p>我们也⟦清醒的认识到⟧困难，⟦更好的发挥⟧作用。</p>",
            "<p>我们也清醒地认识到困难，更好地发挥作用。</p>",
        ),
        Bad("<p>表示⟦衷心地感谢⟧，成绩⟦值的肯定⟧。</p>", "<p>表示衷心的感谢，成绩值得肯定。</p>"),
    ),
    good=(
        "<p>有了清醒的认识，得到更好的贯彻。</p>",
        "<p>积极进取的良好精神，价值的肯定。</p>",
        "<p>衷心地感谢各位。</p>",
    ),
)
def particles(match: Match) -> Hit | None:
    """定语用“的”，状语用“地”，补语用“得”。

    只查前后词语能够断定词性的搭配，如“清醒的认识到”“表示衷心地感谢”“值的注意”。
    """
    return match.hit()
