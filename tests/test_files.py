"""Which inputs a command line names."""

from __future__ import annotations

import errno
import os
import socket
from pathlib import Path

import pytest

from qa.files import Collector, PathMatcher, cause, display, is_url, split_names, unsupported, write_atomic


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


def put(root: Path, *names: str, text: str = "<p>甲</p>") -> None:
    for name in names:
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")


def names(*arguments: str, **options: object) -> list[str]:
    return [item.name for item in Collector(**options).collect(arguments).inputs]  # type: ignore[arg-type]


def test_passwords_in_addresses_are_not_shown() -> None:
    found = (
        Collector().collect(["https://user:pw@www.example.com/a?x=@b", "http://www.example.com/@c"]).inputs
    )
    assert [(one.name, one.url) for one in found] == [
        ("https://www.example.com/a?x=@b", "https://user:pw@www.example.com/a?x=@b"),
        ("http://www.example.com/@c", "http://www.example.com/@c"),
    ]


def test_folder_is_walked_by_suffix_in_order(here: Path) -> None:
    put(
        here,
        "b.html",
        "a.HTM",
        "c/d.md",
        "c/e.txt",
        "图.png",
        "c/f.docx",
        "无后缀",
        ".hidden/x.html",
        ".x.html",
    )
    found = Collector().collect(["."])
    assert [item.name for item in found.inputs] == ["a.HTM", "b.html", "c/d.md", "c/e.txt"]
    assert [item.media for item in found.inputs] == ["html", "html", "markdown", "text"]
    assert Collector().collect(["a.HTM"]).remarks() == []
    assert found.remarks() == ["文件夹中有 2 个文件的类型不支持，没有检查：无扩展名 1 个、.docx 1 个"]


def test_each_file_once(here: Path) -> None:
    put(here, "a.html")
    (here / "same.html").symlink_to("a.html")
    assert names("a.html", ".", "./a.html", str(here / "a.html")) == ["a.html"]


def test_absolute_paths_outside_stay_absolute(here: Path, tmp_path_factory: pytest.TempPathFactory) -> None:
    other = tmp_path_factory.mktemp("other")
    put(other, "a.html")
    assert names(str(other / "a.html")) == [str(other / "a.html")]
    assert display(here) == str(here)


def test_odd_names(here: Path) -> None:
    put(here, "年度 报告[1].html")
    assert names("年度 报告[1].html") == ["年度 报告[1].html"]
    raw = os.fsencode(str(here)) + b"/\xff.html"
    Path(os.fsdecode(raw)).write_text("甲", encoding="utf-8")
    assert "\ufffd.html" in names(".")


def test_globs(here: Path) -> None:
    put(here, "a/1.html", "a/2.docx", "a/b/3.html")
    (here / "a/broken.html").symlink_to("nowhere")
    found = Collector().collect(["a/**/*", "x*.html"])
    assert [(item.name, item.problem) for item in found.inputs] == [
        ("a/1.html", ""),
        ("a/b/3.html", ""),
        ("a/broken.html", "链接指向的文件不存在"),
        ("x*.html", "没有与之相符的文件"),
    ]
    assert found.skipped == {".docx": 1}


def test_problems_are_named(here: Path) -> None:
    put(here, "x.docx", "d/y.html", "无后缀")
    (here / "loop.html").symlink_to("loop.html")
    os.mkfifo(here / "pipe.html")
    found = Collector().collect(
        ["x.docx", "missing.html", "loop.html", "pipe.html", "x.docx/y.html", "a\0b", "无后缀"]
    )
    problems = {item.name: item.problem for item in found.inputs}
    assert "不支持的文件类型（.docx）" in problems["x.docx"]
    assert problems["missing.html"] == "文件不存在"
    assert problems["loop.html"] == "链接成环，无法打开"
    assert problems["pipe.html"] == "不是普通文件（可能是设备、管道或套接字）"
    assert problems["x.docx/y.html"] == "路径中有一段不是文件夹"
    assert problems["a\0b"] == "文件名不合法"
    assert "没有扩展名" in problems["无后缀"]
    assert unsupported("x").startswith("不支持的文件类型（没有扩展名）")


def test_media_for_named_files_of_no_suffix(here: Path) -> None:
    put(here, "无后缀")
    (item,) = Collector(media="text").collect(["无后缀"]).inputs
    assert item.media == "text"


def test_special_files_in_a_walk(here: Path) -> None:
    os.mkfifo(here / "pipe.html")
    os.mkfifo(here / "pipe.bin")
    server = socket.socket(socket.AF_UNIX)
    server.bind("s.html")
    server.close()
    (here / "gone.html").symlink_to("nowhere")
    found = Collector().collect(["."])
    assert {item.name: item.problem for item in found.inputs} == {
        "gone.html": "链接指向的文件不存在",
        "pipe.html": "不是普通文件（可能是设备、管道或套接字）",
        "s.html": "不是普通文件（可能是设备、管道或套接字）",
    }


def test_folder_loops(here: Path) -> None:
    put(here, "a/b/x.html")
    (here / "a/b/up").symlink_to("../..", target_is_directory=True)
    (here / "twin").symlink_to("a", target_is_directory=True)
    found = Collector().collect(["."])
    assert [item.name for item in found.inputs] == ["a/b/x.html"]
    assert found.notices == ["a/b/up：链接成环，指向自己的上级文件夹，已略过"]


