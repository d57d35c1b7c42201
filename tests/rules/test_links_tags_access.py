"""Rules for links, tags and accessibility on whole pages, on disk and at the edges of their judgement."""

from __future__ import annotations

from pathlib import Path

import pytest

import rules
from qa.document import Document, LinkVerdict
from qa.engine import Engine
from qa.finding import Finding
from qa.readers import read
from qa.rule import Settings
from qa.source import Source
from rules.access._markup import markup
from rules.links._classify import Kind, absolute, address, facts, host_kind, tag_text
from rules.tags._tags import host_of, tags

PAGES = Path(__file__).resolve().parents[1] / "pages"
MINE = [
    rules.load_one(identifier)
    for identifier in rules.identifiers()
    if identifier.startswith(("links/", "tags/", "access/"))
]
ENGINE = Engine(MINE)


def check(text: str, only: str = "", settings: Settings | None = None, **source: object) -> list[Finding]:
    made = Source(str(source.pop("name", "a.html")), text, **source)  # type: ignore[arg-type]
    return found(read(made), only, settings)


def found(document: Document, only: str = "", settings: Settings | None = None) -> list[Finding]:
    engine = Engine(MINE, settings) if settings else ENGINE
    outcome = engine.check(document)
    assert not outcome.unchecked
    return [finding for finding in outcome.findings if finding.rule.startswith(only)]


EXPECTED: dict[str, list[tuple[str, str, str]]] = {
    "annual_report.html": [("error", "links/intranet", "http://192.168.1.20/zn/")],
    "article_clean.html": [],
    "article_pasted.html": [
        ("warning", "tags/pubdate_format", "2025-04-10 9:30"),
        ("warning", "tags/pubdate_mismatch", "2025-04-10 9:30"),
        ("error", "links/malformed", "http:/www.example.com/zt/"),
        (
            "warning",
            "links/missing_alt",
            "file:///C:/Users/ADMINI~1/AppData/Local/Temp/msohtmlclip1/01/clip_image002.jpg",
        ),
        (
            "error",
            "links/local_file",
            "file:///C:/Users/ADMINI~1/AppData/Local/Temp/msohtmlclip1/01/clip_image002.jpg",
        ),
        ("warning", "links/alt_is_filename", "微信图片_20250410093015"),
        ("error", "links/intranet", "http://10.20.30.40:8080/cms/upload/检查表.doc"),
        ("note", "links/placeholder", "#"),
        ("note", "links/vague_text", "点击这里"),
        ("warning", "links/deceptive_text", "https://www.example.com/aqjc/"),
        ("note", "links/no_href", "<a>"),
        ("warning", "links/empty", ""),
    ],
    "broken.html": [
        ("warning", "access/lang", "<HTML>"),
        ("warning", "tags/missing", "<HEAD>"),
        ("warning", "access/page_title", "无标题文档"),
        ("warning", "tags/site_id_format", "35000001"),
        ("warning", "tags/site_domain", "http://www.example.com/"),
        ("error", "links/malformed", "www.example.com/tz.html"),
        ("error", "links/malformed", "http：//www.example.com/"),
        ("error", "links/local_file", "D:\\网站\\附件.doc"),
        ("error", "links/local_file", "C:\\1.jpg"),
        ("warning", "links/alt_is_filename", "图片"),
        ("warning", "links/placeholder", "javascript:"),
        ("note", "links/vague_text", "查看"),
        ("error", "links/malformed", "http://"),
        ("error", "links/malformed", "http://www.example.com/a.html。"),
        ("warning", "links/no_text", "/a.html"),
    ],
    "column_clean.html": [],
    "form.html": [
        ("warning", "access/lang", '<html lang="en">'),
        ("warning", "access/form_label", '<input type="tel" name="tel" tabindex="3">'),
        ("note", "access/tabindex", '<input type="tel" name="tel" tabindex="3">'),
        ("note", "access/image_captcha", "/servlet/validateCode?t=1"),
        ("warning", "access/autoplay", '<audio src="/media/guide.mp3" autoplay>'),
        ("error", "links/intranet", "http://localhost/zn/1.html"),
        ("note", "links/vague_text", "点此"),
    ],
    "fragment.html": [],
    "home.html": [
        ("warning", "access/zoom", "width=device-width,initial-scale=1,maximum-scale=1,user-scalable=no"),
        (
            "warning",
            "access/form_label",
            '<input type="text" name="searchword" value="请输入关键字" onfocus="this.value=\'\'" />',
        ),
        ("warning", "access/form_label", '<select name="lx">'),
        ("note", "access/marquee", '<marquee direction="left" scrollamount="3">'),
        ("note", "links/vague_text", "更多>>"),
        ("warning", "access/frame_title", "/weather/index.html"),
        ("warning", "links/missing_alt", "/images/banner1.jpg"),
        ("note", "links/insecure_official", "http://www.fujian.gov.cn/"),
        ("note", "links/insecure_official", "http://zwfw.fujian.gov.cn/"),
    ],
    "report_table.html": [
        ("warning", "access/lang", "<html>"),
        ("error", "tags/site_id_mismatch", "3500000001"),
        ("warning", "tags/title_mismatch", "某局2023年政府信息公开工作年度报告"),
        ("warning", "tags/pubdate_format", "2025-01-20"),
        ("warning", "tags/duplicate", "2025-01-21 10:00"),
        ("note", "access/heading_order", "一、总体情况"),
        ("warning", "links/broken_fragment", "#quanwen"),
        ("note", "access/table_header", "信息内容"),
        ("note", "links/malformed", "附件 1.doc"),
    ],
}


