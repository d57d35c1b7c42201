"""Drafts against live pages: the same article is silent, every planted fault is told once."""

from __future__ import annotations

import html as markup
import random
import re
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from qa import drift
from qa.align import align, gaps, kindred
from qa.approval import Approval, approve, line_of, parse
from qa.document import Document
from qa.drift import MAX_CHANGES, Comparison, compare, dead_file, findings, gravity, moved_home
from qa.finding import Level
from qa.livepage import layout
from qa.readers import read
from qa.source import Source, Span

# --- pages as three kinds of content management systems would make them from a draft ---------------

_NAV = "".join(
    f'<li><a href="/c{n}/">{name}</a></li>'
    for n, name in enumerate(["首页", "新闻中心", "政务公开", "办事服务", "互动交流"])
)
_MORE = "".join(
    f'<li><a href="/art/2024/{n}.html">关于做好第{n}批重点工作任务落实情况的通报</a><span>2024-05-0{n}</span></li>'
    for n in range(1, 9)
)


def body_html(markdown: str) -> str:
    """The body of a draft as a browser would be given it."""
    if markdown.startswith("---\n"):
        markdown = markdown[markdown.index("\n---\n", 4) + 5 :]
    return MarkdownIt("commonmark", {"html": True}).enable(["table", "strikethrough"]).render(markdown)


def trs(title: str, body: str) -> str:
    """Tables around, TRS editor inside; title and credits above, share and neighbours below."""
    name = markup.escape(title)
    return f"""<!DOCTYPE html><html><head><meta charset="utf-8"><title>{name}_某某市人民政府</title>
<meta name="ArticleTitle" content="{name}"><meta name="PubDate" content="2024-05-06 10:30"><meta name="ContentSource" content="市政府办公室">
<meta name="SiteName" content="某某市人民政府"></head><body>
<div class="header"><img src="/logo.png" alt="某某市人民政府"><ul class="nav">{_NAV}</ul></div>
<div class="weizhi">您现在的位置：<a href="/">首页</a> &gt; <a href="/zwgk/">政务公开</a> &gt; 正文</div>
<div class="xl-box"><h1>{name}</h1>
<div class="info"><span>发布时间：2024-05-06 10:30</span><span>来源：市政府办公室</span><span>浏览次数：<script>document.write(hits)</script>1024</span>
<span>字体：【<a href="javascript:zoom(18)">大</a> <a href="javascript:zoom(16)">中</a> <a href="javascript:zoom(14)">小</a>】</span>
<a href="javascript:window.print()">打印</a></div>
<div class="TRS_Editor">
<style>.TRS_Editor P{{line-height:2}}</style>
{body}
</div>
<div class="bianji">责任编辑：某某</div>
<div class="bshare">分享到：<a href="https://service.weibo.com/share/share.php">微博</a><a href="https://connect.qq.com/x">QQ</a></div>
<div class="ewm"><img src="/qr.png" alt="二维码"><p>扫一扫在手机打开当前页</p></div>
<p>上一篇：<a href="/art/1.html">关于开展专项检查的通知</a></p><p>下一篇：<a href="/art/2.html">关于召开会议的通知</a></p>
</div>
<div class="tuijian"><h3>相关阅读</h3><ul>{_MORE}</ul></div>
<div class="footer"><p>主办：某某市人民政府办公室　网站标识码：3500000001</p><p>闽ICP备00000001号</p></div>
<script src="https://hm.baidu.com/hm.js"></script></body></html>"""


