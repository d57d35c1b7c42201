"""Records of approvals: what they hold, how they are written and read, who gets one."""

from __future__ import annotations

import json
import os
import shutil
import stat
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from qa import __version__
from qa import approval as approving
from qa.approval import (
    Approval,
    ApprovalError,
    File,
    UrlMap,
    append,
    approve,
    clean_url,
    is_credit,
    is_frame,
    key,
    line_of,
    load,
    loose,
    parse,
    sentences,
    unmarked,
)
from qa.cli import main
from qa.ledger import LedgerError, open_ledger
from qa.readers import read
from qa.source import Source

CONFIG = '[shenjiao]\nselect = ["wording/own_words", "suppress"]\npacks = ["pack.toml"]\n'
PACK = '[[word]]\nterm = "错误词甲"\nreplace = "正确词甲"\nlevel = "error"\n'
GOOD = "<h1>通知</h1><p>这里没有问题，请各单位遵照执行。</p>"
BAD = "<h1>通报</h1><p>这里有错误词甲。</p>"


def made(text: str = "# 题\n\n正文一。\n\n来源：某局\n", **more: str) -> Approval:
    return approve(read(Source("a.md", text, "markdown")), "a.md", **more)


@pytest.fixture
def desk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    for name, text in (
        ("shenjiao.toml", CONFIG),
        ("pack.toml", PACK),
        ("good.html", GOOD),
        ("bad.html", BAD),
    ):
        Path(name).write_text(text, encoding="utf-8")
    return tmp_path


def records(path: str = "approvals.jsonl") -> list[dict[str, object]]:
    return [json.loads(line) for line in Path(path).read_text(encoding="utf-8").splitlines()]


# --- words -----------------------------------------------------------------------------------------


def test_keys() -> None:
    assert key("“甲”\u3000乙\u200b 「丙」") == '"甲"乙"丙"'
    assert loose(key("１，000元（约）") + "1.5、5%") == "1000元约1.5、5%"
    assert unmarked("1.甲") == ("1.", "甲")
    assert unmarked("1.5亿元") == ("", "1.5亿元")
    assert unmarked("• 甲") == ("", "甲")
    assert list(sentences("甲。乙！” \u3000")) == [(0, 2), (2, 5)]


@pytest.mark.parametrize(
    ("text", "frame", "credit"),
    [
        ("发布时间：2024-05-06 10:30 来源：市政府办公室 浏览次数：12 【字体：大 中 小】 打印", True, True),
        ("责任编辑：某某", True, True),
        ("上一篇：关于甲的通知", True, False),
        ("2024-05-06 10:30", True, False),
        ("[大] [中] [小]", True, False),
        ("2024年5月6日", False, False),
        ("时间紧、任务重，各单位要抓紧落实。", False, False),
        ("来源：" + "长" * 80, False, False),
        ("来源：" + "长" * 50 + "。", False, False),
        ("正文", False, False),
    ],
)
def test_frames(text: str, frame: bool, credit: bool) -> None:
    assert (is_frame(text), is_credit(text)) == (frame, credit)


def test_body_leaves_out_title_and_credits() -> None:
    one = made()
    assert one.article.body == "正文一。"
    assert one.article.source == "某局"
    assert (one.identity, one.chars) == ("题", 4)
    page = "<meta name=PubDate content='2024-05-06'><meta name=ContentSource content='某局'><h1>题</h1><p>1. 正文一。"
    other = approve(read(Source("a.html", page)), "a.html")
    assert other.text_hash == one.text_hash
    assert (other.article.published, other.article.source) == ("2024-05-06", "某局")


def test_listed_attachments() -> None:
    text = f"题\n正文。\n附件：1.甲表\n2.乙表\n某局\n3.丙表\n附件：详见网站。\n附件：{'长' * 61}\n附：丁表\n"
    one = approve(read(Source("a.txt", text, "text")), "a.txt")
    assert [file.name for file in one.article.attachments] == ["甲表", "乙表", "丁表"]
    linked = approve(
        read(Source("a.md", "# 题\n\n正文见[甲表](a.xlsx)。\n\n附件：1.甲表\n", "markdown")), "a.md"
    )
    assert linked.article.attachments == (File("甲表", "a.xlsx"),)
    assert File("附件1：甲表.XLSX", "/a/%E7%94%B2.xlsx?v=1").stem == "甲表"
    assert File("x", "/a/%E7%94%B2.xlsx?v=1").base == "甲.xlsx"


# --- the file --------------------------------------------------------------------------------------