@pytest.mark.parametrize("name", sorted(path.name for path in PAGES.glob("*.html")))
def test_pages(name: str) -> None:
    document = read(Source.from_bytes((PAGES / name).read_bytes(), name))
    assert [(f.level.key, f.rule, f.quote) for f in found(document)] == EXPECTED[name]


def test_every_finding_lies_where_its_quote_is() -> None:
    for path in PAGES.glob("*.html"):
        document = read(Source.from_bytes(path.read_bytes(), path.name))
        for finding in found(document):
            place = document.source.text[finding.start.offset : finding.end.offset]
            assert (
                finding.quote in (place, f"<a>{place}") or finding.rule == "links/missing_alt" or "&" in place
            )


@pytest.mark.parametrize(
    ("raw", "kind"),
    [
        ("http/index.html", Kind.RELATIVE),
        ("httpd.html", Kind.RELATIVE),
        ("http", Kind.RELATIVE),
        ("http手册 1.doc", Kind.BLANKS),
        ("http/www.example.com/x", Kind.MALFORMED),
        ("http:a", Kind.MALFORMED),
        ("http.//www.example.com", Kind.MALFORMED),
        ("http://", Kind.MALFORMED),
        ("http:///www.example.com", Kind.MALFORMED),
        ("http://.example.com/", Kind.MALFORMED),
        ("http://a..example.com/", Kind.MALFORMED),
        ("http://[zz]/", Kind.MALFORMED),
        ("http://a.example.com:80a/", Kind.MALFORMED),
        ("http://甲.example.com:99999/", Kind.MALFORMED),
        ("192.168.1.1/a", Kind.MALFORMED),
        ("localhost:8080/a", Kind.MALFORMED),
        ("www.example.com:80/a", Kind.MALFORMED),
        ("www.某市.政务/a b", Kind.MALFORMED),
        ("附件。", Kind.MALFORMED),
        ("https://a.example.com/ https://b.example.com/", Kind.MALFORMED),
        ("[object Object]", Kind.MALFORMED),
        ("http://[::ffff:10.0.0.1]/", Kind.INTRANET),
        ("http://[fc00::1]/", Kind.INTRANET),
        ("http://[fe80::1]/", Kind.INTRANET),
        ("http://[2001:db8::1]:8080/", Kind.FINE),
        ("http://169.254.1.1/", Kind.INTRANET),
        ("http://某机/", Kind.BARE),
        ("http://user:word@www.example.com/", Kind.FINE),
        ("http://www.某市.政务/", Kind.OFFICIAL_HTTP),
        ("https://www.某市.政务/", Kind.FINE),
        ("http://WWW.GOV.CN/", Kind.OFFICIAL_HTTP),
        ("//www.gov.cn/", Kind.FINE),
        ("data:text/html,x", Kind.DANGEROUS),
        ("data:image/svg+xml,x", Kind.FINE),
        ("javascript:atob('x')", Kind.DANGEROUS),
        ("java\nscript:go()", Kind.SCRIPT),
        ("#{{ id }}", Kind.FINE),
        ("weixin://dl/chat", Kind.FINE),
        ("https://www.example.com/#:~:text=x", Kind.FINE),
        ("#:~:text=x", Kind.FINE),
        ("../a/b.html?x=1", Kind.RELATIVE),
        ("https://www.example.com/甲 乙.doc", Kind.BLANKS),
        ("https://www.example.com/甲.doc、", Kind.MALFORMED),
    ],
)
def test_addresses(raw: str, kind: Kind) -> None:
    assert address(raw).kind is kind


