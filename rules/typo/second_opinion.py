"""What another spelling engine would change, for proofreaders who want to look at everything."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from qa.document import Document
from qa.finding import Confidence, Level, Pass
from qa.lexicon import Entry, read_tsv
from qa.rule import Bad, Hit, Settings, rule
from qa.source import Span
from rules._standards import DICTIONARY
from rules.typo._spelling import protected

if TYPE_CHECKING:
    from qa.typo.opinions import Known

_THOROUGH = Settings(thorough=True)
_TABLES = ("homophone", "shape", "idiom")
"""Tables of wrong and right words beside this file."""


@cache
def _pairs() -> dict[str, str]:
    """Words of the tables that are wrong wherever they stand, and the right ones."""
    return {
        entry.term: entry.right[0]
        for name in _TABLES
        for entry in read_tsv(Path(__file__).with_name(f"{name}.tsv"))
        if entry.right and not entry.contexts
    }


def _known(settings: Settings) -> Known:
    """Words, names and set phrases of ours and of the site."""
    from qa.typo.opinions import Known

    pack = settings.pack
    own = {entry.term: entry.right[0] for item in pack.words for entry in Entry.of(item) if entry.right}
    pairs = {word: right for word, right in (_pairs() | own).items() if word not in pack.silence}
    names = (*(one.name for one in pack.officials), *(str(item["phrase"]) for item in pack.phrases))
    return Known(tuple(sorted(pairs.items())), tuple(sorted({*names})))


@rule(
    title="另一拼写引擎认为有错",
    level=Level.NOTE,
    confidence=Confidence.LOW,
    passes=Pass.PROOF1,
    basis=DICTIONARY[""],
    preview=True,
    bad=(
        Bad(
            "<p>接到任务，大家⟦二话不硕⟧。</p>",
            "<p>接到任务，大家二话不说。</p>",
            settings=_THOROUGH,
        ),
    ),
    good=("<p>接到任务，大家二话不说。</p>",),
)
def second_opinion(document: Document, settings: Settings) -> Iterator[Hit]:
    """默认的拼写引擎没有报告、而另一引擎会改的地方，只在 ``--thorough`` 时列出，供逐字校对参考。

    默认用 pycorrector 的统计纠错器，配本项目的语言模型、错别字词表和本站的词、领导姓名、固定提法。配置里写 ``engine = "macbert"`` 和 ``weights``（本机上权重所在的文件夹）
    可换成 MacBERT，需另装 torch；任何引擎都不会联网下载。
    """
    if not settings.thorough:
        return
    from qa.typo.documents import sentences, suggestions
    from qa.typo.opinions import asked, opinion

    name = settings.option("typo/second_opinion", "engine", "kenlm")
    weights = settings.option("typo/second_opinion", "weights", "")
    told = [found.span for found in suggestions(document)]
    engine = opinion(name, _known(settings), *([weights] if weights else []))
    for begin, sentence in sentences(document):
        for one in asked(sentence, engine):
            span = Span(begin + one.begin, begin + one.end)
            seen = any(span.start < other.end and other.start < span.end for other in told)
            if not seen and not protected(document.text, span, settings):
                yield Hit(
                    span,
                    f"另一引擎认为“{one.original}”应为“{one.replacement}”",
                    fix=one.replacement,
                    yields=True,
                )