def test_round_trip(tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl"
    one = made(
        "# 题\n\n[表](a.xlsx)\n\n![图](b.png)\n\n正文。",
        url="https://www.example.com/1",
        at="2024-05-06",
        by="某某",
    )
    append(path, [line_of(one)])
    append(path, [line_of(one, text=False)])
    append(path, [])
    (first, second), broken = load(path)
    assert not broken
    assert (first.article, first.text_hash, first.url, first.at, first.by, first.line) == (
        one.article, one.text_hash, one.url, one.at, one.by, 1,
    )  # fmt: skip
    assert (second.has_text, second.line, second.article.attachments) == (False, 2, one.article.attachments)
    if os.name == "posix":
        assert stat.S_IMODE(path.stat().st_mode) == 0o600


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"v": 2}, "版本 2 不认识"),
        ({"text_hash": "x"}, "64 位"),
        ({"chars": True}, "chars"),
        ({"chars": -1}, "chars"),
        ({"url": "ftp://x"}, "http"),
        ({"title": 1}, "“title”应为文字"),
        ({"text": "x"}, "“text”应为文字列表"),
        ({"text": ["改过的正文"]}, "校验值不符"),
        ({"images": [1]}, "对象列表"),
        ({"verdicts": []}, ""),
        ({"verdicts": [1]}, "“verdicts”应为对象"),
    ],
)
def test_records_that_are_none(change: dict[str, object], words: str) -> None:
    record = json.loads(line_of(made())) | change
    if not words:
        assert parse(json.dumps(record)).verdicts == {}
        return
    with pytest.raises(ApprovalError, match=words):
        parse(json.dumps(record))


