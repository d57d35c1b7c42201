"""A made-up government portal of any size as static files, with planted faults and an exact manifest.

    python tests/bench/portal.py FOLDER [--pages 5000] [--links 40] [--seed 1] [--base http://127.0.0.1:8080]

Sixty columns in six channels, list pages with dated entries, articles of about 1,700 characters
(:mod:`generate`), shared header, breadcrumbs, sidebar and footer, metas, images, attachments, sitemaps.
Pages are written one by one, so size costs no memory; the same arguments give the same bytes and the
same times of change, hence the same ``ETag`` and ``Last-Modified``.

(It is not called ``site``: the standard library has a module of that name.)
"""

from __future__ import annotations

import argparse
import gzip
import hashlib
import io
import json
import os
import random
import shutil
import struct
import sys
import zipfile
import zlib
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))

from generate import page

NAME = "某市人民政府"
CODE = "3505820001"
TODAY = date(2026, 3, 2)
"""The day the site is of; nothing depends on the clock."""
PER_LIST = 20
SOFT_404 = 46
IMAGES = 200
_CHANNELS = {
    "xwzx": ("新闻中心", ("要闻动态", "部门动态", "镇街动态", "图片新闻", "视频新闻", "媒体聚焦", "国务要闻", "省内要闻",
                      "会议活动", "新闻发布")),
    "zwgk": ("政务公开", ("通知公告", "政策文件", "政策解读", "规划计划", "财政资金", "人事信息", "重点领域", "应急管理",
                      "统计信息", "建议提案")),
    "wsbs": ("办事服务", ("办事指南", "便民服务", "表格下载", "结果公示", "个人办事", "法人办事", "公共服务", "中介服务",
                      "收费清单", "权责清单")),
    "hdjl": ("互动交流", ("留言选登", "民意征集", "在线访谈", "网上调查", "热点回应", "咨询投诉", "建言献策", "常见问题",
                      "意见反馈", "回应关切")),
    "zjms": ("走进某市", ("城市概况", "历史沿革", "风土人情", "文化旅游", "投资环境", "特色产业", "城市建设", "教育事业",
                      "卫生健康", "生态环境")),
    "ztzl": ("专题专栏", ("乡村振兴", "营商环境", "安全生产", "防汛抗旱", "法治建设", "文明创建", "节能降耗", "消费维权",
                      "就业创业", "知识产权")),
}  # fmt: skip
_DO = ("扎实推进", "统筹做好", "持续优化", "全面落实", "深入开展", "加快完善", "认真组织", "稳步实施", "大力支持", "积极引导",
       "严格规范")  # fmt: skip
_WHAT = ("政务公开工作", "老旧小区改造", "乡村振兴工作", "营商环境建设", "义务教育发展", "安全生产整治", "生态环境保护",
         "基层医疗服务", "养老服务工作", "数字政府建设", "农村公路养护", "防汛抗旱准备", "就业创业服务")  # fmt: skip
_ERROR = "error/404.html"
_SOFT_FOLDER = "wsbs/c1"
_VERSION = hashlib.sha256(
    Path(__file__).read_bytes() + (Path(__file__).parent / "generate.py").read_bytes()
).hexdigest()[:16]


@dataclass
class Fault:
    """One planted fault.

    Attributes:
        address: path on the server, with fragment for missing fragments.
        pages: paths of the pages that carry it; ``["*"]``: every page (it stands in the footer).
    """

    address: str
    pages: list[str]


@dataclass
class Manifest:
    """What was written.

    Attributes:
        pages: HTML pages that answer with 200 and are pages of the site (error pages are not).
        files: images, styles, scripts and attachments.
        links: link elements of all pages.
        unique: addresses that links lead to (without fragments), the planted dead ones included.
        faults: kind (``dead``, ``gone``, ``forbidden``, ``server-error``, ``image``, ``attachment``,
            ``fragment``, ``soft404``, ``permanent``, ``chain``, ``loop``, ``to-home``) to faults.
    """

    pages: int
    articles: int
    files: int = 0
    links: int = 0
    unique: int = 0
    faults: dict[str, list[Fault]] = field(default_factory=dict)
    made_with: dict[str, object] = field(default_factory=dict)

    def dead(self) -> set[str]:
        """Paths a link checker without cunning must report: plain dead links of every kind."""
        kinds = ("dead", "gone", "forbidden", "server-error", "image", "attachment", "loop")
        return {fault.address for kind in kinds for fault in self.faults[kind]}


