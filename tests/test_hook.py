"""The git hook, with real repositories."""

from __future__ import annotations

import io
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from qa.cli import hook as command
from qa.cli import main
from qa.hook import git as gitting
from qa.hook import install as installer
from qa.hook.git import GitError, Staged, changed, contents, git, top, tracked

pytestmark = pytest.mark.skipif(shutil.which("git") is None, reason="没有 git")

CONFIG = '[shenjiao]\nselect = ["wording/own_words", "suppress"]\npacks = ["site.toml"]\n'
PACK = '[[word]]\nterm = "错误词甲"\nreplace = "正确词甲"\nlevel = "error"\n'
BAD, GOOD = "<p>这里有错误词甲。</p>\n", "<p>这里没有问题。</p>\n"

Shell = Callable[..., tuple[int, str, str]]


def put(name: str | bytes, text: str) -> None:
    path = Path(os.fsdecode(name))
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")


def sh(*words: str, check: bool = True, cwd: Path | None = None) -> subprocess.CompletedProcess[str]:
    return subprocess.run(words, check=check, capture_output=True, text=True, cwd=cwd)


@pytest.fixture
def clean(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """No configuration of git but our own."""
    for name in list(os.environ):
        if name.startswith("GIT_"):
            monkeypatch.delenv(name)
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("GIT_CONFIG_NOSYSTEM", "1")
    for who in ("AUTHOR", "COMMITTER"):
        monkeypatch.setenv(f"GIT_{who}_NAME", "甲")
        monkeypatch.setenv(f"GIT_{who}_EMAIL", "a@example.com")
    return tmp_path


@pytest.fixture
def repo(clean: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    root = clean / "仓库 a"
    root.mkdir()
    monkeypatch.chdir(root)
    sh("git", "init", "-q", "-b", "main", ".")
    put("shenjiao.toml", CONFIG)
    put("site.toml", PACK)
    return root


@pytest.fixture
def shell(repo: Path, monkeypatch: pytest.MonkeyPatch, capsysbinary: pytest.CaptureFixture[bytes]) -> Shell:
    assert repo

    def run(*arguments: str) -> tuple[int, str, str]:
        monkeypatch.setattr(sys, "stdin", io.StringIO())
        capsysbinary.readouterr()
        code = main(["hook", *arguments])
        out, err = capsysbinary.readouterr()
        return code, out.decode(), err.decode()

    return run


# --- what is staged -----------------------------------------------------------------------------


def test_staged_content_counts_not_the_working_tree(shell: Shell) -> None:
    put("a.html", BAD)
    sh("git", "add", "a.html")
    put("a.html", GOOD)
    code, out, err = shell("run")
    assert code == 1
    assert "错误词甲" in out
    assert "提交已拦下" in err
    sh("git", "add", "a.html")
    put("a.html", BAD)
    assert shell("run") == (0, "", "")


def test_only_what_changed(shell: Shell) -> None:
    put("old.html", BAD)
    put("gone.html", BAD)
    sh("git", "add", ".")
    sh("git", "commit", "-q", "-m", "1")
    assert shell("run") == (0, "", "")
    put("new.html", GOOD)
    put("readme.docx", BAD)
    sh("git", "rm", "-q", "gone.html")
    sh("git", "add", ".")
    assert shell("run")[0] == 0
    sh("git", "mv", "old.html", "renamed.html")
    code, out, _ = shell("run")
    assert code == 1
    assert "renamed.html" in out


def test_odd_names(shell: Shell) -> None:
    names = ["年度 报告.html", '引"号.html', "换\n行.html", "*.html", "-x.html", "a/深/b.html"]
    for name in names:
        put(name, GOOD)
    put(b"\xff.html", BAD)
    sh("git", "add", ".")
    assert [one.path for one in changed() if one.path.endswith("html")] == sorted(
        [*names, os.fsdecode(b"\xff.html")]
    )
    code, out, _ = shell("run")
    assert code == 1
    assert "\ufffd.html" in out
    assert shell("run", "*.html")[0] == 0
    assert shell("run", "--", "-x.html", "年度 报告.html")[0] == 0


def test_links_and_submodules_are_left_out(shell: Shell, clean: Path) -> None:
    other = clean / "other"
    other.mkdir()
    sh("git", "init", "-q", "-b", "main", ".", cwd=other)
    sh("git", "commit", "-q", "--allow-empty", "-m", "1", cwd=other)
    sh("git", "-c", "protocol.file.allow=always", "submodule", "--quiet", "add", str(other), "sub.html")
    Path("link.html").symlink_to("nowhere")
    sh("git", "add", "link.html")
    assert [one.path for one in changed()] == [".gitmodules"]
    assert tracked(["sub.html", "link.html"]) == ([], [])
    assert shell("run")[0] == 0
    assert shell("run", "link.html")[0] == 0


def test_a_link_that_became_a_file(shell: Shell) -> None:
    Path("a.html").symlink_to("nowhere")
    sh("git", "add", "a.html")
    sh("git", "commit", "-q", "-m", "1")
    Path("a.html").unlink()
    put("a.html", BAD)
    sh("git", "add", "a.html")
    assert shell("run")[0] == 1


def test_conflicts_are_not_judged(shell: Shell) -> None:
    put("a.html", GOOD)
    sh("git", "add", "a.html")
    sh("git", "commit", "-q", "-m", "1")
    sh("git", "checkout", "-q", "-b", "other")
    put("a.html", GOOD + "一")
    sh("git", "commit", "-qam", "2")
    sh("git", "checkout", "-q", "main")
    put("a.html", GOOD + "二")
    sh("git", "commit", "-qam", "3")
    sh("git", "merge", "other", check=False)
    for arguments in (["run"], ["run", "a.html"]):
        code, out, _ = shell(*arguments)
        assert code == 3
        assert "合并冲突尚未解决" in out


def test_names_as_frameworks_pass_them(shell: Shell, repo: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    put("a.html", BAD)
    put("b.html", GOOD)
    put("sub/c.html", BAD)
    sh("git", "add", "a.html", "b.html", "sub")
    put("a.html", GOOD)
    assert shell("run", "b.html")[0] == 0
    assert shell("run", "a.html", "b.html")[0] == 1
    put("untracked.html", BAD)
    put("untracked.docx", BAD)
    code, out, _ = shell("run", "untracked.html", "b.html")
    assert code == 1
    assert "untracked.html" in out
    assert shell("run", "none.html")[0] == 3
    monkeypatch.chdir(repo / "sub")
    code, out, _ = shell("run", "c.html")
    assert code == 1
    assert "sub/c.html" in out
    assert tracked([str(repo / "b.html"), "../a.html"])[1] == []
    assert shell("run", str(repo / "b.html"))[0] == 0


def test_excluded_paths(shell: Shell) -> None:
    put("shenjiao.toml", CONFIG + 'exclude = ["old/"]\n')
    put("old/a.html", BAD)
    sh("git", "add", ".")
    assert shell("run")[0] == 0
    assert shell("run", "old/a.html")[0] == 0
    assert shell("run", "--no-config", "--select", "suppress")[0] == 0


def test_gate_and_baseline(shell: Shell) -> None:
    put("a.html", BAD)
    sh("git", "add", ".")
    code, out, err = shell("run", "--gate", "veto")
    assert code == 0
    assert "错误词甲" in out
    assert err == ""
    assert main(["check", "a.html", "--baseline", "known.json", "--write-baseline"]) == 0
    put("shenjiao.toml", CONFIG + 'baseline = "known.json"\n')
    assert shell("run") == (0, "", "")


def test_unreadable_staged_content(shell: Shell) -> None:
    put("a.html", "")
    sh("git", "add", ".")
    code, out, _ = shell("run")
    assert code == 3
    assert "文件是空的" in out


def test_many_files(shell: Shell) -> None:
    for number in range(12):
        put(f"{number}.html", BAD if number == 7 else GOOD)
    sh("git", "add", ".")
    assert shell("run")[0] == 1


def test_not_a_repository(
    clean: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(clean)
    for arguments in (["run"], ["install"], ["uninstall"]):
        assert main(["hook", *arguments]) in (2, 3)
        assert capsys.readouterr().err == "错误：当前文件夹不在 Git 仓库中\n"
    sh("git", "init", "-q", "--bare", "bare.git")
    monkeypatch.chdir(clean / "bare.git")
    assert main(["hook", "run"]) == 3
    assert "裸仓库" in capsys.readouterr().err


def test_git_that_fails(repo: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert top() == repo
    with pytest.raises(GitError, match="git nonsense 运行失败"):
        git("nonsense")
    with pytest.raises(GitError, match="读不出来，仓库可能已损坏"):
        list(contents(["0" * 40]))
    assert list(contents([])) == []
    put("a.html", BAD)
    sh("git", "add", ".")
    assert BAD.encode() in list(contents(one.blob for one in changed()))
    monkeypatch.setattr(subprocess, "run", lambda *_a, **_k: (_ for _ in ()).throw(FileNotFoundError()))
    with pytest.raises(GitError, match="没有找到 git 程序"):
        git("status")


def test_rows_that_are_no_records(repo: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert repo
    monkeypatch.setattr(gitting, "git", lambda *_: b"")
    assert changed() == []


# --- the hook itself ----------------------------------------------------------------------------


def commit(*arguments: str) -> subprocess.CompletedProcess[str]:
    return sh("git", "commit", "-q", "-m", "x", *arguments, check=False)


def test_install_and_commit(shell: Shell, repo: Path) -> None:
    code, out, _ = shell("install")
    assert code == 0
    assert out == "已安装提交前检查：.git/hooks/pre-commit\n"
    assert os.access(repo / ".git/hooks/pre-commit", os.X_OK)
    put("a.html", BAD)
    # A folder of the repository's own must not stand in for our packages.
    put("qa/__init__.py", "raise SystemExit(9)")
    put("rules/__init__.py", "raise SystemExit(9)")
    sh("git", "add", ".")
    done = commit()
    assert done.returncode == 1
    assert "错误词甲" in done.stdout + done.stderr
    put("a.html", GOOD)
    sh("git", "add", ".")
    assert commit().returncode == 0
    # commit -a and partial commits use an index of their own.
    put("a.html", BAD)
    assert commit("-a").returncode == 1
    put("b.html", GOOD)
    sh("git", "add", "b.html")
    assert commit("b.html").returncode == 0
    assert commit("a.html").returncode == 1
    assert commit("-a", "--no-verify").returncode == 0


def test_worktrees(shell: Shell, clean: Path) -> None:
    put("a.html", GOOD)
    sh("git", "add", ".")
    sh("git", "commit", "-q", "-m", "1")
    assert shell("install")[0] == 0
    tree = clean / "tree"
    sh("git", "worktree", "add", "-q", str(tree))
    (tree / "a.html").write_text(BAD, encoding="utf-8")
    sh("git", "add", ".", cwd=tree)
    assert sh("git", "commit", "-q", "-m", "x", check=False, cwd=tree).returncode == 1
    (tree / "a.html").write_text(GOOD + "一", encoding="utf-8")
    assert sh("git", "commit", "-qam", "x", check=False, cwd=tree).returncode == 0


def test_a_hook_that_was_there_runs_first(shell: Shell, repo: Path) -> None:
    old = repo / ".git/hooks/pre-commit"
    put(str(old), "#!/bin/sh\necho 原有钩子 >&2\nexit ${OLD:-0}\n")
    old.chmod(0o755)
    out = shell("install")[1]
    assert "原有的钩子改名为 pre-commit.before-shenjiao" in out
    put("a.html", GOOD)
    sh("git", "add", ".")
    done = commit()
    assert done.returncode == 0
    assert "原有钩子" in done.stderr
    os.environ["OLD"] = "5"
    try:
        put("a.html", GOOD + "一")
        assert commit("-a").returncode == 1
    finally:
        del os.environ["OLD"]
    # Again: nothing is lost, our own hook is simply renewed.
    assert shell("install")[1] == "已安装提交前检查：.git/hooks/pre-commit\n"
    code, out, _ = shell("uninstall")
    assert (code, out) == (0, "已卸载提交前检查，恢复原有的钩子：.git/hooks/pre-commit\n")
    assert "原有钩子" in old.read_text(encoding="utf-8")
    code, _, err = shell("uninstall")
    assert code == 2
    assert "不是审校安装的钩子，没有改动" in err


def test_two_hooks_that_were_there(shell: Shell, repo: Path) -> None:
    put(".git/hooks/pre-commit", "#!/bin/sh\n")
    put(".git/hooks/pre-commit.before-shenjiao", "#!/bin/sh\n")
    code, _, err = shell("install")
    assert code == 2
    assert "都已存在，分不清该保留哪个" in err
    assert shell("install", "--force")[0] == 0
    assert repo


def test_uninstall(shell: Shell, repo: Path) -> None:
    shell("install")
    assert shell("uninstall")[1] == "已卸载提交前检查：.git/hooks/pre-commit\n"
    assert not (repo / ".git/hooks/pre-commit").exists()


def test_hooks_path(shell: Shell, repo: Path, clean: Path) -> None:
    sh("git", "config", "core.hooksPath", ".githooks")
    assert shell("install")[1] == "已安装提交前检查：.githooks/pre-commit\n"
    assert (repo / ".githooks/pre-commit").is_file()
    sh("git", "config", "core.hooksPath", str(clean / "shared"))
    code, _, err = shell("install")
    assert code == 2
    assert "会影响其他仓库；确要安装请加 --force" in err
    assert shell("install", "--force")[0] == 0
    assert (clean / "shared/pre-commit").is_file()


def test_bare_repositories_are_refused(clean: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    sh("git", "init", "-q", "--bare", "bare.git", cwd=clean)
    monkeypatch.chdir(clean / "bare.git")
    with pytest.raises(GitError, match="裸仓库"):
        installer.install()


def test_the_hook_can_be_installed_from_inside_the_git_folder(
    repo: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(repo / ".git")
    assert installer.folder() == repo / ".git/hooks"


def test_hooks_that_cannot_be_written(repo: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    shutil.rmtree(repo / ".git/hooks")
    put(".git/hooks", "x")
    with pytest.raises(GitError, match="无法写入"):
        installer.install()
    (repo / ".git/hooks").unlink()
    installer.install()

    def broken(_self: Path) -> None:
        raise PermissionError(13, "x")

    monkeypatch.setattr(Path, "unlink", broken)
    with pytest.raises(GitError, match="无法删除：没有读取权限"):
        installer.uninstall()


def test_the_interpreter_is_gone(repo: Path) -> None:
    text = installer.script("/nonexistent/it's python")
    path = repo / "hook"
    path.write_text(text, encoding="utf-8")
    done = subprocess.run(
        ["/bin/sh", str(path)], capture_output=True, text=True, check=False, env={"PATH": "/usr/bin:/bin"}
    )
    assert done.returncode == 1
    assert "找不到安装时所用的 Python（/nonexistent/it's python）" in done.stderr


def test_names_stay_in_order() -> None:
    assert Staged("a", "b") == Staged("a", "b")
    assert command.staged_inputs.__doc__


# --- frameworks ---------------------------------------------------------------------------------


def framework(name: str) -> str | None:
    beside = Path(sys.executable).parent / name
    return str(beside) if beside.is_file() else shutil.which(name)


@pytest.mark.parametrize("name", ["pre-commit", "prek"])
def test_frameworks(shell: Shell, repo: Path, name: str) -> None:
    program = framework(name)
    if program is None:
        pytest.skip(f"没有 {name}")
    assert shell
    put(
        ".pre-commit-config.yaml",
        "repos:\n- repo: local\n  hooks:\n  - id: shenjiao\n    name: shenjiao\n"
        f"    entry: {sys.executable} -P -m qa.cli hook run\n    language: system\n"
        "    types_or: [html, markdown, plain-text]\n    require_serial: true\n",
    )
    put("年度 报告.html", BAD)
    put("b.txt", "没有问题")
    sh("git", "add", ".")
    put("年度 报告.html", GOOD)
    done = sh(program, "run", check=False)
    assert done.returncode == 1
    assert "错误词甲" in done.stdout
    sh("git", "add", ".")
    done = sh(program, "run", check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    sh(program, "install")
    put("年度 报告.html", BAD)
    assert commit("-a").returncode == 1
    put("年度 报告.html", GOOD)
    assert commit("-a").returncode == 0
    assert repo


def test_the_hook_for_frameworks() -> None:
    text = (Path(__file__).parents[1] / ".pre-commit-hooks.yaml").read_text(encoding="utf-8")
    assert "- id: shenjiao\n" in text
    assert "entry: shenjiao hook run\n" in text
    assert "types_or: [html, markdown, plain-text]" in text