def hanweb(title: str, body: str) -> str:
    """Layout by tables, all of it in one cell, paragraphs by style and line breaks; upper-case tags."""
    name = markup.escape(title)
    styled = body.replace(
        "<p>",
        '<P style="text-indent: 2em; MARGIN: 0cm 0cm 0pt"><SPAN style="FONT-SIZE: 16pt">&nbsp;&nbsp;&nbsp;&nbsp;',
    )
    styled = styled.replace("</p>", "</SPAN></P>").replace("“", "&ldquo;").replace("”", "&rdquo;")
    return f"""<HTML><HEAD><TITLE>某某县人民政府 {name}</TITLE></HEAD><BODY>
<TABLE width="1000"><TR><TD><A href="/">首页</A> | <A href="/col/">政务公开</A> | <A href="/col2/">新闻</A></TD></TR></TABLE>
<TABLE width="1000"><TR><TD width="200"><UL>{_MORE}</UL></TD><TD>
<TABLE><TR><TD align="center" class="bt"><B>{name}</B></TD></TR>
<TR><TD>索 引 号：</TD><TD>FJ00000-0101-2024-00001</TD></TR><TR><TD>发布机构：</TD><TD>县政府办</TD></TR><TR><TD>生成日期：</TD><TD>2024-05-06</TD></TR>
<TR><TD>日期：2024-05-06 来源：县政府办 字号：[大][中][小]</TD></TR>
<TR><TD><DIV id="content_nr">{styled}</DIV>
<P align="right">[打印本页] [关闭窗口]</P></TD></TR></TABLE>
</TD></TR></TABLE>
<TABLE><TR><TD>版权所有：某某县人民政府　承办：县政府办公室</TD></TR></TABLE></BODY></HTML>"""


def modern(title: str, body: str) -> str:
    """HTML5, a document's table of metadata, the article beside a sidebar; nothing says where it is."""
    name = markup.escape(title)
    return f"""<!doctype html><html lang="zh-CN"><head><meta charset="utf-8"><title>{name}-某某区人民政府网</title></head><body>
<header><nav><ul>{_NAV}</ul></nav></header><div id="app" class="page-wrap"><div class="left-col">
<table class="meta"><tbody><tr><th>标题</th><td>{name}</td></tr><tr><th>发文机关</th><td>某某区人民政府</td></tr><tr><th>主题分类</th><td>综合政务</td></tr></tbody></table>
<div class="box"><h2 class="headline">{name}</h2><p class="sub"><time>2024年05月06日 10:30</time> 来源：区政府办 <a href="#" class="p">打印</a></p>
<div class="rich-text-xyz">{body}</div>
<div class="after"><span>编辑：某某</span><span>审核：某某</span><button>收藏</button><p>用微信“扫一扫”分享至朋友圈</p></div></div>
<div class="rel"><h4>相关链接</h4><ul>{_MORE}</ul></div></div>
<div class="right-col"><h4>热点推荐</h4><p>区政府召开常务会议，研究部署下一阶段经济运行、安全生产、生态环境保护等重点工作，区领导某某主持会议并讲话。</p></div></div>
<footer><p>某某区人民政府主办　<a href="https://beian.miit.gov.cn/">闽ICP备00000002号</a></p></footer></body></html>"""


TEMPLATES: dict[str, Callable[[str, str], str]] = {"trs": trs, "hanweb": hanweb, "modern": modern}


# --- the draft ---

URL = "https://www.example.gov.cn/art/2024/9.html"
DRAFT = """---
title: 关于做好夏季防汛工作的通知
---

各镇人民政府、街道办事处：

为做好2024年夏季防汛工作，现将有关事项通知如下。

## 一、压实工作责任

各单位要落实防汛责任制，主要负责人要靠前指挥。全市共安排防汛资金1200万元，其中水库加固800万元。

> 防汛工作实行行政首长负责制。

1. 加强值班值守，实行24小时值班制度。
2. 加强隐患排查，6月30日前完成。

## 二、加强物资保障

| 物资 | 数量 |
|---|---|
| 编织袋 | 50 |
| 抽水泵 | 12 |

市应急管理局局长某某负责物资调度，各单位不得挪用“专项物资”。

防汛期间，各单位应当每日报送情况。特此通知。

某某市人民政府

2024年5月6日
"""


def page(html: str, url: str = URL) -> Document:
    return read(Source(url, html, "html", url=url))


def approval(text: str, media: str = "markdown") -> Approval:
    return approve(read(Source("draft.md", text, media)), "draft.md")


def live(one: Approval, body: str, template: str = "trs", title: str = "") -> Comparison:
    return compare(one, page(TEMPLATES[template](title or one.article.title, body)))


def told(found: Comparison) -> list[str]:
    return [drift.rule.id.removeprefix("recheck/") for drift in found.drifts]


