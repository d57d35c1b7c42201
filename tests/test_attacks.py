"""What a hostile tester found: each test is a bug that was there once."""

from __future__ import annotations

import errno
import io
import os
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

import pytest

import rules
from crawler.fetch import Kind, failure_of
from qa.cli import main
from qa.cli._base import CliError, emit
from qa.config import ConfigError, find, load_pack
from qa.engine import Engine
from qa.lexicon import Entry, TermRule, explosive
from qa.readers import read
from qa.rule import RuleError, Settings
from qa.source import Source, UnreadableError

TYPO = "<p>请按排工作。</p>\n"


class Result(NamedTuple):
    code: int
    out: str
    err: str


Shell = Callable[..., Result]


@pytest.fixture
def shell(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsysbinary: pytest.CaptureFixture[bytes]
) -> Shell:
    """``shenjiao`` in an empty folder."""
    monkeypatch.chdir(tmp_path)

    def run(*arguments: str) -> Result:
        code = main(arguments)
        out, err = capsysbinary.readouterr()
        return Result(code, out.decode(), err.decode())

    return run


posix = pytest.mark.skipif(sys.platform == "win32", reason="links and names of POSIX")


@posix
def test_a_ring_of_links_in_a_folder_does_not_stop_the_walk(shell: Shell, tmp_path: Path) -> None:
    (tmp_path / "a.html").write_text(TYPO, encoding="utf-8")
    (tmp_path / "c.html").symlink_to("b.html")
    (tmp_path / "b.html").symlink_to("c.html")
    (tmp_path / "ring.bin").symlink_to("ring.bin")
    result = shell("check", "--no-config", "-f", "csv", ".")
    assert result.code == 3
    assert "按排" in result.out
    assert result.out.count("链接成环") == 2


@posix
def test_a_name_too_long_is_a_problem_of_that_input_alone(shell: Shell, tmp_path: Path) -> None:
    (tmp_path / "a.html").write_text(TYPO, encoding="utf-8")
    result = shell("check", "-f", "csv", "长" * 200 + ".html", "a.html")
    assert result.code == 3
    assert "文件名太长" in result.out
    assert "按排" in result.out


