"""``ArticleTitle`` beside the title the page shows."""

from __future__ import annotations

from collections.abc import Iterator

from qa.document import Document, Role
from qa.finding import Level, Pass
from qa.patterns import lazy
from qa.rule import Bad, Hit, rule
from rules._standards import INSPECTION
from rules.tags._tags import meta_hit, tags

_NOT_WORD = lazy(r"[\W_]+")


def _bare(text: str) -> str:
    return _NOT_WORD.sub("", text).lower()


@rule(
    title="标题标签与页面标题不一致",
    level=Level.WARNING,
    passes=Pass.REVIEW3,
    basis=INSPECTION["页面标签"],
    media=("html",),
    score_item="META",
    bad=(
        Bad(
            '<meta name="ArticleTitle" content="⟦关于开展防汛检查的通知⟧"><h1>关于开展防火检查的通知</h1><p>正文</p>'
        ),
        Bad(
            '<meta name="ArticleTitle" content="⟦测试标题⟧"><title>甲_某市</title><h1>关于放假的通知</h1><h2>一、时间</h2>'
        ),
    ),
    good=(
        '<meta name="ArticleTitle" content="关于开展防火检查的通知"><h1>关于开展防火检查的<br>通知</h1>',
        '<meta name="ArticleTitle" content="《办法》解读"><title>《办法》解读_某市</title><h1>某市人民政府</h1>',
        '<meta name="ArticleTitle" content="关于开展防火检查…"><h1>关于开展防火检查的通知</h1>',
        '<meta name="ArticleTitle" content="通知"><p>没有标题元素</p>',
        '<meta name="ArticleTitle" content=""><h1>通知</h1>',
        '<meta name="ArticleTitle" content="关于开展防火检查的通知"><h1>某市</h1><p>关于开展防火检查的通知</p>',
    ),
)
def title_mismatch(document: Document) -> Iterator[Hit]:
    """标题标签供检查系统和搜索引擎使用，应与读者看到的标题相同；不一致多为改题后漏改，或套用了旧稿。

    标题在页面任何位置出现过就不报；页面没有一级、二级标题的不判断。
    """
    for meta in tags(document).get("ArticleTitle", ())[:1]:
        words = meta.content.strip()
        bare = _bare(words)
        if not bare or words in document.text:
            continue
        headings = [
            block for block in document.blocks if block.role is Role.HEADING and block.level in (1, 2)
        ]
        if not headings or bare in _bare(document.text[: document.article_end]):
            continue
        shown = document.slice(headings[0]).replace("\n", "")
        yield meta_hit(meta, f"标题标签是“{words}”，页面标题是“{shown}”，两者应当一致")
