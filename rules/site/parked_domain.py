"""Links to domains that expired, are parked or for sale."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any

import tomli

from qa.finding import Level, Pass
from qa.site.model import Reply, Site, SiteExample, SiteHit, site_rule
from rules._standards import INSPECTION
from rules.site._links import chosen
from rules.site._outside import Outside, outside


@site_rule(
    title="链接的域名已过期或正在出售",
    level=Level.ERROR,
    passes=Pass.PROOF3,
    basis=INSPECTION["可用性"],
    score_item="LINK-H",
    bad=(
        SiteExample(
            {
                "/": '<a href="http://old.example.com/">某协会</a>',
                "http://old.example.com/": "<p>您访问的域名已过期，请续费。</p>",
            },
            hits=(("http://old.example.com/", 1),),
        ),
        SiteExample(
            {
                "/": '<a href="http://old.example.com/">某协会</a>',
                "http://old.example.com/": "<title>old.example.com 域名出售</title><p>您正在访问的域名可以转让。</p>",
            },
            hits=(("http://old.example.com/", 1),),
        ),
        SiteExample(
            {
                "/": '<a href="http://old.example.com/">某协会</a>',
                "http://old.example.com/": Reply(
                    status=302, to="https://www.hugedomains.com/domain_profile.cfm?d=x"
                ),
                "https://www.hugedomains.com/domain_profile.cfm?d=x": "<title>x</title>",
            },
            hits=(("http://old.example.com/", 1),),
        ),
    ),
    good=(
        SiteExample(
            {
                "/": '<a href="https://www.sedo.com/">某平台</a><a href="https://www.example.com/">某网</a>',
                "https://www.sedo.com/": "<title>交易平台</title>",
                "https://www.example.com/": "<title>本网站已支持 IPv6，域名注册与转让服务平台</title>",
            },
        ),
        SiteExample(
            {
                "/": '<a href="https://www.example.com/">某报</a>',
                "https://www.example.com/": "<title>某市域名管理办法</title><p>域名注册、续费与转让须知。</p>",
            },
        ),
    ),
)
def parked_domain(site: Site) -> Iterator[SiteHit]:
    """对方的域名已经过期、被停放或挂牌出售，随时可能被人买去放上不良内容，应尽快删除链接。"""
    found = {page.url_id: sign for page in outside(site) if (sign := _sign(page))}
    for target in chosen(site, found):
        yield target.hit(
            f"{target.noun}指向的域名 {target.host} 已过期、停放或正在出售（{found[target.url_id]}）",
            suggestion="请删除链接，或换成对方的新网址",
        )


@cache
def _data() -> Mapping[str, Any]:
    return tomli.loads((Path(__file__).parent / "parked.toml").read_text(encoding="utf-8"))


def _parking() -> Sequence[str]:
    hosts: Sequence[str] = _data()["hosts"]
    return hosts


@cache
def _patterns() -> tuple[re.Pattern[str], re.Pattern[str]]:
    data = _data()
    title, text = ("|".join(data[name]) for name in ("title", "text"))
    return re.compile(title, re.IGNORECASE), re.compile(text, re.IGNORECASE)


def _sign(page: Outside) -> str:
    """What gives a domain away, in Chinese; empty for others."""
    if page.end_host != page.host and any(f".{page.end_host}".endswith(f".{host}") for host in _parking()):
        return f"被转到 {page.end_host}"
    by_title, by_text = _patterns()
    if by_title.search(page.title):
        return f"标题为“{page.title[:40]}”"
    match = by_text.search(f"{page.title} {page.excerpt}")
    return f"网页写着“{match.group()[:40]}”" if match else ""