def plain(markdown: str) -> str:
    """The draft as a text file would hold it."""
    text = re.sub(r"\A---\ntitle: (.*)\n---\n", r"\1\n", markdown)
    text = re.sub(r"(?m)^(?:#+|>) ", "", text).replace("|---|---|\n", "")
    return re.sub(r"(?m)^\| (.*) \| (.*) \|$", r"\1\n\2", text)


# --- unchanged -------------------------------------------------------------------------------------


@pytest.mark.parametrize("template", TEMPLATES)
@pytest.mark.parametrize("media", ["markdown", "text", "html"])
def test_the_same_article_is_silent(template: str, media: str) -> None:
    body = body_html(DRAFT)
    text = {"markdown": DRAFT, "text": plain(DRAFT), "html": f"<h1>关于做好夏季防汛工作的通知</h1>{body}"}[
        media
    ]
    found = live(approval(text, media), body, template)
    assert [drift.message for drift in found.drifts] == []
    assert not found.gap
    assert not found.notices


@pytest.mark.parametrize("template", TEMPLATES)
def test_layout_is_no_drift(template: str) -> None:
    body = body_html(DRAFT)
    body = (
        body.replace("<ol>\n<li>", "<p>1.")
        .replace("</li>\n<li>", "</p><p>2．")
        .replace("</li>\n</ol>", "</p>")
    )
    body = body.replace("“专项物资”", "「专项 物资」").replace("。全市共", "。<br>\u3000\u3000全市&nbsp;共")
    body = body.replace("<p>某某市", "<p style='text-align:right'>某 某\u200b市")
    assert told(live(approval(DRAFT), body, template)) == []


def test_an_image_may_have_a_caption_and_a_qr_code() -> None:
    one = approval(DRAFT.replace("## 二", "![现场](a.jpg)\n\n## 二"))
    body = body_html(DRAFT).replace(
        "<h2>二", "<p><img src='P0202405.jpg' alt=''></p><p>图为值班现场</p><h2>二"
    )
    found = live(one, body)
    assert told(found) == []
    assert found.files == [(one.article.images[0], "https://www.example.gov.cn/art/2024/P0202405.jpg")]


# --- planted ---------------------------------------------------------------------------------------

SPAM = "<p>某某娱乐平台注册即送现金，欢迎访问<a href='https://spam.example.com/'>官方网站</a>。</p>"


@pytest.mark.parametrize("template", TEMPLATES)
@pytest.mark.parametrize(
    ("old", "new", "rule", "level", "words"),
    [
        ("1200万元", "1300万元", "changed", Level.ERROR, "防汛资金1300万元"),
        (">12<", ">13<", "changed", Level.ERROR, "批准的是“12”，线上是“13”"),
        ("靠前指挥", "靠前指导", "changed", Level.WARNING, "靠前指导"),
        ("局长某某", "局长甲某", "changed", Level.ERROR, "局长甲某"),
        ("不得挪用", "得挪用", "changed", Level.ERROR, "各单位得挪用"),
        ("应急管理局", "应急委", "changed", Level.ERROR, "应急委"),
        ("每日报送情况。", "每日报送情况，", "changed", Level.NOTE, "只有标点不同"),
        ("5月6日", "5月8日", "changed", Level.ERROR, "2024年5月8日"),
        ("主要负责人要靠前指挥。", "", "changed", Level.ERROR, ""),
        ("指挥。", "指挥。请遵照执行。", "changed", Level.WARNING, "线上多出“请遵照执行。”"),
        ("<blockquote>\n<p>防汛工作实行行政首长负责制。</p>\n</blockquote>", "", "changed", Level.ERROR, "在线上没有"),
        ("<p>某某市人民政府</p>\n<p>2024年5月6日</p>", "", "truncated", Level.ERROR, "共缺 16 字"),
        ("每日报送情况。特此通知。</p>\n<p>某某市人民政府</p>\n<p>2024年5月6日</p>", "每</p>", "truncated", Level.ERROR, "从“日报"),
        ("<h2>二", SPAM + "<h2>二", "injected", Level.ERROR, "某某娱乐平台"),
        ("<p>2024年5月6日</p>", "<p>2024年5月6日</p>" + SPAM, "injected", Level.ERROR, "某某娱乐平台"),
        ("<h2>二", "<p>速速来电</p><h2>二", "injected", Level.WARNING, "速速来电"),
        ("<p>2024年5月6日</p>", "<p>2024年5月6日</p><p>加wx123456</p>", "injected", Level.WARNING, "wx123456"),
        ("编织袋", "<a href='http://b.example.com/'>编织袋</a>", "injected", Level.WARNING, "站外链接"),
        ("<h2>二", "<i style='display:none'><a href='//b.example.com/'></a></i><h2>二", "injected", Level.ERROR, "隐藏链接"),
        ("<h2>二", "<script src='//b.example.com/x.js'></script><h2>二", "injected", Level.ERROR, "外站脚本"),
        ("<h2>二", "<iframe src='https://b.example.com/'></iframe><h2>二", "injected", Level.ERROR, "外站脚本"),
        ("<h2>二", "<script>eval(unescape('%61'))</script><h2>二", "injected", Level.ERROR, "掩饰"),
    ],
)  # fmt: skip
def test_one_fault_is_told_once(
    template: str, old: str, new: str, rule: str, level: Level, words: str
) -> None:
    body = body_html(DRAFT)
    assert body.count(old) == 1
    one = approval(DRAFT)
    found = live(one, body.replace(old, new), template)
    assert told(found) == [rule], [drift.message for drift in found.drifts]
    (drift,) = found.drifts
    assert (drift.level or drift.rule.level) is level
    assert words in drift.message


