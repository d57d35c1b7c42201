"""What another spelling engine would change, for proofreaders who want to look at everything."""

from __future__ import annotations

from collections.abc import Iterator

from qa.document import Document
from qa.finding import Confidence, Level, Pass
from qa.rule import Bad, Hit, Settings, rule
from qa.source import Span
from rules._standards import DICTIONARY

_THOROUGH = Settings(thorough=True)


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

    默认用 pycorrector 的统计纠错器配本项目的语言模型。配置里写 ``engine = "macbert"`` 和 ``weights``（本机上权重所在的文件夹）
    可换成 MacBERT，需另装 torch；任何引擎都不会联网下载。
    """
    if not settings.thorough:
        return
    from qa.typo.documents import sentences, suggestions
    from qa.typo.opinions import asked

    engine = settings.option("typo/second_opinion", "engine", "kenlm")
    weights = settings.option("typo/second_opinion", "weights", "")
    known = [found.span for found in suggestions(document)]
    for begin, sentence in sentences(document):
        for one in asked(sentence, engine, *([weights] if weights else [])):
            span = Span(begin + one.begin, begin + one.end)
            if not any(span.start < other.end and other.start < span.end for other in known):
                yield Hit(
                    span,
                    f"另一引擎认为“{one.original}”应为“{one.replacement}”",
                    fix=one.replacement,
                    yields=True,
                )
