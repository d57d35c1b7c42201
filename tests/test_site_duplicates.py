"""Sketches, claims, and pages of a site that are the same or contradict each other."""

from __future__ import annotations

import random

import pytest

import rules
from qa.readers import read
from qa.site.claims import MAX_CLAIMS, read_claims
from qa.site.model import SiteExample, SiteHit
from qa.site.sample import hits
from qa.site.sketch import MIN_LENGTH, bands, similarities, similarity, sketch
from qa.source import Source
from rules.site._pages import article, footer, page
from rules.site._same import common_start, plain_address

WORDS = [
    f"{a}{b}工作{c}"
    for a in "甲乙丙丁戊己庚辛壬癸"
    for b in "子丑寅卯辰巳午未申酉戌亥"
    for c in "部署推进落实检查总结"
]


def prose(seed: int, sentences: int = 40) -> str:
    chosen = random.Random(seed)
    return "".join(f"{''.join(chosen.sample(WORDS, 4))}。" for _ in range(sentences))


def jaccard(a: str, b: str) -> float:
    left, right = ({text[at : at + 4] for at in range(len(text) - 3)} for text in (a, b))
    return len(left & right) / len(left | right)


def found(rule: str, pages: dict[str, str]) -> list[SiteHit]:
    menu = "".join(f'<a href="{path}">{path}</a>' for path in pages)
    return hits(rules.load_one_site(f"site/{rule}"), SiteExample({"/": menu, **pages}))


# -- sketches -----------------------------------------------------------------


def test_short_texts_have_no_sketch() -> None:
    assert sketch("字" * (MIN_LENGTH - 1)) is None
    assert sketch(" 字\n" * (MIN_LENGTH - 1)) is None
    assert bands(None) == []
    made = sketch("字" * MIN_LENGTH)
    assert made is not None
    assert len(made) == 256
    assert similarity(made, made) == 1


def test_blanks_do_not_count_and_odd_characters_do_no_harm() -> None:
    text = prose(1)
    assert sketch(text) == sketch("\n".join(text))
    assert sketch("\ud800😀" * 100) is not None


@pytest.mark.parametrize("changes", [0, 2, 8, 30, 120])
def test_similarity_is_close_to_the_truth(changes: int) -> None:
    chosen = random.Random(changes)
    text = prose(2, 60)
    other = list(text)
    for _ in range(changes):
        other[chosen.randrange(len(other))] = chosen.choice("东西南北")
    changed = "".join(other)
    a, b = sketch(text), sketch(changed)
    assert a is not None
    assert b is not None
    assert similarity(a, b) == pytest.approx(jaccard(text, changed), abs=0.12)


def test_near_duplicates_meet_in_a_band_and_strangers_do_not() -> None:
    met = strangers = 0
    for seed in range(60):
        text = prose(seed)
        at = 40 + seed * 7
        changed = f"{text[:at]}改{text[at + 1 :]}"
        assert jaccard(text, changed) > 0.9
        met += bool(set(bands(sketch(text))) & set(bands(sketch(changed))))
        strangers += bool(set(bands(sketch(text))) & set(bands(sketch(prose(seed + 1000)))))
    assert met >= 58
    assert strangers <= 2
    assert len(set(bands(sketch(prose(1))))) == 10
    assert all(-(2**63) <= key < 2**63 for key in bands(sketch(prose(1))))


def test_many_are_compared_at_once() -> None:
    made = [one for one in (sketch(prose(seed)) for seed in range(4)) if one is not None]
    assert similarities(made[:2], made) == [[similarity(a, b) for b in made] for a in made[:2]]


# -- claims -------------------------------------------------------------------


def claims(body: str, foot: str = "") -> list[list[str]]:
    html = f'<html><body><div class="TRS_Editor">{body}</div><div class="footer">{foot}</div></body></html>'
    return read_claims(read(Source("a", html, "html")))


def test_telephones_of_named_offices() -> None:
    assert claims("<p>咨询请联系某市教育局办公室电话：0595-00000000、0595-00000001。</p>") == [
        [
            "phone",
            "某市教育局办公室",
            "059500000000,059500000001",
            "某市教育局办公室电话：0595-00000000、0595-00000001",
        ]
    ]
    assert claims("<p>某市政务服务中心的咨询热线：22000000</p>")[0][1:3] == ["某市政务服务中心", "22000000"]


@pytest.mark.parametrize(
    "text",
    [
        "咨询电话：0595-00000000",
        "联系人：某某，电话：0595-00000000",
        "某市教育局办公室电话：13000000000",
        "：电话：0595-00000000",
        "各单位电话见附件",
    ],
)
def test_telephones_of_nobody_in_particular(text: str) -> None:
    assert claims(f"<p>{text}</p>") == []


def test_an_office_with_two_numbers_on_one_page_claims_neither() -> None:
    assert claims("<p>某市财政局电话：0595-00000000</p><p>某市财政局电话：0595-00000001</p>") == []
    assert len(claims("<p>某市财政局电话：0595-00000000</p><p>某市财政局电话：0595-00000000</p>")) == 1


def test_directories_are_left_out() -> None:
    names = "甲乙丙丁戊己庚辛壬癸子丑寅卯辰巳午未申酉戌亥"
    lines = "".join(f"<p>某市{name}局电话：0595-000000{at:02}</p>" for at, name in enumerate(names))
    assert len(names) > MAX_CLAIMS
    assert claims(lines) == []


def test_what_the_footer_tells() -> None:
    foot = "<p>主办单位：某市人民政府办公室　承办：某市数据管理局</p><p>地址：某市某区某路1号　联系电话：0595-00000000</p>"
    assert claims("<p>正文</p>", foot) == [
        ["footer_phone", "电话", "059500000000", "电话：0595-00000000"],
        ["footer_name", "主办", "某市人民政府办公室", "主办单位：某市人民政府办公室"],
        ["footer_name", "承办", "某市数据管理局", "承办：某市数据管理局"],
        ["footer_address", "地址", "某市某区某路1号", "地址：某市某区某路1号"],
    ]


