"""``<html>`` without a language, or with a wrong one."""

from __future__ import annotations

import re
from collections.abc import Iterator

from qa.document import Document
from qa.finding import Level, Pass
from qa.patterns import lazy
from qa.rule import Bad, Hit, rule
from rules._standards import WCAG
from rules.tags._tags import head_hit

_TAG = lazy(r"[a-z]{2,3}(?:-[a-z0-9]{1,8})*\Z", re.IGNORECASE | re.ASCII)
_CHINESE = lazy("[\u4e00-\u9fff]")


@rule(
    title="网页没有正确标明语言",
    level=Level.WARNING,
    passes=Pass.PROOF2,
    basis=WCAG["网页的语言"],
    page=True,
    media=("html",),
    bad=(
        Bad("⟦<html>⟧<body><p>通知</p></body></html>"),
        Bad('<!doctype html>⟦<html lang="en">⟧<body><p>关于开展检查的通知</p></body></html>'),
        Bad('⟦<html lang="zh_CN">⟧<body><p>通知</p></body></html>'),
        Bad("⟦<head>⟧<title>通知</title></head>"),
    ),
    good=(
        '<html lang="zh-CN"><body><p>通知</p></body></html>',
        '<html lang="zh"><body><p>通知</p></body></html>',
        '<html lang="en"><body><p>Notice of the Municipal Government 通知</p></body></html>',
        '<html xmlns="http://www.w3.org/1999/xhtml" xml:lang="zh-CN"><body><p>通知</p></body></html>',
        "<p>通知</p>",
    ),
)
def lang(document: Document) -> Iterator[Hit]:
    """读屏软件按网页标明的语言选择读音，没有标明或标成英文，中文就会读错。应写作 lang="zh-CN"。"""
    said = (document.lang or "").strip()
    if not said:
        if "xml:lang" not in document.source.text[:5000]:
            yield head_hit(
                document, '网页没有标明语言，应在 html 标签上写 lang="zh-CN"', first="html", template=True
            )
        return
    if not _TAG.match(said) or said.lower() in ("cn", "chs", "gb"):
        yield head_hit(
            document, f'语言标记“{said}”写法不对，应写作 lang="zh-CN"', first="html", template=True
        )
    elif not said.lower().startswith("zh"):
        sample = document.text[:1000]
        if len(_CHINESE.findall(sample)) * 2 > len(sample):
            yield head_hit(
                document,
                f'网页内容是中文，语言却标成“{said}”，应写作 lang="zh-CN"',
                first="html",
                template=True,
            )
