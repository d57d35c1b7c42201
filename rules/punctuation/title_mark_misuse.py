"""Book title marks round things that are not works."""

from __future__ import annotations

from collections.abc import Iterator

from qa.document import Document
from qa.finding import Level, Pass
from qa.patterns import lazy
from qa.rule import Bad, Hit, rule
from rules._standards import PUNCTUATION
from rules.punctuation._article import find, span_of

_TITLE = lazy(
    r"《([^《》\n]{0,24}?(?:证书?|执照|许可证|户口[本簿]|营业执照|大赛|奖|论坛|博览会|座谈会|研讨会|培训班|课程|商标|牌匾))》"
)
_WORK = lazy(r"[论作]证|保证$|辩证|印证|求证|见证|认证$|公证$|获奖|评奖|颁奖|论奖|表彰|圆桌")


@rule(
    title="书名号用于证照、奖项、会议、课程",
    level=Level.NOTE,
    passes=Pass.PROOF2,
    basis=PUNCTUATION["A.13"],
    needs=(
        "证》",
        "照》",
        "书》",
        "簿》",
        "本》",
        "赛》",
        "奖》",
        "坛》",
        "会》",
        "班》",
        "程》",
        "标》",
        "匾》",
    ),
    bad=(
        Bad("<p>提交⟦《营业执照》⟧复印件</p>", "<p>提交营业执照复印件</p>"),
        Bad("<p>获得⟦《鲁班奖》⟧</p>", "<p>获得鲁班奖</p>"),
    ),
    good=(
        "<p>《公司登记管理条例》《论证》</p>",
        "<p>《居住证暂行条例》</p>",
        "<p>荣获鲁班奖</p>",
        "<p>《见证》</p>",
    ),
)
def title_mark_misuse(document: Document) -> Iterator[Hit]:
    """书名号用于书、文件、报刊、文艺作品等的名称。证照、奖项、会议、活动、课程、商标等不是作品，不用书名号。

    以证照的固定样式为名时（如表单标题）各地写法不一，因此只作提示。
    """
    for match in find(document, _TITLE):
        if not _WORK.search(match[1]):
            words = f"“{match[1]}”不是书籍、文件或作品，一般不用书名号"
            yield Hit(span_of(match), words, fix=match[1], alternatives=(f"“{match[1]}”",))
