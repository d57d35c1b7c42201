"""Sound or pictures that start by themselves."""

from __future__ import annotations

from collections.abc import Iterator

from qa.document import Document
from qa.finding import Level, Pass
from qa.rule import Bad, Hit, rule
from rules._standards import WCAG
from rules.access._markup import markup, tag_hit


@rule(
    title="音视频自动播放",
    level=Level.WARNING,
    passes=Pass.PROOF2,
    basis=WCAG["音频控制"],
    media=("html",),
    bad=(
        Bad('<p>正文</p>⟦<video src="a.mp4" autoplay controls>⟧</video>'),
        Bad('<p>正文</p>⟦<audio autoplay="autoplay" src="a.mp3">⟧</audio>⟦<bgsound src="a.mid">⟧'),
    ),
    good=(
        '<p>正文</p><video src="a.mp4" controls></video>',
        '<p>正文</p><video src="a.mp4" autoplay muted></video>',
        '<p>正文</p><video src="" autoplay></video><video src="a.mp4" autoplay hidden></video>',
        "<p>正文</p><!-- <video autoplay> -->",
    ),
)
def autoplay(document: Document) -> Iterator[Hit]:
    """自动播放的声音会盖过读屏软件的语音，也会惊扰读者；应由读者自己点击播放。静音播放的不报。"""
    for tag in markup(document):
        if tag.hidden or tag.attributes.get("src") == "" or "muted" in tag.attributes:
            continue
        if tag.name == "bgsound" or (tag.name in ("video", "audio") and "autoplay" in tag.attributes):
            yield tag_hit(tag, "音视频自动播放；请改为由读者点击播放")
