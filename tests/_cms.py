"""Live pages as three kinds of content management systems would make them from a draft."""

from __future__ import annotations

import html
from collections.abc import Callable

from markdown_it import MarkdownIt

_NAV = "".join(f'<li><a href="/c{n}/">{name}</a></li>' for n, name in enumerate(["首页", "新闻中心", "政务公开", "办事服务", "互动交流"]))
_MORE = "".join(
    f'<li><a href="/art/2024/{n}.html">关于做好第{n}批重点工作任务落实情况的通报</a><span>2024-05-0{n}</span></li>' for n in range(1, 9)
)


def body_html(markdown: str) -> str:
    """The body of a draft as a browser would be given it."""
    if markdown.startswith("---\n"):
        markdown = markdown[markdown.index("\n---\n", 4) + 5 :]
    return MarkdownIt("commonmark", {"html": True}).enable(["table", "strikethrough"]).render(markdown)


def trs(title: str, body: str) -> str:
    """Tables around, TRS editor inside; title and credits above, share and neighbours below."""
    name = html.escape(title)
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
    name = html.escape(title)
    styled = body.replace("<p>", '<P style="text-indent: 2em; MARGIN: 0cm 0cm 0pt"><SPAN style="FONT-SIZE: 16pt">&nbsp;&nbsp;&nbsp;&nbsp;')
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
    name = html.escape(title)
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