def test_titles() -> None:
    one = approval(DRAFT)
    body = body_html(DRAFT)
    for template in TEMPLATES:
        found = live(one, body, template, "关于做好冬季防汛工作的通知")
        assert told(found) == ["title"]
    (drift,) = found.drifts
    assert "线上是“关于做好冬季防汛工作的通知" in drift.message
    split = f"<div><p>关于做好夏季<br>防汛工作的通知</p>{body}</div>"
    assert told(compare(one, page(split))) == []
    assert (
        told(
            compare(one, page(f"<title>关于做好夏季防汛工作的通知_网</title><h1>网站</h1><div>{body}</div>"))
        )
        == []
    )
    longer = approval(
        DRAFT.replace("夏季防汛工作的通知\n", "夏季\n").replace("各镇", "防汛工作的通知\n\n各镇")
    )
    assert (
        told(
            compare(
                longer, page(f"<h1>关于做好夏季防汛工作的通知</h1><div><p>防汛工作的通知</p>{body}</div>")
            )
        )
        == []
    )


def test_publication() -> None:
    draft = DRAFT.replace("各镇", "发布时间：2024-05-06　来源：市应急局\n\n各镇", 1)
    one = approval(draft)
    assert (one.article.published, one.article.source) == ("2024-05-06", "市应急局")
    body = body_html(DRAFT)
    title = "<h1>关于做好夏季防汛工作的通知</h1>"
    assert told(live(one, body)) == []
    assert told(compare(one, page(f"{title}<p>2024-05-06 市应急局</p><div>{body}</div>"))) == []
    assert told(compare(one, page(f"{title}<div>{body}</div>"))) == ["publication", "publication"]


