"""Two sentence patterns run together."""

from __future__ import annotations

import re
from collections.abc import Iterator

from qa.document import Document
from qa.finding import Confidence, Level, Pass
from qa.patterns import lazy
from qa.rule import Bad, Hit, rule
from qa.source import Span
from rules._standards import EDITING

_C = "[^，。；：！？、\n]"
_PATTERNS: tuple[tuple[str, re.Pattern[str], str, Level | None], ...] = (
    (
        "原因",
        lazy(rf"原因(?:主要|就)?(?:是|在于){_C}{{2,40}}?(?:造成的|所致|引起的|导致的)"),
        "“原因是……”与“是……造成的”两种句式混用，只留一种",
        None,
    ),
    (
        "原因",
        lazy(r"原因(?:主要|就)?(?:是|在于)(?:由于|因为)"),
        "“原因是”与“由于（因为）”只留一个",
        None,
    ),
    ("目的", lazy(rf"为了{_C}{{2,30}}?为目的"), "“为了……”与“以……为目的”两种句式混用，只留一种", None),
    (
        "本着",
        lazy(rf"本着{_C}{{1,30}}?为(?:原则|宗旨|目的|目标|指导|出发点)"),
        "“本着……的原则”与“以……为原则”两种句式混用，只留一种",
        None,
    ),
    (
        "之所以",
        lazy(r"之所以[^。；！？\n]{2,60}?是(?:因为|由于)[^。；！？\n]{2,40}?的(?:原因|缘故)"),
        "“之所以……是因为……”之后不再说“的原因（缘故）”",
        None,
    ),
    (
        "受",
        lazy(rf"(?:深受|备受|倍受|广受|颇受){_C}{{1,18}}?所(?:欢迎|喜爱|好评|称赞|青睐|推崇|关注|爱戴)"),
        "“深受……喜爱”与“为……所喜爱”两种句式混用，应删去“所”",
        None,
    ),
    (
        "取决于",
        lazy(rf"取决于{_C}{{2,30}}?(?:所决定|决定的)"),
        "“取决于……”与“由……决定”两种句式混用，只留一种",
        None,
    ),
    (
        "围绕",
        lazy(rf"围绕(?:着)?以{_C}{{2,30}}?为(?:中心|核心|主题|重点|主线)(?=[，。；、\n])"),
        "“围绕……”与“以……为中心”两种句式混用，只留一种",
        None,
    ),
    (
        "在",
        lazy(rf"(?:旨在|意在){_C}{{2,40}}?(?:为目的|为宗旨|的目的)(?=[，。；\n])"),
        "“旨在……”与“以……为目的”两种句式混用，只留一种",
        None,
    ),
    (
        "关键",
        lazy(rf"关键(?:在于|是){_C}{{2,30}}?(?:起决定(?:性)?作用|分不开)"),
        "“关键在于……”与“……起决定作用”两种句式混用，只留一种",
        None,
    ),
    (
        "为",
        lazy(r"(?:按照|根据|依照|遵循)[^，。；：！？、\n以]{2,25}?为(?:原则|依据|准则)(?=[，。；、\n])"),
        "“按照……原则”与“以……为原则”两种句式混用，只留一种",
        None,
    ),
    (
        "据",
        lazy(
            r"根据[^，。；：！？\n、“”《》]{0,12}?(?:统计|调查|监测|预测|测算|数据|资料|分析|研究)(?:结果|数据)?(?:显示|表明)"
        ),
        "“根据……”与“……显示”两种句式混用，宜改为“据……”或者删去“根据”",
        Level.NOTE,
    ),
    ("目的", lazy(r"目的(?:就)?是为了"), "“目的是”与“为了”意思重复，只留一个", Level.NOTE),
)


@rule(
    title="句式杂糅",
    level=Level.WARNING,
    passes=Pass.PROOF1,
    basis=EDITING[""],
    confidence=Confidence.MEDIUM,
    needs=(
        "原因",
        "为目的",
        "本着",
        "之所以",
        "受",
        "取决于",
        "围绕",
        "旨在",
        "意在",
        "关键",
        "根据",
        "按照",
        "目的",
    ),
    bad=(
        Bad("<p>事故⟦原因是由于⟧操作不当造成的。</p>"),
        Bad("<p>项目滞后的⟦原因是由于⟧资金不足。</p>"),
        Bad("<p>事故的⟦原因是操作不当造成的⟧。</p>"),
        Bad("<p>⟦本着公平公正为原则⟧，认真评选。</p>"),
        Bad("<p>节目⟦深受群众所喜爱⟧。</p>"),
        Bad("<p>⟦根据调查数据显示⟧，群众比较满意。</p>"),
    ),
    good=(
        "<p>原因是资金不足。事故是操作不当造成的。</p>",
        "<p>本着公平公正的原则，以便民为目的，深受群众喜爱。</p>",
        "<p>紧紧围绕以哈尔滨为中心的城市群。据统计，群众比较满意。</p>",
    ),
)
def mixed_sentence_patterns(document: Document) -> Iterator[Hit]:
    """两种说法都对，合在一句里就不通了，如“原因是由于”“本着……为原则”“深受……所喜爱”。

    改法不止一种，由编辑取舍，因此不自动修改。
    """
    text = document.text
    taken = 0
    found: list[tuple[int, int, str, Level | None]] = []
    for literal, pattern, message, level in _PATTERNS:
        if literal in text:
            found += [(*match.span(), message, level) for match in pattern.finditer(text)]
    for start, end, message, level in sorted(found, key=lambda item: item[:2]):
        if start >= taken:
            yield Hit(Span(start, end), message, level=level)
            taken = end
