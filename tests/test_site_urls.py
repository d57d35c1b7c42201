"""Addresses: one spelling for each."""

from __future__ import annotations

import time

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from qa.site.urls import MAX_LENGTH, Resolver, canonical, folder, host, resolve

BASE = "https://www.example.gov.cn/a/b/c.html?x=1"
PIECES = st.sampled_from([
    "http:", "https:", "HTTP:", "hTTps://", "//", "/", "\\", ".", "..", "./", "../", "%2e", "%2E%2e/", "?", "#", "&", "=",
    "%", "%2F", "%zz", "%E4%B8%AD", "%D6%D0", "%7e", "中文", "例子.中国", " ", "\t", "\n", "\r", "\u3000", "\u200b",
    "a", "B", ":80", ":443", ":0", ":99999", "www.example.com", "127.0.0.1", "[::1]", "u:p@", "@", "[", "]", "{", "|", "^",
    ";jsessionid=AB12", ";sid=", ";", "utm_source=1", "&sid=3", "sid=0123456789abcdef", "spm=1", "spmc=1", "mailto:a@b",
    "javascript:", "data:,x", "ftp://a/b", "\x00", "\ud800", "<", '"', "'", "`", "index.html", "..;/", "~",
])  # fmt: skip
HREFS = st.one_of(st.lists(PIECES, max_size=7).map("".join), st.text(max_size=20))
BASES = st.sampled_from(
    [
        BASE,
        "http://127.0.0.1:8080/",
        "https://www.example.gov.cn",
        "https://u:p@www.example.gov.cn/a/",
        "https://例子.中国/路径/页.html",
        "http://[::1]:8080/a/b",
        "https://www.example.gov.cn/a?u=/x/y?z",
        "https://www.example.gov.cn/a;p=1/b.html",
    ]
)


@given(BASES, HREFS)
@example("https://www.example.gov.cn/", ".;jsessionid=AB")
@example("https://www.example.gov.cn/", "?sid=0123456789abcdef&")
@example("https://www.example.gov.cn/", "//;jsessionid=AB")
@example("https://www.example.gov.cn/", "\ud800")
def test_one_spelling(base: str, href: str) -> None:
    found = resolve(base, href)
    if found is None:
        return
    url, _ = found
    assert url.startswith(("http://", "https://"))
    assert "#" not in url
    assert url.isascii()
    assert canonical(url) == url
    assert resolve(base, url) == (url, "")


@given(BASES, HREFS)
@example("http://[::1]:8080/a/b", "http:")
@example("https://www.example.gov.cn/a?b=c", "\u3000")
@example("https://www.example.gov.cn/a?b=c", "h\ntt\tps:?")
@example("https://www.example.gov.cn/a?b=c", "#a\tb")
@example("https://www.example.gov.cn/a?b=c", "\x1f")
def test_a_page_resolves_as_the_standard_says(base: str, href: str) -> None:
    page = canonical(base)
    assert page is not None
    assert Resolver(page)(href) == resolve(page, href)


@given(BASES, HREFS, HREFS)
def test_base_href(page: str, base: str, href: str) -> None:
    here = canonical(page)
    assert here is not None
    held = resolve(here, base)
    assert Resolver(here, base)(href) == resolve(held[0] if held else here, href)


@pytest.mark.parametrize(
    ("href", "url"),
    [
        ("d.html", "https://www.example.gov.cn/a/b/d.html"),
        ("./d.html", "https://www.example.gov.cn/a/b/d.html"),
        ("../../../d.html", "https://www.example.gov.cn/d.html"),
        ("/d.html", "https://www.example.gov.cn/d.html"),
        (" /d.html ", "https://www.example.gov.cn/d.html"),
        ("//www.example.com/d", "https://www.example.com/d"),
        ("\\\\www.example.com\\d", "https://www.example.com/d"),
        ("\\d", "https://www.example.gov.cn/d"),
        ("?y=2", "https://www.example.gov.cn/a/b/c.html?y=2"),
        ("?", "https://www.example.gov.cn/a/b/c.html"),
        ("", BASE),
        ("#f", BASE),
        (" \n d.html\t", "https://www.example.gov.cn/a/b/d.html"),
        ("d\n.ht\tml", "https://www.example.gov.cn/a/b/d.html"),
        ("\u3000d.html\u200b", "https://www.example.gov.cn/a/b/%E3%80%80d.html%E2%80%8B"),
        ("甲 乙.html", "https://www.example.gov.cn/a/b/%E7%94%B2%20%E4%B9%99.html"),
        ("%e7%94%b2.html", "https://www.example.gov.cn/a/b/%E7%94%B2.html"),
        ("%d6%d0.html", "https://www.example.gov.cn/a/b/%D6%D0.html"),
        ("%61%7e%2D.html", "https://www.example.gov.cn/a/b/a~-.html"),
        ("a%2Fb", "https://www.example.gov.cn/a/b/a%2Fb"),
        ("HTTP://WWW.Example.COM:80/Ab", "http://www.example.com/Ab"),
        ("https://www.example.com:443", "https://www.example.com/"),
        ("https://www.example.com:8443/", "https://www.example.com:8443/"),
        ("http://例子.中国/", "http://xn--fsqu00a.xn--fiqs8s/"),
        ("http://u:p@www.example.com/", "http://u:p@www.example.com/"),
        ("http://127.1/", "http://127.0.0.1/"),
        ("https:d.html", "https://www.example.gov.cn/a/b/d.html"),
    ],
)
def test_resolving(href: str, url: str) -> None:
    assert resolve(BASE, href) == (url, "f" if href == "#f" else "")
    assert Resolver(BASE)(href) == resolve(BASE, href)


