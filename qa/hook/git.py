"""What git has staged, read from the index and not from the working tree.

Git's own environment (``GIT_DIR``, ``GIT_INDEX_FILE``, ``GIT_WORK_TREE``) is passed on as it is,
so ``commit -a``, partial commits and worktrees are judged by the index they really use.
"""

from __future__ import annotations

import os
import subprocess
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

_LINK, _SUBMODULE = "120000", "160000"
_CHUNK = 200


class GitError(Exception):
    """Git is missing or refused; the message is Chinese."""


@dataclass(frozen=True, slots=True)
class Staged:
    """One staged file: its path from the repository's top, and its blob.

    ``conflict``: the index holds several versions because a merge is not finished.
    """

    path: str
    blob: str
    conflict: bool = False


def git(*arguments: str, stdin: bytes | None = None, cwd: Path | None = None) -> bytes:
    """Output of a git command.

    Raises:
        GitError: git is missing or failed.
    """
    environment = {**os.environ, "GIT_LITERAL_PATHSPECS": "1", "LC_ALL": "C.UTF-8"}
    try:
        done = subprocess.run(  # noqa: S603 - arguments are ours
            ["git", *arguments],  # noqa: S607 - the user's own git
            input=stdin,
            capture_output=True,
            check=False,
            cwd=cwd,
            env=environment,
        )
    except FileNotFoundError:
        raise GitError("没有找到 git 程序") from None
    if done.returncode:
        words = done.stderr.decode("utf-8", "replace").strip()
        if "not a git repository" in words:
            raise GitError("当前文件夹不在 Git 仓库中")
        if "must be run in a work tree" in words:
            raise GitError("这个 Git 仓库没有工作区（裸仓库），不能检查提交")
        raise GitError(f"git {arguments[0]} 运行失败：{words or done.returncode}")
    return done.stdout


def top() -> Path:
    """The top folder of the working tree.

    Raises:
        GitError: not in a repository with a working tree.
    """
    return Path(os.fsdecode(git("rev-parse", "--show-toplevel").removesuffix(b"\n")))


def author() -> str:
    """Who commits, as git knows them; empty where it does not."""
    try:
        return _text(git("config", "user.name")).strip()
    except GitError:
        return ""


def _text(raw: bytes) -> str:
    return os.fsdecode(raw)


def changed() -> list[Staged]:
    """Files added, copied, changed or renamed in the index; links and submodules are left out."""
    raw = git(
        "diff",
        "--cached",
        "--raw",
        "-z",
        "--no-abbrev",
        "--find-renames",
        "--diff-filter=ACMRT",
        "--no-ext-diff",
        "--ignore-submodules=all",
    )
    fields = iter(raw.split(b"\0"))
    found = []
    for head in fields:
        if not head.startswith(b":"):
            continue
        _, mode, _, blob, status = head[1:].decode("ascii").split(" ")
        path = next(fields)
        if status[0] in "RC":
            path = next(fields)
        if mode not in (_LINK, _SUBMODULE):
            found.append(Staged(_text(path), blob))
    unmerged = git("diff", "--cached", "--name-only", "-z", "--diff-filter=U")
    found += [Staged(_text(path), "", conflict=True) for path in unmerged.split(b"\0") if path]
    return sorted(found, key=lambda one: one.path)


def tracked(names: Sequence[str]) -> tuple[list[Staged], list[str]]:
    """The staged versions of named files, and the names the index does not know."""
    found: dict[str, Staged] = {}
    present: set[str] = set()
    for low in range(0, len(names), _CHUNK):
        part = names[low : low + _CHUNK]
        raw = git("ls-files", "--stage", "-z", "--full-name", "--", *part)
        for record in raw.split(b"\0"):
            if not record:
                continue
            head, _, path = record.partition(b"\t")
            mode, blob, stage = head.decode("ascii").split(" ")
            name = _text(path)
            present.add(name)
            if mode not in (_LINK, _SUBMODULE):
                found[name] = Staged(name, "" if stage != "0" else blob, conflict=stage != "0")
    prefix = os.fsdecode(git("rev-parse", "--show-prefix").removesuffix(b"\n"))
    root = os.path.realpath(top())
    missing = []
    for name in names:
        full = name
        if os.path.isabs(name):  # noqa: PTH117 - plain text
            folder, base = os.path.split(name)
            full = os.path.relpath(os.path.join(os.path.realpath(folder), base), root)  # noqa: PTH118
        else:
            full = os.path.normpath(prefix + name)
        if full.replace(os.sep, "/") not in present:
            missing.append(name)
    return sorted(found.values(), key=lambda one: one.path), missing


def contents(blobs: Iterable[str]) -> Iterator[bytes]:
    """Contents of blobs, in order, through one ``git cat-file --batch``.

    Raises:
        GitError: a blob is missing.
    """
    wanted = list(blobs)
    if not wanted:
        return
    raw = git("cat-file", "--batch", stdin="".join(f"{blob}\n" for blob in wanted).encode("ascii"))
    at = 0
    for blob in wanted:
        end = raw.index(b"\n", at)
        head = raw[at:end].decode("ascii", "replace").split(" ")
        if len(head) != 3:
            raise GitError(f"暂存区的内容 {blob[:12]} 读不出来，仓库可能已损坏")
        size = int(head[2])
        yield raw[end + 1 : end + 1 + size]
        at = end + size + 2