def test_mended_addresses_are_sound() -> None:
    assert address("http://https://www.example.com/a").mended == "https://www.example.com/a"
    assert address("http://http//www.example.com/a").mended == "http://www.example.com/a"
    assert address("http:/10.0.0.1/").mended == ""
    assert address("htpp://www.example.com/").mended == ""
    assert address("http://http/").mended == ""
    assert host_kind("localhost.") == (Kind.INTRANET, "本机地址")


def test_facts_are_worked_out_once() -> None:
    document = read(Source("a.html", '<a href="a.html">甲</a><img>'))
    assert facts(document) is facts(document)
    assert tags(document) is tags(document)
    assert markup(document) is markup(document)
    text = read(Source("a.txt", "<input>", "text"))
    assert markup(text) == []
    assert tag_text(document, document.links[0].source) == '<a href="a.html">'
    open_tag = read(Source("a.html", "<a href=a.html"))
    assert tag_text(open_tag, type(document.links[0].source)(8, 14)) == "<a href=a.html"


SITE = {"page.html", "list/index.html", "about.html", "img/a.jpg", "附件 1.doc"}


@pytest.fixture
def site(tmp_path: Path) -> Path:
    for name in SITE:
        (tmp_path / "site" / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / "site" / name).write_text("x", encoding="utf-8")
    (tmp_path / "site" / "empty").mkdir()
    (tmp_path / "secret.html").write_text("x", encoding="utf-8")
    return tmp_path / "site"


def missing(site: Path, text: str, *, root: bool = False, at: str = "page.html") -> list[str]:
    source = {"path": site / at, "root": site if root else None}
    return [f.quote for f in check(text, "links/missing_file", **source)]


def test_files_that_are_there(site: Path) -> None:
    text = (
        '<a href="list/">甲</a><a href="list">乙</a><a href="about">丙</a><a href="img/a.jpg?x=1#y">丁</a>'
        '<a href="%E9%99%84%E4%BB%B6%201.doc">戊</a><a href="./">己</a><img src="img/a.jpg" alt="庚">'
        '<a href="x.do?id=1">辛</a><a href="?page=2">壬</a><a href="a%00b.html">癸</a><a href="../secret.html">子</a>'
        '<a href="/anything.html">丑</a><a href="https://www.example.com/x">寅</a>'
    )
    assert missing(site, text) == ["./"], "a folder without an index page"
    (site / "index.html").touch()
    assert missing(site, text) == []


def test_files_that_are_not_there(site: Path) -> None:
    assert missing(
        site, '<a href="gone.html">甲</a><a href="about.html">乙</a><img src="img/b.jpg" alt="丙">'
    ) == [
        "gone.html",
        "img/b.jpg",
    ]
    text = '<a href="/gone.html">甲</a><a href="/about.html">乙</a><a href="/../secret.html">丙</a><a href="../about.html">丁</a>'
    assert missing(site, text, root=True, at="list/index.html") == ["/gone.html"]
    assert missing(site, '<a href="empty/">甲</a>', root=True) == ["empty/"]
    assert missing(site, '<base href="/x/"><a href="gone.html">甲</a>') == []


def test_a_page_saved_alone_is_one_note(site: Path) -> None:
    text = "".join(f'<a href="c{i}.html">第{i}项</a>' for i in range(5))
    (finding,) = check(text, "links/missing_file", path=site / "page.html")
    assert finding.level.key == "note"
    assert "5 处" in finding.message
    assert len(missing(site, text, root=True)) == 5
    assert len(missing(site, '<a href="c1.html">甲</a><a href="c2.html">乙</a>')) == 2


def test_intranet_pages_may_link_inside() -> None:
    text = '<a href="http://10.0.0.8/a">甲</a><a href="http://oa/">乙</a>'
    assert len(check(text, "links/intranet", url="http://www.example.com/")) == 2
    assert check(text, "links/intranet", url="http://10.0.0.1/") == []
    own = check(text, "links/intranet", settings=Settings(domains=("oa",)))
    assert [f.quote for f in own] == ["http://10.0.0.8/a"]