def test_folder_without_permission(here: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    put(here, "a/x.html", "b/y.html", "c/z.html")
    real = os.scandir

    def scandir(path: str) -> object:
        if path.endswith("a"):
            raise PermissionError(errno.EACCES, "no")
        if path.endswith("c"):
            raise FileNotFoundError(errno.ENOENT, "gone")
        return real(path)

    monkeypatch.setattr(os, "scandir", scandir)
    found = Collector().collect(["."])
    assert [(item.name, item.problem) for item in found.inputs] == [
        ("a", "没有权限读取这个文件夹"),
        ("b/y.html", ""),
        ("c", "文件不存在"),
    ]


def test_gitignore_is_respected(here: Path) -> None:
    (here / ".git").mkdir()
    put(here, ".gitignore", text="out/\n*.tmp.html\n!keep.tmp.html\n")
    put(here, "a.html", "b.tmp.html", "keep.tmp.html", "out/c.html", "sub/d.html", "sub/e.html")
    put(here, "sub/.gitignore", text="e.html\n")
    found = Collector().collect(["."])
    assert [item.name for item in found.inputs] == ["a.html", "keep.tmp.html", "sub/d.html"]
    assert found.ignored == 3
    # From below, the files above still count; a folder that is itself ignored is wanted when named.
    (here / "sub/b.tmp.html").write_text("甲", encoding="utf-8")
    assert names("sub") == ["sub/d.html"]
    assert names("out") == ["out/c.html"]
    assert names("b.tmp.html") == ["b.tmp.html"]


def test_gitignore_that_cannot_be_used(here: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    put(here, "a.html", "sub/b.html")
    (here / ".gitignore").mkdir()
    found = Collector().collect(["."])
    assert [item.name for item in found.inputs] == ["a.html", "sub/b.html"]
    assert found.notices == [".gitignore：是文件夹，不是文件，未按它略过文件"]
    (here / ".gitignore").rmdir()
    put(here, ".gitignore", text="!\n")
    found = Collector().collect(["."])
    assert len(found.inputs) == 2
    assert found.notices == [".gitignore：有不合格式的行，未按它略过文件"]


def test_exclude_and_include(here: Path) -> None:
    (here / ".git").mkdir()
    put(here, ".gitignore", text="public/\n")
    put(here, "a.html", "old/b.html", "public/c.html", "x.bak.html", ".well/d.html")
    exclude = PathMatcher(["old/", "*.bak.html"], here)
    include = PathMatcher(["public", ".well"], here)
    found = Collector(exclude=exclude, include=include).collect(["."])
    assert [item.name for item in found.inputs] == ["a.html", ".well/d.html", "public/c.html"]
    assert found.ignored == 2
    assert names("old/b.html", exclude=exclude) == ["old/b.html"]


@pytest.mark.parametrize(
    ("pattern", "path", "expected"),
    [
        ("a.html", "x/y/a.html", True),
        ("a", "x/a/b.html", True),
        ("x/a", "x/a/b.html", True),
        ("x/a", "y/x/a/b.html", False),
        ("/a.html", "a.html", True),
        ("./x/*.html", "x/b.html", True),
        ("x/*.html", "x/y/b.html", False),
        ("x/**", "x/y/b.html", True),
        ("x/**/b.html", "x/b.html", True),
        ("?.html", "甲.html", True),
        ("a+b.html", "a+b.html", True),
        ("*.html", "../other.html", False),
    ],
)
def test_path_matcher(here: Path, pattern: str, path: str, expected: bool) -> None:
    assert PathMatcher([pattern], here)(path) is expected


def test_path_matcher_through_links(here: Path, tmp_path_factory: pytest.TempPathFactory) -> None:
    assert not PathMatcher([], here)("a.html")
    link = tmp_path_factory.mktemp("links") / "link"
    link.symlink_to(here, target_is_directory=True)
    assert PathMatcher(["a.html"], here)(link / "a.html")


def test_standard_input() -> None:
    def media(data: bytes, **options: object) -> tuple[str, str | None]:
        (item,) = Collector(stdin=data, **options).collect(["-", "-"]).inputs  # type: ignore[arg-type]
        return item.name, item.media

    assert media(b"<p>x") == ("-", "html")
    assert media(b"x < y") == ("-", "text")
    assert media(b"x", media="markdown") == ("-", "markdown")
    assert media(b"<p>", stdin_name="draft.md") == ("draft.md", "markdown")
    assert media(b"<p>", stdin_name="draft") == ("draft", "html")
    assert Collector().collect(["-"]).inputs[0].data == b""


def test_addresses() -> None:
    (item,) = Collector().collect(["https://www.example.com/a.html"]).inputs
    assert item.url == item.name == "https://www.example.com/a.html"
    assert is_url("HTTP://x")
    assert not is_url("ftp://x")


def test_small_helpers() -> None:
    assert list(split_names(["a, b", "c，d,,"])) == ["a", "b", "c", "d"]
    assert cause(OSError(errno.EACCES, "x")) == "没有读取权限"
    assert cause(OSError(errno.EBUSY, "Busy")) == "读写失败（Busy）"
    assert cause(OSError()) == "读写失败（OSError）"


def test_atomic_writing(here: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    target = here / "a.html"
    write_atomic(target, b"1")
    target.chmod(0o640)
    (here / "link.html").symlink_to("a.html")
    write_atomic(here / "link.html", b"2")
    assert target.read_bytes() == b"2"
    assert target.stat().st_mode & 0o777 == 0o640
    assert (here / "link.html").is_symlink()

    def broken(*_args: object) -> None:
        raise OSError(errno.ENOSPC, "full")

    monkeypatch.setattr(os, "replace", broken)
    with pytest.raises(OSError, match="full"):
        write_atomic(target, b"3")
    assert target.read_bytes() == b"2"
    assert sorted(path.name for path in here.iterdir()) == ["a.html", "link.html"]