def test_broken_lines_are_named_and_passed_over(tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl"
    path.write_bytes(line_of(made()) + b"\n[]\n{\n\xff\xfe\n" + b"[" * 100_000 + b"\n" + line_of(made())[:-1])
    found, broken = load(path)
    assert [one.line for one in found] == [1, 7]
    assert [words.split("：")[0].rpartition(" 第 ")[2] for words in broken] == [
        "3 行",
        "4 行",
        "5 行",
        "6 行",
    ]
    append(path, [line_of(made())])  # the unfinished line is ended first
    assert len(load(path)[0]) == 3
    with pytest.raises(ApprovalError, match="文件不存在"):
        load(tmp_path / "none")


def test_many_writers(tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl"
    line = line_of(made("# 题\n\n" + "长" * 50_000))
    threads = [threading.Thread(target=append, args=(path, [line] * 3)) for _ in range(12)]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    found, broken = load(path)
    assert (len(found), broken) == (36, [])


def test_a_disk_that_is_full(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "a.jsonl"
    append(path, [line_of(made())])
    before = path.read_bytes()
    real = os.write
    calls = []

    def write(handle: int, data: bytes) -> int:
        calls.append(len(data))
        if len(calls) > 1:
            raise OSError(28, "no space")
        return real(handle, data[:10])

    monkeypatch.setattr(approving.os, "write", write)
    with pytest.raises(ApprovalError, match="磁盘空间不足"):
        append(path, [line_of(made())])
    monkeypatch.undo()
    assert path.read_bytes() == before
    with pytest.raises(ApprovalError, match="无法写入"):
        append(tmp_path, [b"x"])


def test_url_maps(tmp_path: Path) -> None:
    path = tmp_path / "map.csv"
    path.write_bytes(
        "稿件,网址\n./a.md,https://www.example.com/1\n\n关于“甲”的通知,https://www.example.com/2\n".encode(
            "gb18030"
        )
    )
    table = UrlMap.read(path)
    assert table.find("a.md") == "https://www.example.com/1"
    assert table.find("b.md", "关于“甲”的通知", "") == "https://www.example.com/2"
    assert table.find("b.md", "关于甲的通知").endswith("2")
    assert table.find("", "c") == ""
    for text, words in (
        ("a,b\nc,d\n", "第 2 行"),
        ("a\n", "第 1 行"),
        (f'"{"x" * 200_000}",http://x\n', "CSV"),
    ):
        path.write_text(text, encoding="utf-8")
        with pytest.raises(ApprovalError, match=words):
            UrlMap.read(path)
    with pytest.raises(ApprovalError, match="文件不存在"):
        UrlMap.read(tmp_path / "none")
    assert clean_url(" https://u:p@www.example.com/ ") == "https://www.example.com/"


# --- check --approve -------------------------------------------------------------------------------


def test_only_what_passed_is_recorded(desk: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (desk / "empty.html").write_bytes(b"")
    Path("map.csv").write_text("通知,https://www.example.com/1.html\n", encoding="utf-8")
    code = main(
        ["check", "good.html", "bad.html", "empty.html", "--approve", "approvals.jsonl", "--url-map", "map.csv",
         "--approved-by", "某某", "--time", "2024-05-06T10:00:00+08:00"]
    )  # fmt: skip
    assert code == 3
    assert "已把 1 篇记入批准记录 approvals.jsonl；2 篇不通过或没有查完，不予记录" in capsys.readouterr().out
    (record,) = records()
    assert (record["path"], record["url"], record["approved_by"]) == (
        "good.html",
        "https://www.example.com/1.html",
        "某某",
    )
    assert record["approved_at"] == "2024-05-06T10:00:00+08:00"
    assert record["verdicts"] == dict.fromkeys(
        ["proof1", "proof2", "proof3", "review1", "review2", "review3"], "passed"
    )
    assert record["text"] == ["通知", "这里没有问题，请各单位遵照执行。"]
    assert main(["check", "bad.html", "--approve", "approvals.jsonl"]) == 1
    assert "没有稿件记入批准记录；1 篇" in capsys.readouterr().out
    assert len(records()) == 1


def test_workers_record_too(desk: Path) -> None:
    for n in range(12):
        (desk / f"{n:02}.html").write_text(GOOD.replace("通知", f"通知{n}"), encoding="utf-8")
    names = [f"{n:02}.html" for n in range(12)]
    assert main(["check", *names, "-j", "2", "-q", "--approve", "a.jsonl", "--no-text"]) == 0
    found = records("a.jsonl")
    assert [record["path"] for record in found] == names
    assert {record["text"] for record in found} == {None}


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["good.html", "--url", "https://www.example.com/"], "须与 --approve FILE 同用"),
        (["good.html", "--no-text"], "须与 --approve FILE 同用"),
        (["good.html", "--approve", "a.jsonl", "--url", "x"], "不是网址"),
        (["good.html", "bad.html", "--approve", "a.jsonl", "--url", "http://x/"], "只能用于一篇"),
        (["good.html", "--approve", "none/a.jsonl"], "文件夹不存在"),
        (["good.html", "--approve", "."], "是文件夹"),
        (["good.html", "--approve", "a.jsonl", "--url-map", "none.csv"], "文件不存在"),
    ],
)
def test_wrong_usage(
    desk: Path, capsys: pytest.CaptureFixture[str], arguments: list[str], words: str
) -> None:
    assert desk
    assert main(["check", *arguments]) == 2
    assert words in capsys.readouterr().err


def test_a_file_that_cannot_be_written(
    desk: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert desk

    def fail(*_: object) -> None:
        raise ApprovalError("批准记录 a.jsonl 无法写入：磁盘空间不足")

    monkeypatch.setattr("qa.cli._approvals.append", fail)
    assert main(["check", "good.html", "--approve", "a.jsonl", "--url", "https://www.example.com/"]) == 3
    assert "磁盘空间不足" in capsys.readouterr().err


# --- in the ledger -----------------------------------------------------------------------------


def test_recorded_in_a_ledger(desk: Path, ledger_url: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert desk
    more = ["--approved-by", "某某", "--time", "2024-05-06T10:00:00+08:00", "--width", "200"]
    code = main(["check", "good.html", "bad.html", "--approve", ledger_url, *more])
    assert code == 1
    out = capsys.readouterr().out
    with open_ledger(ledger_url) as book:
        (one,), spoilt = book.approvals()
        assert f"已把 1 篇记入{book.where}；1 篇不通过或没有查完，不予记录" in out
    assert spoilt == []
    assert (one.path, one.url, one.by, one.at) == ("good.html", "", "某某", "2024-05-06T02:00:00Z")
    assert one.version == __version__
    assert set(one.verdicts.values()) == {"passed"}
    assert one.article.paragraphs == ("通知", "这里没有问题，请各单位遵照执行。")
    url = "https://www.example.com/1.html"
    assert main(["check", "good.html", "--approve", ledger_url, "--url", url, "--no-text", "-q"]) == 0
    assert main(["check", "bad.html", "--approve", ledger_url]) == 1
    out, err = capsys.readouterr()
    assert "没有稿件记入批准记录；1 篇" in out
    with open_ledger(ledger_url) as book:
        (two,), _ = book.approvals()
    assert (two.url, two.text_hash, two.has_text) == (url, one.text_hash, False)
    assert "geheim" not in out + err


@pytest.mark.parametrize(
    ("arguments", "code", "words"),
    [
        (["--approve", "mysql://u:geheim@h/x"], 2, "--approve：台账地址应写作"),
        (["--approve", "sqlite:a.db"], 2, "--approve：台账地址应写作"),
        (["--approve", "https://u:geheim@h/a.jsonl"], 2, "--approve：台账地址应写作"),
        (["--approve", "sqlite:///a.db", "--time", "2024-05-06"], 2, "--time：“2024-05-06”不是带时区的时间"),
        (["--approve", "sqlite:///."], 3, "打不开"),
        (["--approve", "sqlite:///good.html"], 3, "不是 SQLite 数据库"),
        (["--approve", "postgresql://u:geheim@127.0.0.1:1/x"], 3, "没有应答"),
    ],
)
def test_ledgers_that_cannot_be_used(
    desk: Path, capsys: pytest.CaptureFixture[str], arguments: list[str], code: int, words: str
) -> None:
    assert main(["check", "good.html", *arguments]) == code
    out, err = capsys.readouterr()
    assert words in err
    assert "geheim" not in out + err
    assert out == ""  # told before the work was done
    assert (desk / "good.html").read_text(encoding="utf-8") == GOOD
    assert not (desk / "a.db").exists()


def test_a_ledger_that_fails_at_last(
    desk: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert desk

    def fail(*_: object, **__: object) -> None:
        raise LedgerError("台账“a.db”写不下了：磁盘空间不足")

    monkeypatch.setattr("qa.ledger.book.Ledger.approve", fail)
    assert main(["check", "good.html", "--approve", "sqlite:///a.db"]) == 3
    assert capsys.readouterr().err == "错误：台账“a.db”写不下了：磁盘空间不足\n"


# --- the hook --------------------------------------------------------------------------------------


@pytest.mark.skipif(shutil.which("git") is None, reason="没有 git")
def test_the_hook_records_what_is_staged(
    desk: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    for name in [one for one in os.environ if one.startswith("GIT_")]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("HOME", str(desk))
    monkeypatch.setenv("XDG_CONFIG_HOME", str(desk))
    monkeypatch.setenv("GIT_CONFIG_NOSYSTEM", "1")
    Path("shenjiao.toml").write_text(CONFIG + '[hook]\napprovals = "approvals.jsonl"\n', encoding="utf-8")
    subprocess.run(["git", "init", "-q", "."], check=True)
    subprocess.run(["git", "add", "good.html"], check=True)
    Path("good.html").write_text(BAD, encoding="utf-8")
    assert main(["hook", "run"]) == 0
    assert "已把 1 篇记入批准记录 approvals.jsonl" in capsys.readouterr().err
    (record,) = records()
    assert (record["title"], record["approved_by"]) == ("通知", "")
    subprocess.run(["git", "config", "user.name", "某编辑"], check=True)
    Path("other.html").write_text(GOOD, encoding="utf-8")
    assert main(["hook", "run", "good.html", "other.html"]) == 0
    assert [one["approved_by"] for one in records()] == ["", "某编辑"]  # other.html is not staged
    subprocess.run(["git", "add", "bad.html"], check=True)
    assert main(["hook", "run"]) == 1
    assert len(records()) == 2
    Path("deep").mkdir()
    monkeypatch.chdir("deep")
    Path("../shenjiao.toml").write_text(
        CONFIG + '[hook]\napprovals = "sqlite:///ledger.db"\n', encoding="utf-8"
    )
    subprocess.run(["git", "rm", "-q", "--cached", "../bad.html"], check=True)
    assert main(["hook", "run"]) == 0
    assert "已把 1 篇记入台账“" in capsys.readouterr().err
    with open_ledger(f"sqlite:///{desk / 'ledger.db'}") as book:
        (one,), _ = book.approvals()
    assert (one.path, one.by) == ("good.html", "某编辑")
    monkeypatch.chdir(desk)
    Path("shenjiao.toml").write_text(
        CONFIG + '[hook]\napprovals = "mysql://u:geheim@h/x"\n', encoding="utf-8"
    )
    assert main(["hook", "run"]) == 2
    err = capsys.readouterr().err
    assert "shenjiao.toml [hook] approvals：台账地址应写作" in err
    assert "geheim" not in err
    Path("shenjiao.toml").write_text(CONFIG + '[hook]\napproval = "x"\n', encoding="utf-8")
    assert main(["hook", "run"]) == 2
    assert "approvals" in capsys.readouterr().err


def test_check_alone_loads_nothing_of_this() -> None:
    code = (
        "import sys; from qa.cli import main; main(['check', '-', '--media', 'text', '-q']);"
        "print(sorted(n for n in sys.modules if n in ('qa.approval', 'qa.drift', 'turbohtml', 'httpx')))"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], input=b"\xe5\xa5\xbd", capture_output=True, check=True
    )
    assert done.stdout.decode().splitlines()[-1] == "[]"


@pytest.mark.parametrize("arguments", [[], ["--approve", "a.jsonl"]])
def test_no_database_is_loaded_without_a_ledger(tmp_path: Path, arguments: list[str]) -> None:
    code = (
        "import sys; from qa.cli import main; main(['check', '-', '--media', 'text', '-q', *sys.argv[1:]]);"
        "print(sorted(n for n in sys.modules if n in ('sqlalchemy', 'alembic', 'psycopg', 'qa.ledger')))"
    )
    done = subprocess.run(
        [sys.executable, "-c", code, *arguments], input=b"", capture_output=True, check=True, cwd=tmp_path
    )
    assert done.stdout.decode().splitlines()[-1] == "[]"
