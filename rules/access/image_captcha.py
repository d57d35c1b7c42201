"""Captcha that can only be seen."""

from __future__ import annotations

import re
from collections.abc import Iterator

from qa.document import Document
from qa.finding import Confidence, Level, Pass
from qa.patterns import lazy
from qa.rule import Bad, Hit, rule
from qa.source import Span
from rules._standards import WCAG

_CAPTCHA = lazy(
    r"captcha|kaptcha|(?:verify|valid(?:ate)?|check|auth|rand|security|img|image)_?code|yzm|yanzhengma",
    re.IGNORECASE,
)
_OTHER_WAYS = ("语音", "短信验证", "听", "播报", "滑块", "手机验证")


@rule(
    title="验证码只有图片",
    level=Level.NOTE,
    passes=Pass.PROOF2,
    basis=WCAG["非文本验证码"],
    confidence=Confidence.MEDIUM,
    media=("html",),
    bad=(
        Bad('<p>验证码</p><img src="⟦/servlet/captcha.jpg?t=1⟧" alt="验证码">'),
        Bad('<p>验证码</p><img src="⟦/yzm.do⟧" alt="看不清，换一张">'),
    ),
    good=(
        '<p>验证码</p><img src="/captcha.jpg" alt="验证码"><a href="/captcha.mp3">语音验证码</a>',
        '<p>正文</p><img src="/images/city.jpg" alt="城区">',
        '<img alt="图">',
    ),
)
def image_captcha(document: Document) -> Iterator[Hit]:
    """只有图片的验证码，看不见的人无法通过，也就办不了事；至少应另有一种不靠看图的办法，如语音验证码。"""
    for image in document.images:
        if image.src and not image.hidden and _CAPTCHA.search(image.src[-200:]):
            if not any(way in document.text for way in _OTHER_WAYS):
                yield Hit(
                    Span(0, 0), "验证码只有图片，请增加语音等其他方式", source=image.source, quote=image.src
                )
            return