# -- rules --------------------------------------------------------------------


@pytest.mark.parametrize(
    ("a", "b"),
    [
        ("https://www.example.gov.cn/a/1.html", "https://m.example.gov.cn/a/1.html"),
        ("https://www.example.gov.cn/a/1.html", "https://www.example.gov.cn/wap/a/1.shtml"),
        ("https://www.example.gov.cn/a/", "https://www.example.gov.cn/A/index.html"),
        ("https://www.example.gov.cn/a?id=1", "https://www.example.gov.cn/a?print=1&id=1"),
        ("https://www.example.gov.cn/a/1_print.html", "https://www.example.gov.cn/a/1.html"),
    ],
)
def test_versions_of_one_page(a: str, b: str) -> None:
    assert plain_address(a) == plain_address(b)


def test_different_pages_stay_different() -> None:
    assert plain_address("https://www.example.gov.cn/a?id=1") != plain_address(
        "https://www.example.gov.cn/a?id=2"
    )
    assert common_start("甲乙丙", "甲乙丁") == 2
    assert common_start("甲", "甲乙") == 1


def test_near_duplicates_leave_out_versions_and_find_chains() -> None:
    text = prose(5)
    one = article("某项工作部署会召开", "2026-06-01", text=text)
    two = article("某项工作部署会召开", "2026-06-01", text=text + "（完）")
    assert found("near_duplicate", {"/a/1.html": one, "/m/a/1.html": two}) == []
    three = article("某市某项工作部署会召开", "2026-06-01", text="【要闻】" + text + "（完）")
    (hit,) = found("near_duplicate", {"/a/1.html": one, "/b/2.html": two, "/c/3.html": three})
    assert len(hit.pages) == 3
    strangers = {
        f"/a/{seed}.html": article(f"文章{seed}号", "2026-06-01", text=prose(seed)) for seed in range(3)
    }
    assert found("near_duplicate", strangers) == []


def test_series_of_like_articles_are_no_duplicates() -> None:
    text = prose(6)
    titles = ["关于核发甲公司许可证的公告", "关于核发乙公司许可证的公告", "关于核发丙公司许可证的公告"]
    pages = {
        f"/a/{at}.html": article(title, "2026-06-01", text=f"{title}。{text}")
        for at, title in enumerate(titles)
    }
    assert found("near_duplicate", pages) == []
    pages["/a/9.html"] = article("某市加强市场监管", "2026-06-01", text=f"近日。{text}")
    (hit,) = found("near_duplicate", pages)
    assert hit.message.startswith(f"{len(hit.pages)} 篇文章")


def test_hundreds_of_equal_pages_are_one_finding() -> None:
    text = prose(7, 12)
    pages = {f"/a/{at}.html": article("同一标题", "2026-06-01", text=text) for at in range(210)}
    assert found("near_duplicate", pages) == []
    (hit,) = found("duplicate_article", pages)
    assert len(hit.pages) == 210


def test_number_brackets_of_all_sorts_are_one_number() -> None:
    def document(title: str, number: str, day: str = "2026-03-01") -> str:
        return article(
            title, day, text=f"发文字号：{number}</p><p>成文日期：{day}</p><p>{title}的正文，请贯彻执行。"
        )

    pages = {
        "/1.html": document("关于加强管理的通知", "某政办〔2026〕1号"),
        "/2.html": document("关于做好防汛的意见", "某政办[2026]1号", "2026-03-02"),
    }
    (hit,) = found("number_conflict", pages)
    assert hit.quote == "某政办〔2026〕1号"
    assert "标题分别为《关于加强管理的通知》《关于做好防汛的意见》" in hit.message
    assert "成文日期分别为 2026-03-01、2026-03-02" in hit.message


def test_footer_telephones_conflict_where_one_digit_differs() -> None:
    usual = footer()
    pages = {f"/{at}.html": page("<p>正文</p>", foot=usual) for at in range(3)}
    typo = {"/9.html": page("<p>正文</p>", foot=usual.replace("0595-00000000", "0595-00000008"))}
    other = {"/9.html": page("<p>正文</p>", foot=usual.replace("0595-00000000", "0595-22334455"))}
    two = {
        "/9.html": page("<p>正文</p>", foot=usual.replace("0595-00000000", "0595-00000008、0595-00000009"))
    }
    (hit,) = found("claim_conflict", {**pages, **typo})
    assert hit.chrome
    assert hit.suggestion == "电话：0595-00000000"
    assert found("claim_conflict", {**pages, **other}) == []
    assert found("claim_conflict", {**pages, **two}) == []


def test_nobody_is_right_where_there_is_no_majority() -> None:
    from qa.finding import Level

    pages = {
        f"/{at}.html": article("机构职能", "2026-06-01", text=f"某市教育局办公室电话：0595-0000000{at}。")
        for at in (1, 2)
    }
    (hit,) = found("claim_conflict", pages)
    assert (hit.level, hit.suggestion) == (Level.NOTE, "")
    many = {
        f"/{at}.html": article("机构职能", "2026-06-01", text=f"某市教育局办公室电话：0595-0000000{at}。")
        for at in range(1, 6)
    }
    assert found("claim_conflict", many) == []


def test_names_that_differ_in_length_are_different_names() -> None:
    pages = {
        "/1.html": page("<p>正文</p>"),
        "/2.html": page("<p>正文</p>", foot=footer().replace("某市人民政府办公室", "某市某某街道办事处")),
    }
    assert found("claim_conflict", pages) == []