def test_attachments_and_images() -> None:
    note = (
        "附件：[任务分解表](f/rw.xlsx)\n\n[1.联系表.docx](f/lx.docx)\n\n![甲](a.jpg) ![乙](b.jpg)\n\n"
        "附件：1.检查清单\n\n2.整改台账\n\n"
    )
    one = approval(DRAFT.replace("某某市人民政府\n", note + "某某市人民政府\n"))
    assert [(file.name, file.href) for file in one.article.attachments] == [
        ("任务分解表", "f/rw.xlsx"),
        ("1.联系表.docx", "f/lx.docx"),
        ("检查清单", ""),
        ("整改台账", ""),
    ]
    body = body_html(DRAFT)
    lists = "<p>附件：1.检查清单</p><p>2.整改台账</p><p>某某市人民政府</p>"
    body = body.replace("<p>某某市人民政府</p>", lists)
    full = body + (
        "<p><a href='P1.xlsx'>附件1：任务分解表.xlsx</a></p><p><a href='/d?id=3'>联系表</a></p><img src='/u/A.JPG'><img src='9.png'>"
        "<p><a href='3.pdf'>检查清单</a></p><p><a href='javascript:down(4)'>整改台账</a></p>"
    )
    found = live(one, full)
    assert told(found) == []
    assert [url.rpartition("/")[2] for _, url in found.files] == [
        "P1.xlsx",
        "d?id=3",
        "3.pdf",
        "A.JPG",
        "9.png",
    ]
    found = live(one, body + "<img src='A.JPG'>")
    assert told(found) == ["missing_attachment"] * 5
    assert [drift.level for drift in found.drifts] == [
        Level.ERROR,
        Level.ERROR,
        Level.WARNING,
        Level.WARNING,
        None,
    ]
    inline = body + "<h2>检查清单</h2><p>整改台账</p>"
    assert "检查清单" not in str(
        [drift.message for drift in live(one, inline).drifts if "附件" in drift.message]
    )
    assert dead_file(one.article.attachments[0], "u", "找不到该网页（404）").message == (
        "批准稿的附件或图片“任务分解表”打不开：找不到该网页（404）"
    )


def test_moved_and_renumbered_paragraphs() -> None:
    draft = "# 规定\n\n" + "".join(f"{n}. 第{n}条的内容是甲乙丙丁{n * 37}号事项。\n" for n in range(1, 8))
    one = approval(draft.replace(". 第", "．第").replace("\n", "\n\n"))
    lines = re.findall("第.*。", draft)
    same = "".join(f"<p>{n}.{line}</p>" for n, line in enumerate(lines, 1))
    assert told(compare(one, page(f"<h1>规定</h1><div>{same}</div>"))) == []
    shifted = "".join(f"<p>{n}.{line}</p>" for n, line in enumerate(lines, 2))
    found = compare(one, page(f"<h1>规定</h1><div>{shifted}</div>"))
    assert [drift.message[:6] for drift in found.drifts] == ["段落序号有改"]


def test_far_too_many_changes_are_counted() -> None:
    lines = [f"第{n}项工作由某某单位负责落实并于年底前完成。" for n in range(80)]
    one = approval("# 分工\n\n" + "\n\n".join(lines))
    body = "".join(
        f"<p>{line.replace('年底', '年中')}</p>" if n % 2 else f"<p>{line}</p>"
        for n, line in enumerate(lines)
    )
    found = compare(one, page(f"<h1>分工</h1><div>{body}</div>"))
    assert told(found) == ["changed"] * MAX_CHANGES
    assert found.notices == ["与批准稿不同之处共 40 处，只列出前 30 处"]


# --- no article there ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("html", "words"),
    [
        ("<title>404</title><body>对不起，您访问的页面不存在，请返回首页或者使用站内搜索查找您所需要的内容，由此带来不便敬请谅解。", "出错页面"),
        ("<title>别的稿件</title><p>" + "全区上下认真学习贯彻会议精神，推动各项工作取得新的成效。" * 9, "不是这篇稿件"),
        ("<p>。</p>", "没有内容"),
    ],
)  # fmt: skip
def test_another_page(html: str, words: str) -> None:
    found = compare(approval(DRAFT), page(html))
    assert told(found) == ["offline"]
    assert words in found.drifts[0].message


def test_a_page_made_by_scripts_is_unchecked() -> None:
    found = compare(approval(DRAFT), page("<div id=app></div><script src=app.js></script>"))
    assert not found.drifts
    assert "脚本" in found.gap


def test_home() -> None:
    assert moved_home("http://a.example.com/x/1.html", "http://a.example.com/index.html")
    assert not moved_home("http://a.example.com/", "http://a.example.com/")
    assert not moved_home("http://a.example.com/1", "http://a.example.com/index.php?id=1")


# --- by hash alone ---------------------------------------------------------------------------------


def hashed(one: Approval) -> Approval:
    made = parse(line_of(one, text=False).decode())
    assert not made.has_text
    return made


