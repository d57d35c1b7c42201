"""Wrong or missing characters in the set terms of official writing."""

from __future__ import annotations

from pathlib import Path

from qa.finding import Level, Pass
from qa.lexicon import Match, read_tsv, terms
from qa.rule import Bad, Hit
from rules._standards import DICTIONARY

_ENTRIES = read_tsv(Path(__file__).with_suffix(".tsv"))


@terms(
    title="公文用语错字漏字",
    entries=_ENTRIES,
    level=Level.ERROR,
    passes=Pass.PROOF1,
    basis=DICTIONARY[""],
    bad=(
        Bad("<p>认真⟦贯切落实⟧上级部署。</p>", "<p>认真贯彻落实上级部署。</p>"),
        Bad("<p>⟦中华人民共合国⟧</p>", "<p>中华人民共和国</p>"),
    ),
    good=(
        "<p>贯彻落实，统筹推进。</p>",
        "<p>审批事项日常监督，调整结构。</p>",
    ),
)
def official_terms(match: Match) -> Hit | None:
    """公文常用词语、机构名称、制度名称和固定提法写错或漏字，读者会怀疑文件的严肃性。

    国名、政府名称写错还可能构成单项否决，须优先改正。
    """
    return match.hit()
