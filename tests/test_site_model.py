"""Rules of sites: what makes one, how they are loaded, small sites of examples."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

import rules
from qa.finding import Level, Pass
from qa.rule import RuleError
from qa.site.model import Reply, Resolved, Site, SiteConfig, SiteExample, SiteHit, SiteRule, site_rule
from qa.site.sample import build, hits
from qa.standard import Standard, Trust
from rules._standards import EDITING

BAD = SiteExample({"/": "<p>甲"}, (("甲", 1),))
GOOD = SiteExample({"/": "<p>乙"})


def made(**options: Any) -> SiteRule:
    values: dict[str, Any] = {
        "title": "一条", "level": Level.WARNING, "passes": Pass.PROOF3, "basis": EDITING[""], "bad": [BAD], "good": [GOOD],
    }  # fmt: skip

    def check(site: Site) -> Iterator[SiteHit]:
        """为什么。"""
        yield SiteHit([site.home], "甲", "甲")

    check.__doc__ = options.pop("why", check.__doc__)
    one = site_rule(**(values | options))(check)
    one.id = "site/one"
    return one


def test_a_rule() -> None:
    one = made(supersedes=["links/x"], aliases=["site/old"])
    one.validate()
    assert (one.family, one.why, one.supersedes, one.aliases) == (
        "site",
        "为什么。",
        ("links/x",),
        ("site/old",),
    )
    assert [(hit.quote, len(hit.pages)) for hit in hits(one, BAD)] == [("甲", 1)]


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"why": " "}, "no docstring"),
        ({"bad": []}, "needs examples"),
        ({"good": []}, "needs examples"),
        ({"bad": [GOOD]}, "bad examples expect hits"),
        ({"good": [BAD]}, "good ones none"),
        ({"basis": Standard("x", "某标准", trust=Trust.UNVERIFIED)["1"], "level": Level.ERROR}, "待核"),
    ],
)
def test_house_rules(options: dict[str, Any], words: str) -> None:
    with pytest.raises(RuleError, match=words):
        made(**options).validate()


def test_loading(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    assert [one.id for one in rules.load_site()] == [
        name for name in rules.identifiers() if name.startswith("site/")
    ]
    assert all(isinstance(one, SiteRule) for one in rules.load_site())
    with pytest.raises(RuleError, match="规则文件 site/no_such_rule 无法载入"):
        rules.load_one_site("site/no_such_rule")
    with pytest.raises(RuleError, match="应当只含一条全站规则，实际有 0 条"):
        rules.load_one_site("punctuation/half_width")
    with pytest.raises(RuleError, match="应当只含一条规则，实际有 0 条"):
        rules.load_one("site/dead_link")
    folder = tmp_path / "rules_two"
    folder.mkdir()
    (folder / "two.py").write_text(
        "from rules.site.dead_link import *\nfrom rules.site.moved import *\nfrom rules.site import dead_link, moved\n"
        "one, two = (next(v for v in vars(m).values() if type(v).__name__ == 'SiteRule') for m in (dead_link, moved))\n",
        encoding="utf-8",
    )
    monkeypatch.setattr(rules, "__path__", [*rules.__path__, str(tmp_path)])
    with pytest.raises(RuleError, match=r"应当只含一条全站规则，实际有 \d+ 条"):
        rules.load_one_site("rules_two/two")
    sys.modules.pop("rules.rules_two.two", None)
    sys.modules.pop("rules.rules_two", None)
    monkeypatch.setattr(rules, "identifiers", lambda: ["site/dead_link"] * 2)
    with pytest.raises(RuleError, match="规则编号重复：site/dead_link"):
        rules.load_site.__wrapped__()


def test_where_addresses_lead() -> None:
    pages: dict[str, str | Reply] = {
        "/": "<a href=/a>甲</a><a href=/loop>乙</a><a href=/long0>丙</a><a href=/perm>丁</a><a href=/none>戊</a>",
        "/a": Reply(status=302, to="/b"),
        "/b": Reply(status=301, to="/c"),
        "/c": "<p>到了",
        "/loop": Reply(status=302, to="/pool"),
        "/pool": Reply(status=302, to="/loop"),
        "/perm": Reply(status=308, to="/c"),
    } | {f"/long{n}": Reply(status=302, to=f"/long{n + 1}") for n in range(12)}
    site = build(SiteExample(pages))

    def leads(path: str) -> Resolved:
        return site.resolve(
            site.one("SELECT id FROM url WHERE url = ?", (f"https://www.example.gov.cn{path}",))
        )

    assert (leads("/a").status, leads("/a").hops, leads("/a").permanent) == (200, 2, False)
    assert site.url(leads("/a").url_id) == "https://www.example.gov.cn/c"
    assert leads("/perm").permanent
    assert (leads("/c").hops, leads("/c").permanent) == (0, False)
    assert leads("/loop").failure == "redirect-loop"
    assert leads("/long0").failure == "redirects"
    assert (leads("/none").status, leads("/none").failure) == (404, "client-error")
    assert site.resolve(10**6).failure == "unasked"
    table = dict(site.rows(f"SELECT url_id, status FROM {site.resolved}"))
    assert {site.resolve(url_id).status for url_id in table} == set(table.values())
    assert all(site.resolve(url_id).status == status for url_id, status in table.items())


def test_thresholds_of_the_configuration_come_first() -> None:
    own = SiteConfig("https://www.example.gov.cn/", thresholds={"home": {"days": 3}})
    site = build(SiteExample({"/": "<p>首页</p>"}, config=own))
    assert site.threshold("home", "days") == 3
    assert site.threshold("columns", "news") == 14
    assert site.threshold("columns", "none", 7) == 7


def test_a_home_page_that_leads_on_for_ever_is_followed_three_times() -> None:
    pages = {
        f"/{name}": f'<meta http-equiv="refresh" content="0;url=/{following}">'
        for name, following in (
            ("", "1.html"),
            ("1.html", "2.html"),
            ("2.html", "3.html"),
            ("3.html", "4.html"),
        )
    }
    site = build(SiteExample(pages | {"/4.html": "<p>完</p>"}))
    assert site.url(site.home) == "https://www.example.gov.cn/3.html"


def test_a_home_page_never_asked() -> None:
    site = build(SiteExample({"/": "<p>首页</p>"}))
    site.db.execute("UPDATE run SET home = 'https://www.example.gov.cn/other'")
    assert Site(site.db, site.run, site.config).home == 0