@pytest.mark.parametrize("template", TEMPLATES)
def test_a_hash_tells_same_from_changed(template: str) -> None:
    one = hashed(approval(DRAFT))
    body = body_html(DRAFT)
    assert told(live(one, body, template)) == []
    found = live(one, body.replace("1200", "1300"), template)
    assert told(found) == ["changed"]
    assert "只留了校验值" in found.drifts[0].message


def test_a_hash_and_an_error_page() -> None:
    text = "<title>出错了</title><p>您访问的页面不存在" + "，请返回首页" * 10
    assert told(compare(hashed(approval(DRAFT)), page(text))) == ["offline"]
    nav = f"<div class=nav><h1>关于做好夏季防汛工作的通知</h1>{body_html(DRAFT)}</div>"
    assert told(compare(hashed(approval(DRAFT)), page(nav))) == []
    assert told(compare(approval(DRAFT), page(nav))) == []


def test_an_article_without_words() -> None:
    one = approval("![长图](a.jpg)")
    assert one.has_text
    assert told(compare(one, page("<img src='a.jpg'><p>扫一扫</p>"))) == []
    assert told(compare(one, page("<p>扫一扫</p>"))) == ["missing_attachment"]


# --- odd pages -------------------------------------------------------------------------------------


def test_no_element_of_its_own() -> None:
    one = approval(DRAFT)
    body = body_html(DRAFT)
    title = "<h1>关于做好夏季防汛工作的通知</h1>"
    assert (
        told(
            compare(
                one,
                page(
                    f"{title}{body}<p>上一篇：<a href=/1>某通知</a><p>版权所有某某网站，未经许可不得转载本站内容。"
                ),
            )
        )
        == []
    )
    assert told(compare(one, page(title + body + SPAM))) == ["injected"]
    assert told(compare(one, page(f"{title}{body}<p>打印</p>{SPAM}"))) == []


def test_hostile_addresses_are_passed_over() -> None:
    body = (
        body_html(DRAFT)
        + "<p><a href='http://[::1'>甲</a><a href='http://'>乙</a><a href='ht!tp:x'>丙</a></p>"
    )
    found = compare(approval(DRAFT), page(TEMPLATES["trs"]("关于做好夏季防汛工作的通知", body)))
    assert told(found) == []
    bad = approval(DRAFT + "\n[甲](http://[::1)\n")
    assert "http://[::1" in bad.article.links
    assert told(live(bad, body_html(DRAFT) + "<p>甲</p>")) == []
    address = page(
        f"<base href='http://[bad'><h1>关于做好夏季防汛工作的通知</h1><div>{body_html(DRAFT)}</div>",
        "http://192.0.2.1/a",
    )
    assert told(compare(approval(DRAFT), address)) == []


def test_findings_last() -> None:
    one = approval(DRAFT)
    body = body_html(DRAFT).replace("1200", "1300")
    made = []
    for template in TEMPLATES.values():
        document = page(template(one.article.title, body))
        (finding,) = findings(compare(one, document).drifts, one, URL, document)
        assert "1300万元" in document.source.text[finding.start.offset : finding.end.offset]
        assert (finding.path, finding.rule, finding.level) == (URL, "recheck/changed", Level.ERROR)
        assert "1200万元" in finding.suggestion
        made.append(finding.fingerprint)
    assert len(set(made)) == 1
    twice = findings(compare(one, document).drifts * 2, one, URL, None)
    assert len({finding.fingerprint for finding in twice}) == 2
    assert twice[0].start.line == 1


@pytest.mark.parametrize(
    ("before", "after", "level"),
    [
        ("甲、乙", "甲，乙", Level.NOTE),
        ("1,000元", "1000元", Level.NOTE),
        ("增长3.5", "增长35", Level.ERROR),
        ("增长5%", "增长5", Level.ERROR),
        ("依据《城乡规划法》", "依据《城市规划法》", Level.ERROR),
        ("推动工作", "推进工作", Level.WARNING),
        ("百姓", "群众" * 3000, Level.WARNING),
        ("他们" * 2000, "我们" * 2000, Level.WARNING),
    ],
)
def test_gravity(before: str, after: str, level: Level) -> None:
    assert gravity(before, after) is level