@dataclass(frozen=True)
class _Column:
    path: str
    name: str
    channel: str
    channel_path: str
    articles: int

    @property
    def lists(self) -> int:
        return max(1, -(-self.articles // PER_LIST))


def _lists(articles: int, columns: int) -> int:
    more, rest = articles % columns, articles // columns
    return more * max(1, -(-(rest + 1) // PER_LIST)) + (columns - more) * max(1, -(-rest // PER_LIST))


class _Portal:
    def __init__(self, pages: int, seed: int, links: int) -> None:
        self.links = links
        self.seed = seed
        channels = list(_CHANNELS)
        each = 10 if pages >= 600 else 2
        names = [(channel, number) for channel in channels for number in range(each)]
        spare = pages - 1 - len(channels)
        count = max(1, spare)
        while count > 1 and count + _lists(count, len(names)) > spare:
            count -= 1
        if count < len(names):
            raise ValueError(f"a portal has at least {1 + len(channels) + 2 * len(names)} pages")
        self.articles = count
        self.about = count + _lists(count, len(names)) < spare
        self.columns = [
            _Column(
                f"{channel}/c{number}",
                _CHANNELS[channel][1][number],
                _CHANNELS[channel][0],
                channel,
                count // len(names) + (position < count % len(names)),
            )
            for position, (channel, number) in enumerate(names)
        ]
        self.faults: dict[str, list[Fault]] = defaultdict(list)
        self.extra: dict[int, list[str]] = defaultdict(list)
        self.redirects: list[str] = []
        self.count = 0
        self._plant()

    # Articles: number n is the (n // columns)-th newest of column n % columns.

    def column(self, n: int) -> _Column:
        return self.columns[n % len(self.columns)]

    def day(self, n: int) -> date:
        return TODAY - timedelta(days=1 + (n // len(self.columns)) * 2 + n % 2)

    def path(self, n: int) -> str:
        day = self.day(n)
        return f"{self.column(n).path}/{day:%Y%m}/t{day:%Y%m%d}_{100000 + n}.html"

    def title(self, n: int) -> str:
        return f"某市{_DO[n % 11]}{_WHAT[n % 13]}情况通报（第{n + 1}期）"

    def in_column(self, position: int, offset: int) -> int:
        """The ``offset``-th newest article of a column, counted round."""
        return (offset % self.columns[position].articles) * len(self.columns) + position

    def _plant(self) -> None:
        rng = random.Random(self.seed)
        size = self.articles
        share = max(1, size // 400)
        wanted = {
            "dead": 8 * share, "gone": share, "forbidden": share, "server-error": share, "image": 2 * share,
            "attachment": 2 * share, "fragment": 5 * share, "soft404": SOFT_404 if size >= 500 else 2,
            "permanent": 3 * share, "chain": share, "loop": 1, "to-home": share,
        }  # fmt: skip
        for kind, number in wanted.items():
            for k in range(number):
                carriers = sorted(rng.sample(range(size), 1 + k % 3 if size > 100 else 1))
                self._fault(kind, k, carriers, rng.randrange(size))
        self.faults["dead"].append(Fault("/ztzl/2019/index.html", ["*"]))
        self.redirects += [
            f"location /{_SOFT_FOLDER}/ {{ error_page 404 =200 /{_ERROR}; }}",
            "location /gone/ { return 410; }",
            "location /inner/ { return 403; }",
            "location /app/ { return 500; }",
        ]

    def _fault(self, kind: str, k: int, carriers: list[int], goal: int) -> None:
        target = f"/{self.path(goal)}"
        html = '<p>相关链接：<a href="{0}">{1}</a></p>'
        address, words = "", f"参考资料之{k + 1}"
        if kind == "dead":
            address = f"/zwgk/lsgk/2018/t2018{k % 12 + 1:02}01_{k}.html"
        elif kind == "gone":
            address = f"/gone/{k}.html"
        elif kind == "forbidden":
            address = f"/inner/{k}.html"
        elif kind == "server-error":
            address = f"/app/{k}.html"
        elif kind == "image":
            address, html = f"/images/lost/{k}.png", '<p><img src="{0}" alt="{1}"></p>'
        elif kind == "attachment":
            address = f"/files/lost/{k}.{('pdf', 'docx', 'xlsx')[k % 3]}"
        elif kind == "fragment":
            address = f"{target}#part{k + 90}"
        elif kind == "soft404":
            address = f"/{_SOFT_FOLDER}/201905/t2019050{k % 9 + 1}_{k}.html"
        elif kind == "permanent":
            address = f"/moved/{k}.html"
            self._redirect(address, target)
        elif kind == "chain":
            address = f"/chain/{k}.html"
            self._redirect(address, f"/chain/{k}-b.html", 302)
            self._redirect(f"/chain/{k}-b.html", f"/chain/{k}-c.html")
            self._redirect(f"/chain/{k}-c.html", target)
        elif kind == "loop":
            address = f"/loop/{k}.html"
            self._redirect(address, f"/loop/{k}-b.html", 302)
            self._redirect(f"/loop/{k}-b.html", address, 302)
        elif kind == "to-home":
            address = f"/retired/{k}.html"
            self._redirect(address, "/", 302)
        for n in carriers:
            self.extra[n].append(html.format(address, words))
        self.faults[kind].append(Fault(address, [f"/{self.path(n)}" for n in carriers]))

    def _redirect(self, path: str, to: str, status: int = 301) -> None:
        self.redirects.append(f"location = {path} {{ return {status} {to}; }}")

    # Pages.

    def head(self, title: str, metas: str) -> str:
        channels = "".join(f'<li><a href="/{path}/">{name}</a></li>' for path, (name, _) in _CHANNELS.items())
        return f"""<!DOCTYPE html>
<html lang="zh-CN">
<head>
<meta charset="utf-8">
<title>{title}</title>
<meta name="SiteName" content="{NAME}">
<meta name="SiteDomain" content="www.example.gov.cn">
<meta name="SiteIDCode" content="{CODE}">
{metas}<link rel="icon" href="/images/favicon.ico">
<link rel="stylesheet" href="/css/common.css">
<link rel="stylesheet" href="/css/page.css">
<script src="/js/common.js"></script>
</head>
<body>
<div class="header"><a href="/"><img src="/images/logo.png" alt="{NAME}"></a>
<ul class="nav"><li><a href="/">首页</a></li>{channels}</ul></div>
"""

    FOOT = f"""<div class="footer">
<p><a href="/ztzl/2019/index.html">专题回顾</a> <a href="/zwgk/">政务公开</a> <a href="/hdjl/">互动交流</a></p>
<p><img src="/images/dangzheng.png" alt="党政机关网站标识">
<a href="/hdjl/c8/index.html"><img src="/images/jiucuo.png" alt="政府网站找错"></a></p>
<p>主办单位：{NAME}办公室　联系电话：0595-00000000</p>
<p>网站标识码：{CODE}　ICP备案编号：闽ICP备00000000号　闽公网安备35058200000000号</p>
</div>
</body>
</html>
"""

    def crumbs(self, column: _Column) -> str:
        return (
            f'<div class="breadcrumb">您的位置：<a href="/">首页</a> &gt; <a href="/{column.channel_path}/">{column.channel}</a>'
            f' &gt; <a href="/{column.path}/index.html">{column.name}</a></div>\n'
        )

    def article(self, n: int) -> str:
        title, day, column = self.title(n), self.day(n), self.column(n)
        position, offset = n % len(self.columns), n // len(self.columns)
        body, section = [], 0
        for paragraph in page(self.seed * 1_000_003 + n).paragraphs:
            if paragraph[1] == "、":
                section += 1
                body.append(f'<h2 id="part{section}">{paragraph}</h2>')
            else:
                body.append(f"<p>　　{paragraph}</p>")
        picture = n % IMAGES
        body.insert(2, f'<p><img src="/images/p{picture}.png" alt="第{n + 1}期配图"></p>')
        other = self.in_column(position, offset + 7)
        body.append(
            f'<p>　　另见<a href="/{self.path(other)}#part2">《{self.title(other)}》</a>第二部分。</p>'
        )
        body += self.extra.get(n, ())
        if n % 10 == 0:
            kind = ("pdf", "docx", "xlsx")[n // 10 % 3]
            body.append(f'<p>附件：<a href="./P{100000 + n}.{kind}">情况统计表</a></p>')
        toc = "".join(f'<a href="#part{i}">第{i}部分</a> ' for i in (1, 2))
        newer, older = self.in_column(position, offset - 1), self.in_column(position, offset + 1)
        text = "".join((
            self.head(
                f"{title}_{NAME}",
                f'<meta name="ColumnName" content="{column.name}">\n<meta name="ColumnType" content="{column.name}">\n'
                f'<meta name="ArticleTitle" content="{title}">\n<meta name="PubDate" content="{day} 09:30">\n'
                f'<meta name="ContentSource" content="{NAME}办公室">\n',
            ),
            self.crumbs(column),
            (f'<div class="article"><h1>{title}</h1>\n<p class="info">发布时间：{day} 09:30　来源：{NAME}办公室</p>\n'
            f'<div class="toc">{toc}</div>\n<div class="TRS_Editor">\n'),
            "\n".join(body),
            (f'\n</div>\n<p>上一篇：<a href="/{self.path(newer)}">{self.title(newer)}</a></p>\n'
            f'<p>下一篇：<a href="/{self.path(older)}">{self.title(older)}</a></p>\n</div>\n<div class="sidebar"><ul>\n'),
        ))  # fmt: skip
        used = (
            text.count(" href=") + text.count(" src=") + self.FOOT.count(" href=") + self.FOOT.count(" src=")
        )
        related = [
            self.in_column((position + 7 * k) % len(self.columns), offset + k)
            for k in range(2, max(2, self.links - used + len(self.extra.get(n, ())) + 2))
        ]
        items = "".join(
            f'<li><a href="/{self.path(k)}" title="{self.title(k)}">{self.title(k)}</a></li>\n'
            for k in related
        )
        return f"{text}{items}</ul></div>\n{self.FOOT}"

    def entry(self, n: int) -> str:
        return f'<li><a href="/{self.path(n)}">{self.title(n)}</a><span>{self.day(n)}</span></li>\n'

    def list_page(self, position: int, number: int) -> str:
        column = self.columns[position]
        offsets = range(number * PER_LIST, min(column.articles, (number + 1) * PER_LIST))
        entries = "".join(self.entry(k * len(self.columns) + position) for k in offsets)
        near = [0, *range(max(1, number - 2), min(column.lists - 1, number + 3)), column.lists - 1]
        pager = "".join(
            f'<a href="{"index.html" if i == 0 else f"index_{i}.html"}">{i + 1}</a> '
            for i in sorted({i for i in near if i >= 0})
        )
        return "".join((
            self.head(
                f"{column.name}_{NAME}",
                f'<meta name="ColumnName" content="{column.name}">\n<meta name="ColumnType" content="{column.name}">\n'
                f'<meta name="ColumnDescription" content="{column.name}栏目">\n<meta name="ColumnKeywords" content="{column.name}">\n',
            ),
            self.crumbs(column),
            f'<div class="list"><h1>{column.name}</h1><ul>\n{entries}</ul></div>\n<div class="pager">{pager}</div>\n',
            self.FOOT,
        ))  # fmt: skip

    def channel_page(self, path: str) -> str:
        name = _CHANNELS[path][0]
        blocks = []
        for position, column in enumerate(self.columns):
            if column.channel_path == path:
                newest = "".join(
                    self.entry(self.in_column(position, k)) for k in range(min(5, column.articles))
                )
                blocks.append(
                    f'<div class="block"><h2><a href="/{column.path}/index.html">{column.name}</a></h2><ul>\n{newest}</ul></div>\n'
                )
        return "".join((
            self.head(
                f"{name}_{NAME}",
                f'<meta name="ColumnName" content="{name}">\n<meta name="ColumnType" content="{name}">\n',
            ),
            f'<div class="breadcrumb">您的位置：<a href="/">首页</a> &gt; {name}</div>\n<h1>{name}</h1>\n',
            *blocks,
            self.FOOT,
        ))  # fmt: skip

    def home(self) -> str:
        blocks = []
        for position, column in enumerate(self.columns[: 3 * 10]):
            newest = "".join(self.entry(self.in_column(position, k)) for k in range(min(6, column.articles)))
            blocks.append(
                f'<div class="block"><h2><a href="/{column.path}/index.html">{column.name}</a></h2><ul>\n{newest}</ul></div>\n'
            )
        about = '<p><a href="/gywm/index.html">关于我们</a></p>\n' if self.about else ""
        return f"{self.head(NAME, '')}<h1>{NAME}</h1>\n{''.join(blocks)}{about}{self.FOOT}"

    def all_pages(self) -> Iterator[tuple[str, str, date]]:
        """``(path, HTML, day)`` of every page, each made when asked for."""
        yield "index.html", self.home(), TODAY
        if self.about:
            yield (
                "gywm/index.html",
                f"{self.head(f'关于我们_{NAME}', '')}<h1>关于我们</h1>\n{self.FOOT}",
                TODAY,
            )
        for path in _CHANNELS:
            yield f"{path}/index.html", self.channel_page(path), TODAY
        for position, column in enumerate(self.columns):
            for number in range(column.lists):
                name = "index.html" if number == 0 else f"index_{number}.html"
                yield f"{column.path}/{name}", self.list_page(position, number), TODAY
        for n in range(self.articles):
            yield self.path(n), self.article(n), self.day(n)

    def error_page(self) -> str:
        return (
            f'{self.head(f"页面不存在_{NAME}", "")}<div class="main-content"><h1>抱歉，您访问的页面不存在</h1>'
            f"<p>该页面可能已被删除、更名或暂时不可用。</p></div>\n{self.FOOT}"
        )

    def files(self) -> Iterator[tuple[str, bytes, date]]:
        """Everything that is no page."""
        yield "css/common.css", b"body{font:16px/1.8 sans-serif}.nav li{display:inline}\n", TODAY
        yield "css/page.css", b".TRS_Editor{text-align:justify}.footer{font-size:14px}\n", TODAY
        yield "js/common.js", b"document.documentElement.className+=' js';\n", TODAY
        yield "images/favicon.ico", png(1), TODAY
        for name in ("logo", "dangzheng", "jiucuo"):
            yield f"images/{name}.png", png(len(name)), TODAY
        for number in range(min(IMAGES, self.articles)):
            yield f"images/p{number}.png", png(number), TODAY
        for n in range(0, self.articles, 10):
            kind = ("pdf", "docx", "xlsx")[n // 10 % 3]
            folder = self.path(n).rpartition("/")[0]
            yield f"{folder}/P{100000 + n}.{kind}", attachment(kind, self.title(n)), self.day(n)


def png(number: int) -> bytes:
    """A small picture in one colour; the number chooses it."""
    row = b"\0" + bytes((number * 37 % 256, number * 91 % 256, number * 53 % 256)) * 64

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    header = struct.pack(">IIBBBBB", 64, 48, 8, 2, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", header)
        + chunk(b"IDAT", zlib.compress(row * 48))
        + chunk(b"IEND", b"")
    )


_OFFICE = {
    "docx": ("word/document.xml", "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml",
             ('<w:document xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"><w:body><w:p><w:r><w:t>{}'
             "</w:t></w:r></w:p></w:body></w:document>")),
    "xlsx": ("xl/workbook.xml", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml",
             '<workbook xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheets/><!-- {} --></workbook>'),
}  # fmt: skip


def attachment(kind: str, words: str) -> bytes:
    """A small PDF, DOCX or XLSX file; the same words give the same bytes."""
    if kind == "pdf":
        mark = hashlib.sha256(words.encode()).hexdigest()
        return (
            f"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n2 0 obj<</Type/Pages/Kids[]/Count 0>>endobj\n"
            f"%{mark}\ntrailer<</Root 1 0 R>>\n%%EOF\n"
        ).encode()
    part, media, body = _OFFICE[kind]
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in (
            (
                "[Content_Types].xml",
                (
                    '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="rels" '
                    'ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
                    f'<Override PartName="/{part}" ContentType="{media}"/></Types>'
                ),
            ),
            (
                "_rels/.rels",
                (
                    '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" '
                    f'Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" Target="{part}"/>'
                    "</Relationships>"
                ),
            ),
            (part, body.format(words)),
        ):
            archive.writestr(
                zipfile.ZipInfo(name, (2025, 1, 1, 0, 0, 0)), '<?xml version="1.0" encoding="UTF-8"?>' + text
            )
    return out.getvalue()


def stamp(path: Path, day: date) -> None:
    """Set the time of change to that day's noon."""
    moment = datetime(day.year, day.month, day.day, 12, tzinfo=UTC).timestamp()
    os.utime(path, (moment, moment))


class _Writer:
    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._made: set[Path] = set()

    def __call__(self, name: str, data: bytes, day: date) -> None:
        path = self.folder / name
        if path.parent not in self._made:
            path.parent.mkdir(parents=True, exist_ok=True)
            self._made.add(path.parent)
        path.write_bytes(data)
        stamp(path, day)


def generate(folder: Path, pages: int = 5000, *, seed: int = 1, links: int = 40) -> Manifest:
    """Write the portal below ``folder/www``; what is there already and is the same portal is kept.

    ``folder`` also gets ``manifest.json``, ``paths.txt`` and ``files.txt`` (path of every page and
    of every other file, one a line) and ``nginx.inc`` (redirects, errors and the soft 404 folder).

    Args:
        folder: made where it is missing; an older portal in it is replaced.
        pages: HTML pages in all, list pages included; at least 31.
        links: link elements of an ordinary article.
    """
    arguments: dict[str, object] = {"pages": pages, "seed": seed, "links": links, "version": _VERSION}
    ready = folder / "manifest.json"
    if ready.is_file():
        known = load(ready)
        if known.made_with == arguments:
            return known
        ready.unlink()
    root = folder / "www"
    if root.exists():
        shutil.rmtree(root)
    portal = _Portal(pages, seed, links)
    manifest = Manifest(0, portal.articles, made_with=arguments)
    write = _Writer(root)
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / "paths.txt").open("w", encoding="utf-8") as paths:
        for name, html, day in portal.all_pages():
            write(name, html.encode(), day)
            manifest.pages += 1
            manifest.links += html.count(" href=") + html.count(" src=")
            short = name.count("/") < 2 and not name.startswith("gywm/")
            paths.write(f"/{name.removesuffix('index.html') if short else name}\n")
    with (folder / "files.txt").open("w", encoding="utf-8") as files:
        for name, data, day in portal.files():
            write(name, data, day)
            manifest.files += 1
            files.write(f"/{name}\n")
    write(_ERROR, portal.error_page().encode(), TODAY)
    manifest.faults = dict(portal.faults)
    planted = sum(len(faults) for kind, faults in portal.faults.items() if kind != "fragment")
    manifest.unique = manifest.pages + manifest.files + planted
    (folder / "nginx.inc").write_text("\n".join(portal.redirects) + "\n", encoding="utf-8")
    ready.write_text(json.dumps(asdict(manifest), ensure_ascii=False, indent=1), encoding="utf-8")
    return manifest


def addresses(folder: Path) -> Iterator[str]:
    """Path of every address that links of the portal lead to, broken ones included."""
    for name in ("paths.txt", "files.txt"):
        with (folder / name).open(encoding="utf-8") as lines:
            yield from (line.strip() for line in lines)
    for kind, faults in load(folder / "manifest.json").faults.items():
        if kind != "fragment":
            yield from (fault.address for fault in faults)


def load(path: Path) -> Manifest:
    """Read ``manifest.json``."""
    data = json.loads(path.read_text(encoding="utf-8"))
    data["faults"] = {kind: [Fault(**one) for one in faults] for kind, faults in data["faults"].items()}
    return Manifest(**data)


def write_sitemaps(folder: Path, base: str) -> None:
    """``robots.txt``, ``sitemap.xml`` (an index) and gzipped parts, which need the server's address."""
    root = folder / "www"
    parts: list[str] = []
    with (folder / "paths.txt").open(encoding="utf-8") as paths:
        while batch := [line.strip() for _, line in zip(range(10_000), paths, strict=False)]:
            name = f"sitemap_{len(parts) + 1}.xml.gz"
            body = "".join(f"<url><loc>{base}{path}</loc></url>\n" for path in batch)
            text = f'<?xml version="1.0" encoding="UTF-8"?>\n<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">\n{body}</urlset>\n'
            (root / name).write_bytes(gzip.compress(text.encode(), 6, mtime=0))
            stamp(root / name, TODAY)
            parts.append(name)
    entries = "".join(f"<sitemap><loc>{base}/{name}</loc></sitemap>\n" for name in parts)
    (root / "sitemap.xml").write_text(
        f'<?xml version="1.0" encoding="UTF-8"?>\n<sitemapindex xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">\n{entries}</sitemapindex>\n',
        encoding="utf-8",
    )
    (root / "robots.txt").write_text(
        f"User-agent: *\nDisallow: /admin/\nSitemap: {base}/sitemap.xml\n", encoding="utf-8"
    )
    for name in ("sitemap.xml", "robots.txt"):
        stamp(root / name, TODAY)


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("folder", type=Path)
    parser.add_argument("--pages", type=int, default=5000)
    parser.add_argument("--links", type=int, default=40)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--base", default="http://127.0.0.1:8080")
    options = parser.parse_args()
    manifest = generate(options.folder, options.pages, seed=options.seed, links=options.links)
    write_sitemaps(options.folder, options.base)
    planted = {kind: len(faults) for kind, faults in manifest.faults.items()}
    print(f"{manifest.pages} pages, {manifest.files} files, {manifest.links} links; planted: {planted}")


if __name__ == "__main__":
    main()