@pytest.mark.parametrize(
    "href",
    ["mailto:a@example.com", "javascript:void(0)", "JavaScript:;", "tel:12345", "data:,x", "ftp://www.example.com/",
     "file:///a", "about:blank", "http://", "https://[::1", "http://a b/", "http://www.example.com:99999/", "http://%zz/"],
)  # fmt: skip
def test_what_is_no_address(href: str) -> None:
    assert resolve(BASE, href) is None
    assert Resolver(BASE)(href) is None


def test_fragments_are_decoded() -> None:
    assert resolve(BASE, "#%E7%94%B2") == (BASE, "甲")
    assert resolve(BASE, "/x#甲 乙") == ("https://www.example.gov.cn/x", "甲 乙")
    assert resolve(BASE, "/x#") == ("https://www.example.gov.cn/x", "")
    assert resolve(BASE, "/x#a#b") == ("https://www.example.gov.cn/x", "a#b")
    assert resolve(BASE, "/x#%D6%D0") == ("https://www.example.gov.cn/x", "\ufffd\ufffd")


@pytest.mark.parametrize(
    ("query", "left"),
    [
        ("a=1&b=2", "?a=1&b=2"),
        ("b=2&a=1", "?b=2&a=1"),
        ("a=1&utm_source=x&UTM_Medium=y", "?a=1"),
        ("spm=1.2&a=1", "?a=1"),
        ("PHPSESSID=0a&JSESSIONID=1", ""),
        ("sid=0123456789abcdef0123&a=1", "?a=1"),
        ("from_source=x&share_token=y", ""),
        ("", ""),
        # Not sessions and not tracking: sections, names that only begin alike, empty values.
        ("sid=12", "?sid=12"),
        ("sessionid=2026", "?sessionid=2026"),
        ("sid=gongkaimulu-liebiao", "?sid=gongkaimulu-liebiao"),
        ("spmc=1&spmid=2", "?spmc=1&spmid=2"),
        ("utm=1&mysid=0123456789abcdef", "?utm=1&mysid=0123456789abcdef"),
        ("a=&b", "?a=&b"),
        ("a=1&&b=2", "?a=1&&b=2"),
        ("from=timeline", "?from=timeline"),
    ],
)
def test_queries(query: str, left: str) -> None:
    assert canonical(f"http://www.example.com/a?{query}") == f"http://www.example.com/a{left}"


@pytest.mark.parametrize(
    ("path", "left"),
    [
        ("a.do;jsessionid=1A2B", "a.do"),
        ("a.do;JSESSIONID=1A2B.node1?x=1", "a.do?x=1"),
        ("a;sid=1/b", "a/b"),
        ("a/..;jsessionid=1/b", "b"),
        ("a;v=1/b", "a;v=1/b"),
        ("a;jsession=1", "a;jsession=1"),
    ],
)
def test_sessions_in_paths(path: str, left: str) -> None:
    assert canonical(f"http://www.example.com/{path}") == f"http://www.example.com/{left}"


def test_canonical_takes_absolute_addresses_only() -> None:
    assert canonical(f"  {'　' * 12}HTTPS://Www.Example.COM/a#f\n") == "https://www.example.com/a"
    assert canonical("http:\\\\www.example.com\\a") == "http://www.example.com/a"
    for text in (
        "",
        "www.example.com",
        "a//b",
        "//www.example.com/",
        "http:a",
        "ftp://a/",
        "https://",
        "x http://a/",
    ):
        assert canonical(text) is None


def test_long_addresses() -> None:
    assert resolve(BASE, "a" * MAX_LENGTH) is not None
    assert resolve(BASE, "甲" * 500) is not None
    start = time.monotonic()
    assert resolve(BASE, "a" * 1_000_000) is None
    assert resolve(BASE, "../" * 300_000) == ("https://www.example.gov.cn/", "")
    assert resolve(BASE, "?" + "&" * 6000) is None
    assert Resolver(BASE)("a" * 1_000_000) is None
    assert Resolver(BASE)("/" + "a" * 1_000_000) is None
    assert time.monotonic() - start < 2


@pytest.mark.parametrize("base", ["", "a/", "a.b/c-d/", "a/b", "a//", ".a/", "A/", "%61/", "?a=/"])
@pytest.mark.parametrize(
    "host", ["http://www.example.com", "https://127.0.0.1:8443", "http://u:p@a.example.com", "http://[::1]"]
)
@pytest.mark.parametrize(
    "href", ["x", "/x", "x/y.html", "/x/", "x//y", "x/../y", "x/..y", "..x", "x.", "/.x", "-", "x:1"]
)
def test_plain_addresses(host: str, base: str, href: str) -> None:
    page = canonical(f"{host}/{base}")
    assert page is not None
    assert resolve(page, href) == resolve(page, href + "#") == Resolver(page)(href)


def test_parts() -> None:
    assert folder("https://www.example.com/a/b?c=/d/") == "https://www.example.com/a/"
    assert folder("https://www.example.com/") == "https://www.example.com/"
    assert host("http://127.0.0.1:8080/a@b") == "127.0.0.1:8080"
    assert host("https://u:p@www.example.com?x=@y") == "www.example.com"
    assert host("http://[::1]:8080/") == "[::1]:8080"