def test_replaced_between_neighbours() -> None:
    lines = [f"第{n}条说的是第{n * 7}号事项的办理流程与时限要求。" for n in range(1, 9)]
    one = approval("# 规定\n\n" + "\n\n".join([*lines[:4], "甲乙丙", *lines[4:]]))

    def changed(*middle: str) -> Comparison:
        body = "".join(f"<p>{line}</p>" for line in [*lines[:4], *middle, *lines[4:]])
        return compare(one, page(f"<h1>规定</h1><div>{body}</div>"))

    assert told(changed("丁戊己")) == ["changed"]
    assert told(changed("丁戊己", "庚辛壬")) == ["changed"]
    assert told(changed("打印")) == ["changed"]
    assert told(changed("甲乙丙", "打印")) == []
    assert told(changed("甲", "打印", "乙丙")) == []
    assert "……" in changed("长" * 200).drifts[0].message


def test_other_line_breaks_beside_a_change() -> None:
    body = body_html(DRAFT).replace("责任制，主要", "责任制，<br>主要").replace("1200", "1300")
    found = live(approval(DRAFT), body)
    assert told(found) == ["changed"]
    assert "1300" in found.drifts[0].message


def test_several_links_and_scripts_of_one_site_are_told_once() -> None:
    links = "<p><a href='//b.example.com/1'>甲</a><a href='//b.example.com/2'>乙</a></p>"
    body = body_html(DRAFT).replace(
        "<h2>二", f"{links}<script src='/own.js'></script><script>var a = 1;</script><h2>二"
    )
    assert told(live(approval(DRAFT), body)) == ["injected"]
    short = body_html(DRAFT).replace(
        "<p>各镇", "<p>导读</p><p>本文说明今年夏季防汛工作的总体安排和要求。</p><p>各镇"
    )
    assert told(live(approval(DRAFT), short)) == ["injected"]


def test_lines_under_the_title_of_a_text() -> None:
    text = "2024年政府工作报告\n——2024年1月10日在某某市第一届人民代表大会第一次会议上\n\n各位代表：\n现在，我代表市人民政府报告工作，请予审议。\n"
    body = "<p>——2024年1月10日在某某市第一届人民代表大会第一次会议上</p><p>各位代表：</p><p>现在，我代表市人民政府报告工作，请予审议。</p>"
    for template in TEMPLATES:
        assert told(live(approval(text, "text"), body, template, "2024年政府工作报告")) == []


# --- alignment -------------------------------------------------------------------------------------


@given(st.lists(st.sampled_from("abcdefgh"), max_size=40), st.lists(st.sampled_from("abcdefgh"), max_size=40))
def test_alignment_pairs_equals_in_order(left: list[str], right: list[str]) -> None:
    partner = align(left, right)
    used = [at for at in partner if at >= 0]
    assert used == sorted(set(used))
    assert all(left[i] == right[at] for i, at in enumerate(partner) if at >= 0)
    rest = [list(mine) + list(theirs) for mine, theirs in gaps(partner, len(right))]
    assert sum(map(len, rest)) == len(left) + len(right) - 2 * len(used)
    assert all(at >= 0 for at in align(left, left))


def test_alignment_is_not_quadratic() -> None:
    rng = random.Random(3)
    left = [str(rng.random()) for _ in range(60_000)]
    right = left[:20_000] + ["x"] + left[20_000:40_000] + ["y"] * 20_000 + left[40_001:]
    partner = align(left, right)
    assert [i for i, at in enumerate(partner) if at < 0] == [40_000]
    assert align(["a", "b"] * 300, ["b", "a"] * 300)[:2] == [-1, -1]  # nothing but repeats: left alone


def test_kindred() -> None:
    left = ["第一句说的是甲。第二句说的是乙。", "毫不相干的话在这里", "短"]
    right = ["第一句说的是甲，", "第二句说的是乙。", "长"]
    assert kindred(left, right) == [([0], [0, 1])]
    assert kindred([], right) == []


