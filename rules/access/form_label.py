"""Form controls without a name."""

from __future__ import annotations

from collections.abc import Iterator

from qa.document import Document
from qa.finding import Level, Pass
from qa.rule import Bad, Hit, rule
from rules._standards import WCAG
from rules.access._markup import Tag, markup, tag_hit

_UNLABELLED_TYPES = frozenset({"hidden", "submit", "button", "reset", "image"})
_NAMES = ("aria-label", "aria-labelledby", "title", "placeholder")


def _named(tag: Tag, labels: frozenset[str]) -> bool:
    attributes = tag.attributes
    return any(attributes.get(name) for name in _NAMES) or attributes.get("id", "") in labels


@rule(
    title="表单控件没有说明",
    level=Level.WARNING,
    passes=Pass.PROOF2,
    basis=WCAG["表单标签"],
    media=("html",),
    bad=(
        Bad('<p>姓名</p>⟦<input type="text" name="xm">⟧'),
        Bad(
            '<form><label for="a">甲</label><input id="a">⟦<select id="b">⟧<option>乙</option></select>⟦<textarea>⟧</textarea></form>'
        ),
    ),
    good=(
        '<label for="xm">姓名</label><input type="text" id="xm">',
        '<label>姓名 <input type="text"></label>',
        '<input type="hidden" name="k"><input type="submit" value="查询"><input type=image src="a.png" alt="查询">',
        '<input type="text" placeholder="请输入关键词"><input title="姓名"><select aria-label="年份"></select>',
        '<input style="display:none"><input type="text" hidden><input type="checkbox" disabled>',
        "<!-- <input> --><script>document.write('<input>')</script><p>正文</p>",
    ),
)
def form_label(document: Document) -> Iterator[Hit]:
    """没有说明的输入框，读屏软件只会念“编辑框”，使用者不知道该填什么。

    用 label、title、aria-label 或 placeholder 说明均可；隐藏控件和按钮不查。
    """
    tags = markup(document)
    if not tags:
        return
    labels = frozenset(tag.attributes.get("for", "") for tag in tags if tag.name == "label") - {""}
    inside = False
    for tag in tags:
        if tag.name in ("label", "/label"):
            inside = tag.name == "label"
        elif tag.name in ("input", "select", "textarea"):
            kind = tag.attributes.get("type", "").lower() if tag.name == "input" else ""
            idle = kind in _UNLABELLED_TYPES or tag.hidden or "disabled" in tag.attributes
            if not idle and not inside and not _named(tag, labels):
                yield tag_hit(tag, "表单控件没有说明，请加 label 或 title 写明要填的内容")