def test_the_search_for_a_configuration_passes_over_folders_out_of_bounds(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = os.stat

    def refuse(path: str | os.PathLike[str]) -> os.stat_result:
        if os.fspath(path).startswith(str(tmp_path)):
            raise PermissionError(13, "Permission denied")
        return real(path)

    monkeypatch.setattr(os, "stat", refuse)
    assert find(tmp_path) is None


@pytest.mark.parametrize("size", ["inf", "1e300"])
def test_a_size_limit_without_bounds(shell: Shell, tmp_path: Path, size: str) -> None:
    (tmp_path / "a.html").write_text(TYPO, encoding="utf-8")
    result = shell("check", "--no-config", "--gate", "warning", "--max-size", size, "a.html")
    assert result.code == 1, result.err


@pytest.mark.parametrize("options", [("--select", ""), ("--select", "typo", "--ignore", "typo")])
def test_no_rule_left_is_no_clean_bill(shell: Shell, tmp_path: Path, options: tuple[str, ...]) -> None:
    (tmp_path / "a.html").write_text(TYPO, encoding="utf-8")
    result = shell("check", "--no-config", *options, "a.html")
    assert result.code == 2
    assert "一条规则也不剩" in result.err


@pytest.mark.parametrize("encoding", ["utf-8", "gb18030"])
def test_one_broken_byte_is_placed(encoding: str) -> None:
    data = ("我市积极推进各项工作。\n" * 30).encode(encoding) + "工作".encode(encoding)[:-1]
    with pytest.raises(UnreadableError, match=r"像是 \S+ 编码，但第 31 行有不合编码的字节"):
        Source.from_bytes(data, "a.txt", media="text")


def test_utf_16_without_a_mark_is_named() -> None:
    with pytest.raises(UnreadableError, match="UTF-16"):
        Source.from_bytes('<meta charset="utf-16"><p class="title">工作</p>'.encode("utf-16-le"), "a.html")


def test_two_wrong_words_side_by_side(shell: Shell, tmp_path: Path) -> None:
    (tmp_path / "a.html").write_text("<p>请认真按排布署工作。</p>", encoding="utf-8")
    assert "安排部署" in shell("check", "--no-config", "-f", "csv", "a.html").out


@pytest.mark.parametrize(
    ("lines", "words"),
    [
        ('[rules."typo/homophone"]\nfoo = 1', "这条规则没有可设的选项"),
        ('[rules."links/mixed_content"]\nassume_http = true', "是不是“assume_https”？"),
        ("[rules.typo]\nfoo = 1", "它是类别、环节或级别，这里要写一条规则"),
    ],
)
def test_options_of_rules_are_known_or_refused(shell: Shell, tmp_path: Path, lines: str, words: str) -> None:
    (tmp_path / "a.html").write_text(TYPO, encoding="utf-8")
    (tmp_path / "shenjiao.toml").write_text(lines, encoding="utf-8")
    result = shell("check", "a.html")
    assert result.code == 2
    assert words in result.err


def test_an_option_a_rule_has(shell: Shell, tmp_path: Path) -> None:
    (tmp_path / "a.html").write_text('<p>图<img src="http://a.gov.cn/b.png" alt="图"></p>', encoding="utf-8")
    (tmp_path / "shenjiao.toml").write_text(
        '[rules."links/mixed_content"]\nassume_https = true', encoding="utf-8"
    )
    assert "links/mixed_content" in shell("check", "-f", "csv", "a.html").out


@pytest.mark.parametrize(
    "pattern", ["(a+)+$", "(?:a+)+?b", "(a?)*", "(?:ab?)+", "(a|aa)+", "(?=(a+)+)x", "a|(b+)*"]
)
def test_patterns_without_end_are_refused(pattern: str) -> None:
    assert explosive(pattern)
    with pytest.raises(RuleError, match="重复里套着重复"):
        Entry.of({"term": "测试词", "except": [f">{pattern}"]})


@pytest.mark.parametrize(
    "pattern", ["(a|b)+", "(?:甲|乙丙)+", "[甲乙]+.*", "甲{1,3}", "(?:甲{2})+", "(?:ab?){2}", "(?!.{1,40}又)"]
)
def test_patterns_that_end_are_welcome(pattern: str) -> None:
    assert not explosive(pattern)


def test_no_context_of_the_package_is_without_end() -> None:
    for one in rules.load():
        for entry in one.table(Settings()) if isinstance(one, TermRule) else ():
            for condition in entry.conditions:
                assert not explosive(condition.lstrip("+")[1:]), (one.id, entry.term, condition)


@pytest.mark.parametrize(
    ("table", "words"),
    [
        ('[[phrase]]\nphrase = "一号工程二号"\nalowed = ["x"]', "是不是“allowed”？"),
        ('[[phrase]]\nphrase = "一号工程二号"\nallowed = 3', "“allowed”应为"),
        ('[[institution]]\nold = "旧局"\nnew = "新局"\nfrom = 1', "不认识的键“from”"),
        ('[[institution]]\nold = "旧局"\nnew = "新局"\nlevel = "errror"', "是不是“error”？"),
        ('[[institution]]\nold = "旧局"\nnew = "新局"\nlevel = "none"', "“level”不能设为 none"),
        ('[[document]]\nnumber = "甲"\ntitle = "乙"\ndate = 1', "不认识的键“date”"),
    ],
)
def test_tables_of_a_pack_are_known_or_refused(tmp_path: Path, table: str, words: str) -> None:
    (tmp_path / "p.toml").write_text(table, encoding="utf-8")
    with pytest.raises(ConfigError, match=words):
        load_pack(tmp_path / "p.toml", None, [])


def test_an_institution_of_a_pack_needs_no_date(shell: Shell, tmp_path: Path) -> None:
    (tmp_path / "a.html").write_text("<p>请到甲县花木局办理。</p><p>2025年3月1日</p>", encoding="utf-8")
    (tmp_path / "p.toml").write_text(
        '[[institution]]\nold = "甲县花木局"\nnew = "甲县林业局"\nlevel = "错误"', encoding="utf-8"
    )
    (tmp_path / "shenjiao.toml").write_text('[shenjiao]\npacks = ["p.toml"]', encoding="utf-8")
    result = shell("check", "-f", "csv", "a.html")
    assert result.code == 1
    assert "甲县林业局" in result.out


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="no /dev/full")
def test_a_full_disk_is_said_in_one_line(tmp_path: Path) -> None:
    (tmp_path / "a.html").write_text(TYPO, encoding="utf-8")
    command = [sys.executable, "-m", "qa.cli", "check", "--no-config", "a.html"]
    with Path("/dev/full").open("wb") as full:
        done = subprocess.run(command, stdout=full, stderr=subprocess.PIPE, cwd=tmp_path, check=False)
    assert done.returncode == 3
    assert done.stderr.decode() == "错误：输出没有写完：磁盘空间不足\n"


@pytest.mark.parametrize("name", ["stdin", "stdout", "stderr"])
def test_closed_streams_are_as_good_as_empty_ones(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    (tmp_path / "a.html").write_text(TYPO, encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(sys, name, None)
    code = main(["check", "--no-config", "-" if name == "stdin" else "a.html"])
    assert code == (3 if name == "stdin" else 1)
    getattr(sys, name).close()


def test_a_port_there_cannot_be() -> None:
    overflow = OverflowError("getaddrinfo() argument 3 out of range")
    assert failure_of(ExceptionGroup("", [overflow])).kind is Kind.BAD_URL


def test_near_misses_by_the_thousand_take_no_time() -> None:
    # A second or so; it was a minute.
    engine = Engine([rules.load_one("names/set_phrases")])
    start = time.perf_counter()
    engine.check(read(Source("a.txt", "扫黑险恶" * 20_000, "text")))
    assert time.perf_counter() - start < 15


def test_an_output_that_takes_no_more(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    class Full(io.BytesIO):
        def write(self, _data: object) -> int:
            raise OSError(errno.ENOSPC, "No space left on device")

        def fileno(self) -> int:
            return number

    with (tmp_path / "out").open("wb") as place:
        number = place.fileno()
        monkeypatch.setattr(sys, "stdout", io.TextIOWrapper(Full()))
        with pytest.raises(CliError, match="输出没有写完：磁盘空间不足") as caught:
            emit(b"x")
        assert caught.value.code == 3