def test_layout() -> None:
    text = "<div id=a><p>甲<p hidden>乙<div style='display:none'><a>丙</a></div></div></b><div class=TRS_Editor>丁"
    found = layout(text)
    assert found.around(Span(text.index("丁"), len(text))) == Span(text.index("<div class=TRS"), len(text))
    assert found.around(Span(0, len(text))) is None
    assert [found.is_hidden(text.index(word)) for word in "甲乙丙丁"] == [False, True, True, False]
    assert not found.image_between(0, len(text))


# --- real texts ------------------------------------------------------------------------------------

PARAGRAPH = re.compile(r"<p>([^<]{30,})</p>")
Plant = Callable[[str, random.Random], tuple[str, str]]


def _character(body: str, rng: random.Random) -> tuple[str, str]:
    place = rng.choice(list(PARAGRAPH.finditer(body)))
    at = next(i for i in range(place.start(1) + len(place[1]) // 2, len(body)) if "一" <= body[i] <= "龥")
    return f"{body[:at]}某{body[at + 1 :]}", "changed"


def _figure(body: str, rng: random.Random) -> tuple[str, str]:
    places = [one for one in PARAGRAPH.finditer(body) if re.search(r"\d", one[1])]
    if not places:
        return _character(body, rng)
    place = rng.choice(places)
    at = place.start(1) + len(re.split(r"\d", place[1])[0])
    return f"{body[:at]}{(int(body[at]) + 1) % 10}{body[at + 1 :]}", "changed"


def _last(body: str, _rng: random.Random) -> tuple[str, str]:
    last = list(re.finditer(r"<p>.*?</p>", body, re.DOTALL))[-1]
    return body[: last.start()] + body[last.end() :], "truncated"


def _spam(body: str, rng: random.Random) -> tuple[str, str]:
    at = rng.choice(list(PARAGRAPH.finditer(body))).start()
    return body[:at] + SPAM + body[at:], "injected"


def _attachment(body: str, _rng: random.Random) -> tuple[str, str]:
    return body.replace('<a href="files/rw.xlsx">任务分解表</a>', "任务分解表"), "missing_attachment"


@pytest.mark.parametrize("template", TEMPLATES)
def test_real_texts(shared: Path, template: str) -> None:
    rng = random.Random(11)
    for path in sorted((shared / "real" / "reports").glob("*.md"))[::3]:
        text = path.read_text(encoding="utf-8") + "\n\n附件：[任务分解表](files/rw.xlsx)\n"
        one = approval(text)
        body = body_html(text)
        assert told(live(one, body, template)) == [], path.name
        for plant in (_character, _figure, _last, _spam, _attachment):
            faulty, rule = plant(body.replace("<p>附件：", "<div>附件：") if plant is _last else body, rng)
            assert told(live(one, faulty, template)) == [rule], (path.name, plant.__name__)


def test_words_that_stand_everywhere_tell_no_versions() -> None:
    assert kindred(["工作"], ["工作"] * 50) == []


def test_changes_are_cut_out_by_what_is_shared() -> None:
    assert list(drift._pieces("甲X乙乙乙Y丙", "甲P乙乙乙Q丙")) == [(1, 2, 1, 2), (5, 6, 5, 6)]


def test_long_articles_are_likened_by_a_sample() -> None:
    chars = random.Random(1)
    article = "".join(chr(chars.randrange(0x4E00, 0x9FA5)) for _ in range(3 * drift._SAMPLE))
    other = "".join(chr(chars.randrange(0x4E00, 0x9FA5)) for _ in range(3 * drift._SAMPLE))
    assert drift._likeness(article, article) == 1.0
    assert drift._likeness(article, other) < 0.1


@pytest.mark.parametrize("alt", ["现场", "会场"])
def test_images_without_an_address_are_not_asked_for(alt: str) -> None:
    one = approval('<h1>关于某事的通知</h1><p>某局开展了检查工作。</p><img src="a.png" alt="现场">', "html")
    body = f'<p>某局开展了检查工作。</p><img src="data:image/png;base64,AAAA" alt="{alt}">'
    assert live(one, body).files == []


def test_hidden_ranges_within_others_count_once() -> None:
    text = "<div style='display:none'><p style='display:none'>甲</p>乙</div><p>丙</p>"
    assert [text[span.start : span.end].count("<p") for span in layout(text).hidden] == [1]
