"""The command line."""

from __future__ import annotations

import errno
import io
import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple

import click
import pytest

import rules
from qa import cli
from qa.cli import _base, main
from qa.cli import check as checking
from qa.cli import fix as fixing
from qa.cli.rules import catalogue_text
from qa.document import LinkVerdict
from qa.files import Input
from qa.rule import RuleError

PACK = """
[[word]]
term = "错误词甲"
replace = "正确词甲"
level = "error"
safe = true
[[word]]
term = "提醒词乙"
"""
CONFIG = '[shenjiao]\nselect = ["wording/own_words", "suppress"]\npacks = ["site.toml"]\n'
BAD, MILD, GOOD = "<p>这里有错误词甲。</p>\n", "<p>这里有提醒词乙。</p>\n", "<p>这里没有问题。</p>\n"


class Result(NamedTuple):
    code: int
    out: str
    err: str


Shell = Callable[..., Result]


@pytest.fixture
def shell(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsysbinary: pytest.CaptureFixture[bytes]
) -> Shell:
    """``shenjiao`` in a folder with a configuration that knows two words."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("FORCE_COLOR", raising=False)
    put("shenjiao.toml", CONFIG)
    put("site.toml", PACK)

    def run(*arguments: str, stdin: bytes = b"") -> Result:
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(stdin), encoding="utf-8"))
        capsysbinary.readouterr()
        code = main(arguments)
        out, err = capsysbinary.readouterr()
        return Result(code, out.decode(), err.decode())

    return run


def put(name: str, text: str | bytes) -> Path:
    path = Path(name)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(text.encode() if isinstance(text, str) else text)
    return path


def data(result: Result) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(result.out)
    return found


# --- check: exit codes --------------------------------------------------------------------------


@pytest.mark.parametrize(("text", "code"), [(GOOD, 0), (MILD, 0), (BAD, 1), ("", 3)])
def test_exit_codes(shell: Shell, text: str, code: int) -> None:
    put("a.html", text)
    assert shell("check", "a.html").code == code


@pytest.mark.parametrize(
    ("gate", "code"),
    [
        (["warning"], 1),
        (["none"], 0),
        (["veto"], 0),
        (["review1=warning"], 1),
        (["初审=提示"], 1),
        (["proof1=warning"], 0),
        (["note", "review1=none"], 0),
    ],
)
def test_gates(shell: Shell, gate: list[str], code: int) -> None:
    put("a.html", MILD)
    assert shell("check", "a.html", *(f"--gate={word}" for word in gate)).code == code


def test_unchecked_outweighs_findings(shell: Shell) -> None:
    put("a.html", BAD)
    put("空.html", " \n")
    result = shell("check", ".", "x.docx")
    assert result.code == 3
    assert "文件是空的，没有可检查的内容" in result.out
    assert "空.html" in result.out
    assert "文件不存在" in result.out
    assert "错误词甲" in result.out


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"%PDF-1.4 \x00", "不是文本文件（看起来是PDF 文档）"),
        (b"\x00" * 50, "不是文本文件（含有大量空字节）"),
        (b"\xef\xbb\xbf\xff\xfe", "内容不符，可能已损坏"),
    ],
)
def test_bad_files_are_named_and_the_rest_goes_on(shell: Shell, content: bytes, words: str) -> None:
    put("a.html", content)
    put("b.html", BAD)
    result = shell("check", "a.html", "b.html")
    assert result.code == 3
    assert words in result.out
    assert "错误词甲" in result.out


def test_a_lying_charset_is_remarked(shell: Shell) -> None:
    put("a.html", '<meta charset="gb2312"><p>没有问题</p>')
    result = shell("check", "a.html")
    assert result.code == 0
    assert "声明的编码是 gb2312，实际是 UTF-8" in result.out


def test_other_types(shell: Shell) -> None:
    put("a.docx", b"PK")
    put("b/c.docx", b"PK")
    result = shell("check", "a.docx")
    assert result.code == 3
    assert "不支持的文件类型（.docx）" in result.out
    result = shell("check", "b")
    assert result.code == 2
    assert "没有找到可检查的文件（文件夹中有 1 个文件的类型不支持，没有检查：.docx 1 个）" in result.err
    put("b/a.html", GOOD)
    result = shell("check", "b")
    assert result.code == 0
    assert "没有检查：.docx 1 个" in result.out


def test_nothing_to_check_is_never_clean(shell: Shell) -> None:
    Path("empty").mkdir()
    assert shell("check", "empty") == (2, "", "错误：没有找到可检查的文件\n")
    put("empty/.gitignore", "*.html\n")
    put("empty/a.html", BAD)
    assert "1 项（文件或文件夹）按 .gitignore 或配置的 exclude 略过" in shell("check", "empty").err
    put("empty/x.docx", "")
    assert "；有 1 项" in shell("check", "empty").err


def test_max_size(shell: Shell) -> None:
    put("a.html", GOOD + " " * 3000)
    result = shell("check", "a.html", "--max-size", "0.001")
    assert result.code == 3
    assert "文件太大（3.0 KB），上限是 1.0 KB" in result.out
    result = shell("check", "-", "--max-size", "0.001", stdin=GOOD.encode() * 99)
    assert "内容太大" in result.out
    assert shell("check", "a.html", "--max-size", "-1").err == "错误：--max-size 应为大于 0 的数\n"
    assert "--max-size：值不合法" in shell("check", "a.html", "--max-size", "x").err


# --- check: selection ---------------------------------------------------------------------------


@pytest.mark.parametrize(
    "arguments",
    [
        ("--select", "wording"),
        ("--select", "typo,wording/*"),
        ("--select", "review1"),
        ("--select", "warning"),
        (),
    ],
)
def test_selected(shell: Shell, arguments: tuple[str, ...]) -> None:
    put("a.html", BAD)
    assert shell("check", "a.html", *arguments).code == 1


@pytest.mark.parametrize(
    "arguments",
    [("--ignore", "wording"), ("--select", "suppress"), ("--select", "一校"), ("--ignore", "初审,一校")],
)
def test_not_selected(shell: Shell, arguments: tuple[str, ...]) -> None:
    put("a.html", BAD)
    assert shell("check", "a.html", *arguments).code == 0


def test_unknown_names(shell: Shell) -> None:
    put("a.html", BAD)
    result = shell("check", "a.html", "--select", "wording/own_word")
    assert result.code == 2
    assert "--select：没有名为“wording/own_word”的规则" in result.err
    assert "是不是“wording/own_words”？" in result.err
    assert "--ignore：没有名为“xxxxxx”" in shell("check", "a.html", "--ignore", "xxxxxx").err
    assert "--gate：不认识的级别“eror”" in shell("check", "a.html", "--gate", "eror").err
    assert "--gate：不认识的环节“prof1”" in shell("check", "a.html", "--gate", "prof1=error").err


def test_preview_and_today(shell: Shell) -> None:
    put("a.html", GOOD)
    put("shenjiao.toml", '[shenjiao]\nselect = ["suppress"]')
    assert shell("check", "a.html", "--preview", "--today", "2025-03-01").code == 0
    assert shell("check", "a.html", "--today", "today").code == 0
    assert (
        shell("check", "a.html", "--today", "昨天").err
        == "错误：--today：“昨天”不是日期，应写作 2025-03-01\n"
    )


def test_configuration(shell: Shell) -> None:
    put("sub/a.html", BAD)
    assert shell("check", "sub/a.html").code == 1
    assert shell("check", "sub").code == 1
    put("other.toml", '[shenjiao]\nselect = ["suppress"]')
    assert shell("check", "sub", "--config", "other.toml").code == 0
    assert shell("check", "sub", "--no-config", "--select", "wording/own_words").code == 0
    assert shell("check", "sub", "--config", "none.toml") == (2, "", "错误：none.toml：文件不存在\n")
    assert "不能同时使用" in shell("check", "sub", "--config", "other.toml", "--no-config").err
    put("sub/shenjiao.toml", "[shenjiao")
    result = shell("check", "sub/a.html")
    assert result.code == 2
    assert "sub/shenjiao.toml：不是合法的 TOML" in result.err


def test_overrides(shell: Shell) -> None:
    put("shenjiao.toml", CONFIG + '[[overrides]]\npaths = ["转载/"]\nignore = ["wording"]\n')
    put("a.html", BAD)
    put("转载/b.html", BAD)
    result = shell("check", ".", "--format", "json")
    assert [len(one["findings"]) for one in findings_by_document(result)] == [1, 0]
    assert shell("check", "转载").code == 0


def findings_by_document(result: Result) -> list[dict[str, Any]]:
    report = data(result)
    paths = [one["path"] for one in report["documents"]]
    return [{"path": p, "findings": [f for f in report["findings"] if f["path"] == p]} for p in paths]


def test_last_year(shell: Shell) -> None:
    put("a.html", GOOD)
    put("last.html", GOOD)
    assert shell("check", "a.html", "--last-year", "last.html").code == 0
    result = shell("check", "a.html", "--last-year", "none.html")
    assert (result.code, result.err) == (2, "错误：上年度报告 none.html 无法读取：文件不存在\n")


def test_notices_of_the_configuration(shell: Shell) -> None:
    put("site.toml", "")
    put("a.html", GOOD)
    assert "词库是空的" in shell("check", "a.html").out
    result = shell("check", "a.html", "-f", "json")
    assert "提示：site.toml：词库是空的" in result.err
    assert shell("check", "a.html", "-f", "json", "-q").err == ""


# --- check: inputs ------------------------------------------------------------------------------


def test_standard_input(shell: Shell) -> None:
    result = shell("check", "-", stdin=BAD.encode("gb18030"))
    assert result.code == 1
    result = shell(
        "check", "-", "--media", "markdown", "--name", "稿.md", "-f", "json", stdin="错误词甲".encode()
    )
    assert data(result)["documents"][0]["path"] == "稿.md"
    assert data(result)["documents"][0]["media"] == "markdown"
    assert shell("check", "-", stdin=b"").code == 3
    result = shell("check", "-", "--media", "docx", stdin=b"x")
    assert result.err == "错误：--media：没有“docx”这种格式，应为 html、markdown 或 text\n"


def test_live_pages(shell: Shell, monkeypatch: pytest.MonkeyPatch) -> None:
    from crawler import fetch
    from crawler.fetch import Failure, Fetched, Kind

    pages = {
        "https://www.example.com/a": Fetched(
            "https://www.example.com/a",
            "https://www.example.com/b",
            200,
            "gbk",
            "text/html",
            BAD.encode("gb18030"),
        ),
        "https://www.example.com/gone": Fetched(
            "https://www.example.com/gone", failure=Failure(next(iter(Kind)), "找不到该网页（404）", 404)
        ),
    }
    monkeypatch.setattr(fetch, "fetch_page", lambda url, **_: pages[url])
    result = shell("check", *pages, "-f", "json")
    report = data(result)
    assert result.code == 3
    assert [one["path"] for one in report["documents"]] == list(pages)
    assert report["documents"][0]["encoding"].lower() == "gb18030"
    assert report["findings"][0]["path"] == "https://www.example.com/a"
    assert "找不到该网页（404）" in result.out


@pytest.mark.parametrize("terminal", [False, True])
def test_links(shell: Shell, monkeypatch: pytest.MonkeyPatch, terminal: bool) -> None:
    from crawler import links
    from crawler.links import LinkResult

    asked: list[str] = []

    def check_links(urls: Any, *, allow_private: bool, progress: Any = None) -> dict[str, LinkResult]:
        assert not allow_private
        asked.extend(urls)
        assert (progress is not None) is terminal
        if progress:
            progress(1, 2)
        return {
            "https://www.example.com/gone": LinkResult("", "dead", 404, "找不到该网页（404）"),
            "https://www.example.com/": LinkResult("", "alive"),
        }

    seen: list[Any] = []
    real = checking.checker

    def spy(current: Any) -> Any:
        made = real(current)
        finish = made.finish

        def watch(document: Any, *rest: Any) -> Any:
            seen.append(document.link_results)
            return finish(document, *rest)

        made.finish = watch
        return made

    monkeypatch.setattr(links, "check_links_sync", check_links)
    monkeypatch.setattr(checking, "checker", spy)
    page = '<a href="https://www.example.com/gone">一</a><a href="https://www.example.com/">二</a>'
    put("a.html", page)
    if terminal:
        monkeypatch.setattr(sys.stderr, "isatty", lambda: True, raising=False)
    monkeypatch.setattr(checking, "fetch", lambda item, _limit: item)
    shell("check", "a.html", "none.html", "--links")
    assert asked == ["https://www.example.com/gone", "https://www.example.com/"]
    assert seen == [{"https://www.example.com/gone": LinkVerdict("dead", "找不到该网页（404）", "")}]
    put("b.html", GOOD)
    asked.clear()
    put("shenjiao.toml", CONFIG + "links = true\n")
    shell("check", "b.html")
    assert asked == []


def test_links_of_live_pages(shell: Shell, monkeypatch: pytest.MonkeyPatch) -> None:
    from crawler import links

    monkeypatch.setattr(
        checking,
        "fetch",
        lambda item, _limit: Input(item.name, media="html", url=item.url, data=b'<a href="/x">x</a>'),
    )
    asked: list[str] = []
    monkeypatch.setattr(links, "check_links_sync", lambda urls, **_: asked.extend(urls) or {})
    shell("check", "https://www.example.com/", "--links", "-q")
    assert asked == ["https://www.example.com/x"]


# --- check: reports -----------------------------------------------------------------------------


def test_formats(shell: Shell) -> None:
    put("a.html", BAD)
    assert data(shell("check", "a.html", "--format", "json"))["findings"][0]["rule"] == "wording/own_words"
    assert "runs" in data(shell("check", "a.html", "-f", "sarif"))
    result = shell("check", "a.html", "-f", "jsno")
    assert result.code == 2
    assert "--format：没有“jsno”这种格式，是不是“json”？（可用：" in result.err
    put("shenjiao.toml", CONFIG + 'format = "json"\n')
    assert data(shell("check", "a.html"))
    assert "审校报告" in shell("check", "a.html", "-f", "text").out


def test_outputs(shell: Shell) -> None:
    put("a.html", BAD)
    result = shell("check", "a.html", "-o", "json=r.json", "-o", "sarif=r.sarif")
    assert result.code == 1
    assert "审校报告" in result.out
    assert json.loads(Path("r.json").read_text(encoding="utf-8"))
    assert "runs" in json.loads(Path("r.sarif").read_text(encoding="utf-8"))
    result = shell("check", "a.html", "-f", "github", "-o", "json=r.json")
    assert result.out.startswith("::error")
    assert shell("check", "a.html", "-o", "r.json").out == ""
    assert json.loads(Path("r.json").read_text(encoding="utf-8"))
    shell("check", "a.html", "-o", "r.txt", "--show-suppressed")
    assert "审校报告" in Path("r.txt").read_text(encoding="utf-8")
    shell("check", "a.html", "-f", "json", "-o", "r.out")
    assert json.loads(Path("r.out").read_text(encoding="utf-8"))


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["-o", "json="], "“json=”等号后面缺少文件名"),
        (["-o", "jsno=x"], "--output：没有“jsno”这种格式，是不是“json”？"),
        (["-o", "a", "-o", "b"], "不写格式时只能有一个输出文件"),
        (["-o", "json=a", "-o", "sarif=a"], "有两份报告要写进同一个文件"),
        (["-o", "json=."], "无法写入"),
        (["-o", "none/a.json"], "--output：文件夹“none”不存在，请先建好"),
        (["--write-baseline"], "--write-baseline 须与 --baseline FILE 同用"),
        (["--time", "昨天"], "--time：“昨天”不是时间"),
        (["--width", "x"], "--width：值不合法"),
        (["--jobs", "-1"], "--jobs：值不合法"),
    ],
)
def test_wrong_usage(shell: Shell, arguments: list[str], words: str) -> None:
    put("a.html", GOOD)
    result = shell("check", "a.html", *arguments)
    assert result.code == 2
    assert words in result.err


def test_time_is_told_only_when_given(shell: Shell) -> None:
    put("a.html", BAD)
    first = shell("check", "a.html", "-f", "json")
    assert first == shell("check", "a.html", "-f", "json")
    assert (
        "2025-03-01T09:30"
        in shell("check", "a.html", "-f", "json", "--time", "2025-03-01T09:30:00+08:00").out
    )


def test_quiet(shell: Shell) -> None:
    put("a.html", GOOD)
    assert shell("check", "a.html", "-q") == (0, "", "")
    put("a.html", MILD)
    assert "提醒词乙" in shell("check", "a.html", "-q").out


def test_colours(shell: Shell, monkeypatch: pytest.MonkeyPatch) -> None:
    put("a.html", BAD)
    assert "\x1b[" not in shell("check", "a.html").out
    monkeypatch.setenv("FORCE_COLOR", "1")
    assert "\x1b[" in shell("check", "a.html").out
    assert "\x1b[" not in shell("check", "a.html", "--no-color").out
    shell("check", "a.html", "-o", "r.txt")
    assert "\x1b[" not in Path("r.txt").read_text(encoding="utf-8")
    monkeypatch.setenv("NO_COLOR", "1")
    assert "\x1b[" not in shell("check", "a.html").out


def test_a_terminal(shell: Shell, monkeypatch: pytest.MonkeyPatch) -> None:
    assert checking._width() == 100
    monkeypatch.setattr(sys.stdout, "isatty", lambda: True)
    assert checking._width() > 0

    import reports
    from qa.run import Run

    monkeypatch.setattr(reports, "render", lambda _name, _run: b"PK\x00")
    with pytest.raises(_base.CliError, match="xlsx 格式不是文字，请用 -o 写入文件"):
        checking.report(Run([]), [("xlsx", None)], width=80, color=False, shown=False)


def test_show_suppressed(shell: Shell) -> None:
    put("a.html", "<!-- 审校忽略 wording/own_words：引文，原文如此 -->\n" + BAD)
    result = shell("check", "a.html", "--show-suppressed")
    assert result.code == 0
    assert "已忽略 1 处：\n  a.html:2:7 wording/own_words “错误词甲” 理由：引文，原文如此\n" in result.out
    put("a.html", "<!-- 审校忽略 wording/own_words -->\n" + BAD)
    result = shell("check", "a.html", "--show-suppressed")
    assert result.code == 1
    assert "没有写理由，不起作用" in result.out


def test_progress(shell: Shell, monkeypatch: pytest.MonkeyPatch) -> None:
    for number in range(50):
        put(f"{number:02}.html", GOOD)
    monkeypatch.setattr(sys.stderr, "isatty", lambda: True, raising=False)
    result = shell("check", ".", "-j", "1")
    assert "已检查 50/50" in result.err
    assert shell("check", ".", "-j", "1", "-q").err == ""


# --- check: baseline ----------------------------------------------------------------------------


def test_baseline(shell: Shell) -> None:
    put("a.html", "<h1>标题</h1>" + BAD)
    result = shell("check", "a.html", "--baseline", "known.json", "--write-baseline")
    assert result.code == 0
    assert "已把 1 处问题写入基线 known.json" in result.out
    assert shell("check", "a.html", "--baseline", "known.json").code == 0
    put("a.html", "<h1>标题</h1><p>新的一段。</p>\n" + BAD + BAD.replace("这里", "那里"))
    result = shell("check", "a.html", "--baseline", "known.json", "-f", "json")
    assert result.code == 1
    assert sorted(one["baseline"] for one in data(result)["findings"]) == ["new", "unchanged"]
    put("shenjiao.toml", CONFIG + 'baseline = "known.json"\n')
    assert shell("check", "a.html").code == 1
    Path("a.html").rename("b.html")
    put("b.html", "<h1>标题</h1>" + BAD)
    assert shell("check", "b.html").code == 0


def test_broken_baselines(shell: Shell) -> None:
    put("a.html", BAD)
    result = shell("check", "a.html", "--baseline", "none.json")
    assert (result.code, result.err) == (2, "错误：基线文件 none.json：文件不存在\n")
    put("bad.json", "{")
    assert shell("check", "a.html", "--baseline", "bad.json").code == 2
    result = shell("check", "a.html", "--baseline", "none/known.json", "--write-baseline")
    assert (result.code, result.err) == (2, "错误：基线文件 none/known.json 无法写入：文件不存在\n")


# --- check: processes ---------------------------------------------------------------------------


def test_several_processes_give_the_same(shell: Shell) -> None:
    for number in range(12):
        put(f"{number:02}.html", [GOOD, BAD, MILD][number % 3])
    put("05.html", "")
    command = [sys.executable, "-m", "qa.cli", "check", ".", "-f", "json"]
    one, two = (subprocess.run([*command, "-j", n], capture_output=True, check=False) for n in ("1", "2"))
    assert one.returncode == two.returncode == 3, one.stderr + two.stderr
    assert b"Traceback" not in one.stderr + two.stderr
    assert one.stdout == two.stdout
    assert one.stdout


def test_workers_build_their_own_checker(shell: Shell) -> None:
    assert shell
    options = _base.Options()
    _base._ready.clear()
    made = _base.builder(options)()
    assert {one.family for one in made.engine.rules} == {"wording", "suppress"}
    _base.share(made)
    assert _base.builder(options)() is made


def test_closed_output(shell: Shell) -> None:
    put("a.html", BAD * 3000)
    done = subprocess.run(
        f"{sys.executable} -m qa.cli check a.html -f json | head -c 10",
        shell=True,
        capture_output=True,
        check=False,
    )
    assert len(done.stdout) == 10
    assert b"Traceback" not in done.stderr
    assert shell


# --- the program itself -------------------------------------------------------------------------


def test_version_and_help(shell: Shell) -> None:
    assert shell("--version") == (0, "审校 0.1.0\n", "")
    result = shell()
    assert result.code == 2
    assert "用法：shenjiao" in result.out
    for name in (*cli.COMMANDS, "hook"):
        result = shell(name, "--help")
        assert result.code == 0
        assert result.out.startswith(f"用法：shenjiao {name}")
        assert "显示帮助并退出" in result.out
        for english in ("Usage", "Options", "Show", "Commands"):
            assert english not in result.out
    assert "安装提交前检查" in shell("hook", "--help").out


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["chekc"], "没有“chekc”这个命令，是不是“check”？"),
        (["check", "--formt", "json", "a"], "没有“--formt”这个选项，是不是 --format？"),
        (["check", "--zzzzzz", "a"], "没有“--zzzzzz”这个选项\n用 shenjiao check --help 查看用法"),
        (["check"], "缺少参数 PATH…"),
        (["check", "a", "--format"], "选项 --format 后面要写一个值"),
        (["check", "a", "--quiet=1"], "选项 --quiet 不带值"),
        (["explain", "a", "b"], "多余的参数：b"),
        (["--nope"], "没有“--nope”这个选项"),
    ],
)
def test_usage_errors_are_chinese(shell: Shell, arguments: list[str], words: str) -> None:
    result = shell(*arguments)
    assert result.code == 2
    assert words in result.err


def test_other_click_errors() -> None:
    assert _base._usage_words(click.BadParameter("bad")) == "值不合法"
    assert _base._usage_words(click.BadParameter("值太大")) == "值太大"
    assert _base._usage_words(click.UsageError("odd")) == "用法不对"
    assert _base.explain_usage(click.UsageError("中文")) == "中文"
    assert _base._hint(None) == ""


@pytest.mark.parametrize(
    ("error", "code", "words"),
    [
        (KeyboardInterrupt(), 130, "已中断"),
        (click.ClickException("坏"), 2, "错误：坏"),
        (ZeroDivisionError("零"), 3, "程序内部出错，检查没有完成：ZeroDivisionError：零"),
        (_base.CliError("停", 3), 3, "错误：停"),
    ],
)
def test_crashes_never_look_like_findings(
    shell: Shell, monkeypatch: pytest.MonkeyPatch, error: BaseException, code: int, words: str
) -> None:
    def broken(*_: object) -> None:
        raise error

    put("a.html", GOOD)
    monkeypatch.setattr(checking, "session", broken)
    result = shell("check", "a.html")
    assert result.code == code
    assert words in result.err


def test_a_reader_that_went_away(monkeypatch: pytest.MonkeyPatch) -> None:
    read, write = os.pipe()
    os.close(read)
    with open(write, "w", encoding="utf-8") as stream:  # noqa: PTH123 - a handle
        monkeypatch.setattr(sys, "stdout", stream)
        with pytest.raises(_base.CliError) as caught:
            _base.emit(b"x" * 100000)
    assert caught.value.code == 141


def test_broken_rules(shell: Shell, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken() -> None:
        raise RuleError("x 无法载入")

    put("a.html", GOOD)
    monkeypatch.setattr(rules, "load", broken)
    assert shell("check", "a.html") == (3, "", "错误：规则库载入失败：x 无法载入\n")


def test_a_table_that_breaks_only_with_these_settings(shell: Shell, monkeypatch: pytest.MonkeyPatch) -> None:
    import qa.engine

    def broken(*_: object, **__: object) -> None:
        raise RuleError("词条有误")

    put("a.html", GOOD)
    monkeypatch.setattr(qa.engine, "Engine", broken)
    assert shell("check", "a.html").err == "错误：规则词表有误：词条有误\n"


def test_output_in_another_encoding(monkeypatch: pytest.MonkeyPatch) -> None:
    stream = io.TextIOWrapper(io.BytesIO(), encoding="ascii")
    monkeypatch.setattr(sys, "stdout", stream)
    _base.emit_text("甲a")
    assert stream.buffer.getvalue() == b"?a"  # type: ignore[attr-defined]


def test_streams_that_cannot_be_reconfigured(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdout", io.StringIO())
    monkeypatch.setattr(sys, "stderr", io.StringIO())
    assert main(["--version"]) == 0


def test_wrapping() -> None:
    assert _base.wrap("一二三，四五", 6) == ["一二三，", "四五"]
    assert _base.wrap("一二三 四五", 6) == ["一二三", "四五"]
    assert _base.wrap("一二三" + "  x", 6) == ["一二三", "x"]
    assert _base.wrap("", 6) == []
    formatter = click.HelpFormatter()
    _base._table([("--" + "x" * 40, "一" * 40), ("--y", "")], formatter)
    lines = formatter.getvalue().split("\n")
    assert lines[0] == "  --" + "x" * 40
    assert lines[2] == " " * 30 + "一" * 7
    assert lines[3].strip() == "--y"
    assert "-h" not in _base.Command("x", add_help_option=False).get_help(click.Context(click.Command("x")))


def test_module_and_script(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-P", "-m", "qa.cli", "--version"], capture_output=True, check=True, cwd=tmp_path
    )
    assert done.stdout.decode().startswith("审校 ")


def test_what_a_cold_start_does_not_import(tmp_path: Path) -> None:
    (tmp_path / "a.html").write_text(GOOD, encoding="utf-8")
    script = (
        "import sys; from qa.cli import main; main(['check', 'a.html', '--select', 'wording/own_words,suppress']);"
        "print([name for name in ('rich.console', 'httpx', 'jinja2', 'markdown_it', 'spacy', 'asyncio', 'jieba',"
        " 'multiprocessing', 'bs4', 'concurrent.futures', 'pathspec', 'subprocess') if name in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, check=True, cwd=tmp_path)
    assert done.stdout.decode().strip().splitlines()[-1] == "[]"


# --- fix ----------------------------------------------------------------------------------------


def test_fix_shows_first_and_writes_when_told(shell: Shell) -> None:
    path = put("a.html", BAD.encode("gb18030"))
    result = shell("fix", "a.html")
    assert result.code == 1
    assert "-<p>这里有错误词甲。</p>\n+<p>这里有正确词甲。</p>\n" in result.out
    assert "共有 1 处可改正，没有写入" in result.err
    assert path.read_bytes() == BAD.encode("gb18030")
    result = shell("fix", "a.html", "--yes")
    assert result.code == 0
    assert "a.html：已改正 1 处\n" in result.out
    assert path.read_bytes() == BAD.replace("错误", "正确").encode("gb18030")
    result = shell("fix", "a.html", "-y")
    assert (result.code, result.out, result.err) == (0, "", "没有可自动改正的问题\n")


def test_fix_asks(shell: Shell, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fixing, "interactive", lambda: True)
    path = put("a.html", BAD + MILD)
    result = shell("fix", "a.html", stdin=b"n\n")
    assert result.code == 1
    assert "把以上 1 处改正写入 1 个文件吗？" in result.out
    assert shell("fix", "a.html", "--diff", stdin="是\n".encode()).code == 1
    assert path.read_text(encoding="utf-8") == BAD + MILD
    result = shell("fix", "a.html", stdin="是\n".encode())
    assert result.code == 0
    assert "已改正 1 处，其余 1 处请人工处理" in result.out
    assert "错误词甲" not in path.read_text(encoding="utf-8")


def test_fix_problems(shell: Shell, monkeypatch: pytest.MonkeyPatch) -> None:
    put("a.html", BAD)
    put("b.html", "")
    result = shell("fix", ".")
    assert result.code == 3
    assert "b.html：文件是空的" in result.err
    assert shell("fix", "b.html").code == 3
    assert shell("fix", "-").err == "错误：fix 只能改正文件，不能处理“-”\n"
    assert shell("fix", "http://x").code == 2
    assert "不能同时使用" in shell("fix", "a.html", "--yes", "--diff").err
    assert "--rule：没有名为“x”" in shell("fix", "a.html", "--rule", "x").err
    assert shell("fix", "a.html", "--rule", "typo").code == 0
    assert shell("fix", "a.html", "--rule", "wording/own_words").code == 1

    def broken(_plan: object) -> None:
        raise fixing.FixError("文件只读，没有写入")

    monkeypatch.setattr(fixing, "write", broken)
    result = shell("fix", "a.html", "-y")
    assert result.code == 3
    assert "a.html：文件只读，没有写入" in result.err


def test_fix_remarks_and_colours(shell: Shell, monkeypatch: pytest.MonkeyPatch) -> None:
    put("d/a.html", BAD)
    put("d/b.docx", "")
    result = shell("fix", "d")
    assert "提示：文件夹中有 1 个文件的类型不支持" in result.err
    monkeypatch.setenv("FORCE_COLOR", "1")
    result = shell("fix", "d")
    assert "\x1b[32m+<p>" in result.out
    assert "\x1b[1m+++ b/d/a.html\x1b[0m" in result.out
    assert "\x1b[31m" not in shell("fix", "d", "--no-color").out
    assert not fixing.interactive()


# --- rules, explain, catalogue ------------------------------------------------------------------


def test_rules(shell: Shell) -> None:
    result = shell("rules")
    assert result.code == 0
    assert result.out.endswith(f"共 {len(rules.load()) + len(rules.load_site()) + 4 + 7} 条\n")
    result = shell("rules", "--family", "wording/*", "--pass", "初审", "--level", "warning")
    assert result.out == "wording/own_words  初审  警告      不合本站用语约定\n共 1 条\n"
    assert shell("rules", "--family", "wording", "--level", "error").out == "共 0 条\n"
    (one,) = json.loads(shell("rules", "--family", "wording", "--pass", "初审", "-f", "json").out)
    assert (one["id"], one["pass"], one["level"], one["trust"]) == (
        "wording/own_words",
        "review1",
        "warning",
        "待核",
    )
    assert "--family：没有“wordin”这一类，是不是“wording”？" in shell("rules", "--family", "wordin").err
    assert shell("rules", "-f", "xml").code == 2


def test_explain(shell: Shell) -> None:
    out = shell("explain", "不合本站用语约定").out
    for words in (
        "编号：wording/own_words",
        "环节：初审 表述",
        "［待核］",
        "⟦某某镇政府⟧",
        "→",
        "✓",
        "为什么",
        "<!-- 审校忽略 wording/own_words：",
    ):
        assert words in out
    assert shell("explain", "suppress/no_reason").code == 0
    result = shell("explain", "wording/own_word")
    assert result.code == 2
    assert "是不是“wording/own_words”？" in result.err


def test_explain_all_that_may_be_said(monkeypatch: pytest.MonkeyPatch) -> None:
    from dataclasses import replace

    from qa.cli.rules import explanation
    from qa.rule import Bad
    from qa.standard import Standard

    one = rules.load_one("wording/own_words")
    full = replace(
        one,
        preview=True,
        aliases=("site/old",),
        basis=Standard("x", "标准", "GB 1", "https://example.com")["1"],
        bad=(Bad("一\n⟦二⟧"),),
        score_item="A-1",
    )
    full.id = "wording/own_words"
    measured = {"wording/own_words": rules.Precision(10, 8, 6)}
    monkeypatch.setattr(rules, "precision", lambda: measured)
    text = explanation(full)
    assert "（曾用 site/old）" in text
    assert "试行，须用 --preview 启用" in text
    assert "GB 1 1《标准》［已核］ https://example.com" in text
    assert "75%（核对 8 处，属实 6 处）" in text
    assert "  ✗ 一\n    ⟦二⟧\n" in text
    catalogue = catalogue_text([full])
    assert "试行" in catalogue
    assert "- 检查指标：A-1" in catalogue
    measured["wording/own_words"] = rules.Precision(0, 0, 0)
    assert "样本中没有命中" in explanation(full)
    measured["wording/own_words"] = rules.Precision(5, 0, 0)
    assert "样本中没有命中（共 5 处）" in explanation(full)


def test_long_examples_are_cut(monkeypatch: pytest.MonkeyPatch) -> None:
    from dataclasses import replace

    from qa.cli.rules import excerpt, explanation
    from qa.rule import Bad, Good

    text = "一" * 500 + "⟦二⟧" + "三" * 500
    assert excerpt(text).startswith("…一")
    assert "⟦二⟧三" in excerpt(text)
    assert excerpt(text).endswith("三…")
    assert excerpt("一" * 500) == "一" * 400 + "…"
    assert excerpt("⟦" + "一" * 450 + "⟧") == "⟦" + "一" * 450 + "⟧"
    one = replace(
        rules.load_one("wording/own_words"), bad=(Bad(text, "一" * 500),) * 4, good=(Good("五"),) * 4
    )
    one.id = "wording/own_words"
    assert "→" not in explanation(one)
    assert "另有 2 例，见 `shenjiao explain wording/own_words`。" in catalogue_text([one])
    assert "改为" not in catalogue_text([one])


def test_catalogue_quotes_whatever_an_example_holds() -> None:
    from qa.cli.rules import _code

    assert _code("a") == "```\na\n```\n"
    assert _code("```x```") == "````\n```x```\n````\n"


def test_catalogue_command(shell: Shell) -> None:
    assert shell("catalogue", "--check", "-o", "c.md").code == 2
    assert shell("catalogue", "-o", "c.md").out == "已写入 c.md\n"
    assert shell("catalogue", "-o", "c.md", "--check").code == 0
    put("c.md", "")
    assert shell("catalogue", "-o", "c.md", "--check") == (
        1,
        "",
        "错误：c.md 已过期，请运行 shenjiao catalogue\n",
    )


def test_the_catalogue_is_up_to_date() -> None:
    path = Path(rules.__file__).parent / "catalogue.md"
    chosen = [*rules.load(), *rules.load_site()]
    assert path.read_text(encoding="utf-8") == catalogue_text(chosen), "run: shenjiao catalogue"


# --- init ---------------------------------------------------------------------------------------


def test_init(shell: Shell, tmp_path: Path) -> None:
    folder = tmp_path / "新站"
    folder.mkdir()
    result = shell("init", str(folder))
    assert result.code == 0
    assert result.out == "已生成 新站/shenjiao.toml\n已生成 新站/shenjiao-site.toml\n"
    put("新站/a.html", "<p>某某镇政府</p>")
    result = shell("check", "新站/a.html", "--select", "wording/own_words")
    assert "应为“某某镇人民政府”" in result.out
    result = shell("init", "新站")
    assert result.code == 2
    assert "新站/shenjiao.toml、新站/shenjiao-site.toml 已存在；要覆盖请加 --force" in result.err
    put("新站/shenjiao.toml", "x")
    assert shell("init", "新站", "--force").code == 0
    assert Path("新站/shenjiao.toml").read_text(encoding="utf-8") != "x"
    assert shell("init", "none").err == "错误：none：文件夹不存在\n"


def test_what_init_writes_holds_when_uncommented(shell: Shell) -> None:
    import re

    from qa.cli.init import CONFIG as WRITTEN
    from qa.cli.init import PACK as WORDS

    def uncomment(text: str) -> str:
        return re.sub(r'^# (?=\[|"?[a-z-]+"? = )', "", text, flags=re.MULTILINE)

    put("x/a.html", GOOD)
    put("x/年报/2024.html", GOOD)
    put("x/shenjiao-site.toml", uncomment(WORDS))
    assert "\n[[official]]\n" in uncomment(WORDS)
    text = uncomment(WRITTEN)
    assert "\n[[overrides]]\n" in text
    put("x/shenjiao-baseline.json", '{"findings": [], "version": 1}')
    put("x/shenjiao.toml", text)
    result = shell("check", "x/a.html", "--select", "wording/own_words")
    assert (result.code, result.err) == (0, "")


def test_init_that_cannot_write(shell: Shell, monkeypatch: pytest.MonkeyPatch) -> None:
    from qa import files

    def broken(*_: object) -> None:
        raise OSError(errno.EROFS, "x")

    monkeypatch.setattr(files, "write_atomic", broken)
    assert shell("init", ".", "--force").err == "错误：shenjiao.toml 无法写入：所在磁盘只读\n"