def test_mixed_content_by_address() -> None:
    text = '<script src="http://www.example.com/a.js"></script><video src="http://www.example.com/a.mp4"></video><p>正文</p>'
    secure = check(text, "links/mixed_content", url="https://www.example.com/")
    assert [f.level.key for f in secure] == ["error", "warning"]
    assert check(text, "links/mixed_content", url="http://www.example.com/") == []


def test_results_of_the_link_check() -> None:
    document = read(
        Source(
            "a.html", '<a href="b.html#x">甲</a><a href="c.html">乙</a>', url="https://www.example.com/a.html"
        )
    )
    document.link_results = {"https://www.example.com/b.html": LinkVerdict("dead", "找不到该网页（404）")}
    (finding,) = found(document, "links/dead_external")
    assert (finding.quote, finding.message) == ("b.html#x", "链接打不开：找不到该网页（404）")
    document.link_results = {}
    assert found(document, "links/dead_external") == []


def test_domain_of_the_page() -> None:
    text = '<meta name="SiteDomain" content="www.example.com"><p>正文</p>'
    assert check(text, "tags/site_domain", url="https://zwgk.example.com/a.html") == []
    assert check(text, "tags/site_domain", url="http://127.0.0.1:8000/a.html") == []
    (finding,) = check(text, "tags/site_domain", url="https://www.example.net/a.html")
    assert "www.example.net" in finding.message
    assert host_of("http://[x") == ""


def test_missing_tags_by_address() -> None:
    text = "<html><body><p>正文</p></body></html>"
    assert check(text, "tags/missing") == []
    (finding,) = check(text, "tags/missing", url="https://www.example.com/")
    assert "SiteName（网站名称）" in finding.message
    assert "ArticleTitle" not in finding.message
    dated = '<html><head><meta name="ColumnName" content="通知"></head><body><p>发布时间：2025-03-01</p></body></html>'
    (finding,) = check(dated, "tags/missing")
    assert "PubDate（发布时间）" in finding.message
    assert "ColumnType" not in finding.message
    both = '<head><meta name="ArticleTitle" content=""><meta name="ColumnName" content=""></head><p>正文</p>'
    (finding,) = check(both, "tags/missing")
    assert "页面标签 ArticleTitle（标题） 内容为空" in finding.message


def test_markup_in_scripts_and_comments_is_none() -> None:
    text = (
        "<p>正文</p><SCRIPT>x='<input>'</SCRIPT><script>y='<marquee>'</script><!-- <input tabindex=3> -->"
        "<div tabindex=4>甲</div><script>z='<textarea>'"
    )
    assert [f.rule for f in check(text, "access/")] == ["access/tabindex"]
    assert check("<p>正文 tabindex=5 &lt;input&gt;</p>", "access/") == []


def test_titles_of_pages() -> None:
    assert [
        f.quote for f in check("<html><head><title>Untitled</title></head><p>通知</p>", "access/page_title")
    ] == ["Untitled"]


@pytest.mark.parametrize(
    "text", ["", "<", "<a", "<a href", '<a href="', "<img src=", "<html", "<!--", "<input", "\ufeff"]
)
def test_broken_input_breaks_nothing(text: str) -> None:
    check(text)


def test_a_hostile_page_takes_no_longer() -> None:
    text = (
        "<html>"
        + "<script" * 3000
        + "<input" * 3000
        + " tabindex" * 3000
        + '<a href="http:'
        + "/" * 5000
        + '">甲</a>'
    )
    text += "".join(f'<a href="http://h{i}.gov.cn/">甲</a>' for i in range(3000))
    check(text)


def test_where_references_lead() -> None:
    document = read(Source("a.html", "<p>甲</p>", url="https://www.example.com/x/y.html"))
    assert absolute(document, " z.html#a ") == "https://www.example.com/x/z.html"
    assert absolute(document, "http://www.gov.cn/") == "http://www.gov.cn/"
    for target in ("", "#a", "mailto:a@example.com", "{{ url }}", "http:/x", "javascript:go()"):
        assert absolute(document, target) is None
    based = read(Source("a.html", '<base href="http://[x"><p>甲</p>'))
    assert absolute(based, "z.html") is None
    assert (
        absolute(read(Source("a.html", '<base href="/b/"><p>甲</p>', url="http://a.example.com/")), "z")
        == "http://a.example.com/b/z"
    )
