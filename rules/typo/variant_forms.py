"""Non-recommended variants of the first list of variant word forms."""

from __future__ import annotations

from pathlib import Path

from qa.finding import Level, Pass
from qa.lexicon import Match, read_tsv, terms
from qa.rule import Bad, Hit
from rules._standards import VARIANT_FORMS

_ENTRIES = read_tsv(Path(__file__).with_suffix(".tsv"))


@terms(
    title="异形词宜用推荐词形",
    entries=_ENTRIES,
    level=Level.NOTE,
    passes=Pass.PROOF1,
    basis=VARIANT_FORMS[""],
    bad=(Bad("<p>引进专门⟦人材⟧，发展多种经济⟦成份⟧。</p>", "<p>引进专门人才，发展多种经济成分。</p>"),),
    good=(
        "<p>部分股份分红。</p>",
        "<p>磁器口古镇，筚路蓝缕。</p>",
    ),
)
def variant_forms(match: Match) -> Hit | None:
    """《第一批异形词整理表》为每组异形词推荐了一个词形，政务文本宜用推荐词形。

    非推荐词形不算错别字，因此只作提示；引文、人名和地名可以保留。
    """
    return match.hit()
