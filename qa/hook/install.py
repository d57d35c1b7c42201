"""Put the check into a repository's ``pre-commit`` hook, and take it out again."""

from __future__ import annotations

import os
import shlex
import sys
from pathlib import Path

from qa.files import cause, display, write_atomic
from qa.hook.git import GitError, git

MARK = "# shenjiao pre-commit hook"
SAVED = "pre-commit.before-shenjiao"

_SCRIPT = """\
#!/bin/sh
{mark}（由 shenjiao hook install 生成，用 shenjiao hook uninstall 卸载）
here=$(dirname -- "$0")
if [ -x "$here/{saved}" ]; then
    "$here/{saved}" "$@" || exit $?
fi
python={python}
if [ -x "$python" ] || command -v "$python" >/dev/null 2>&1; then
    exec "$python" -P -m qa.cli hook run
fi
if command -v shenjiao >/dev/null 2>&1; then
    exec shenjiao hook run
fi
echo "审校：找不到安装时所用的 Python（$python），请重新运行 shenjiao hook install" >&2
exit 1
"""


def script(python: str) -> str:
    """The hook: first what was there before, then the check with the interpreter that installed it.

    ``-P`` keeps the repository's own folders off the import path: one named ``rules`` or ``qa``
    must not stand in for ours.
    """
    return _SCRIPT.format(mark=MARK, saved=SAVED, python=shlex.quote(python.replace("\\", "/")))


def folder(*, force: bool = False) -> Path:
    """The repository's hooks folder, ``core.hooksPath`` respected.

    Raises:
        GitError: the folder serves other repositories too, and ``force`` is not given.
    """
    place = Path(os.fsdecode(git("rev-parse", "--git-path", "hooks").removesuffix(b"\n"))).absolute()
    common = Path(os.fsdecode(git("rev-parse", "--git-common-dir").removesuffix(b"\n"))).resolve()
    own = [common]
    if git("rev-parse", "--is-bare-repository").strip() == b"true":
        raise GitError("这是裸仓库，没有工作区，提交前检查在这里不会运行；请装在提交稿件的仓库里")
    tree = git("rev-parse", "--is-inside-work-tree").strip() == b"true"
    if tree:
        own.append(Path(os.fsdecode(git("rev-parse", "--show-toplevel").removesuffix(b"\n"))).resolve())
    if not force and not any(place.resolve().is_relative_to(one) for one in own):
        raise GitError(
            f"core.hooksPath 指向仓库之外的 {display(place)}，装在那里会影响其他仓库；确要安装请加 --force"
        )
    return place


def _ours(path: Path) -> bool:
    return MARK in path.read_bytes()[:4096].decode("utf-8", "replace")


def install(*, force: bool = False) -> str:
    """Write the hook; a hook that is there already is kept and runs first.

    Returns:
        What was done, for people.

    Raises:
        GitError: not possible, with the reason.
    """
    place = folder(force=force)
    path, saved = place / "pre-commit", place / SAVED
    kept = ""
    try:
        place.mkdir(parents=True, exist_ok=True)
        if os.path.lexists(path) and not (path.is_file() and _ours(path)):
            if os.path.lexists(saved) and not force:
                raise GitError(
                    f"{display(path)} 和 {display(saved)} 都已存在，分不清该保留哪个；确要覆盖后者请加 --force"
                )
            path.replace(saved)
            kept = f"；原有的钩子改名为 {SAVED}，提交时先运行它"
        write_atomic(path, script(sys.executable).encode("utf-8"))
        path.chmod(0o755)
    except OSError as error:
        raise GitError(f"{display(path)} 无法写入：{cause(error)}") from None
    return f"已安装提交前检查：{display(path)}{kept}"


def uninstall() -> str:
    """Remove the hook and put back the one that was there before.

    Raises:
        GitError: there is none of ours, or it cannot be removed.
    """
    place = folder(force=True)
    path, saved = place / "pre-commit", place / SAVED
    try:
        if not path.is_file() or not _ours(path):
            raise GitError(f"{display(path)} 不是审校安装的钩子，没有改动")
        if os.path.lexists(saved):
            saved.replace(path)
            return f"已卸载提交前检查，恢复原有的钩子：{display(path)}"
        path.unlink()
    except OSError as error:
        raise GitError(f"{display(path)} 无法删除：{cause(error)}") from None
    return f"已卸载提交前检查：{display(path)}"
