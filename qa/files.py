"""Which inputs a command line names: files, folders, globs, ``-`` and addresses.

Nothing named is ever dropped without a word: what cannot be read becomes an :class:`Input` with
its problem in Chinese, and what a folder walk passes over is counted.
"""

# A walk over very many files: os.path and scandir are several times faster than pathlib.
# ruff: noqa: PTH100, PTH101, PTH105, PTH108, PTH109, PTH110, PTH112, PTH113, PTH114, PTH116, PTH117, PTH118, PTH119, PTH120, PTH122, PTH123, PTH207

from __future__ import annotations

import errno
import os
import re
import stat
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

from qa.readers import MEDIA, media_of

if TYPE_CHECKING:
    from pathspec import GitIgnoreSpec

_GLOB = re.compile(r"[*?\[]")
_URL = re.compile(r"https?://", re.IGNORECASE)
_DATABASE = re.compile(r"(?:sqlite|postgres(?:ql)?)(?:\+\w+)?:|[a-z][a-z\d+.-]+://", re.IGNORECASE)
_USER = re.compile(r"^(https?://)[^/?#@]*@", re.IGNORECASE)
_PIECE = 1 << 24
_SIDE_FILES = frozenset(
    [
        ".css",
        ".js",
        ".json",
        ".png",
        ".jpg",
        ".jpeg",
        ".gif",
        ".svg",
        ".ico",
        ".webp",
        ".bmp",
        ".woff",
        ".woff2",
        ".ttf",
        ".eot",
        ".map",
        ".xml",
        ".mp4",
        ".mp3",
        ".py",
    ]
)
"""Files every site folder holds; passing over them needs no remark."""


@dataclass(frozen=True, slots=True)
class Input:
    """One thing to check.

    Attributes:
        name: how reports name it: a path with forward slashes, ``-`` or a URL.
        media: format; ``None`` only where there is a problem or for an address.
        data: the bytes, where they are at hand already (standard input, a staged blob).
        problem: why it cannot be checked (Chinese), empty when it can.
        charset: charset of the HTTP header, where there was one.
    """

    name: str
    path: Path | None = None
    media: str | None = None
    root: Path | None = None
    url: str | None = None
    data: bytes | None = None
    problem: str = ""
    charset: str | None = None


@dataclass
class Collected:
    """Inputs in the order they were named, and remarks on what was passed over."""

    inputs: list[Input] = field(default_factory=list)
    skipped: Counter[str] = field(default_factory=Counter)
    ignored: int = 0
    notices: list[str] = field(default_factory=list)

    def remarks(self) -> list[str]:
        """Chinese remarks for the editor."""
        found = list(self.notices)
        if self.skipped:
            kinds = "、".join(
                f"{suffix or '无扩展名'} {count} 个" for suffix, count in sorted(self.skipped.items())
            )
            found.append(f"文件夹中有 {sum(self.skipped.values())} 个文件的类型不支持，没有检查：{kinds}")
        return found


def display(path: str | Path) -> str:
    """A path as reports show it: forward slashes, below the current folder relative, always encodable."""
    text = os.fspath(path)
    if os.path.isabs(text):
        here = os.getcwd().rstrip(os.sep) + os.sep
        if text.startswith(here) and len(text) > len(here):
            text = text[len(here) :]
    else:
        text = os.path.normpath(text)
    text = text.replace(os.sep, "/")
    return text.encode("utf-8", "surrogateescape").decode("utf-8", "replace")


def without_password(address: str) -> str:
    """An address as reports may show it: a user name and password in it left out."""
    return _USER.sub(r"\1", address)


def is_url(text: str) -> bool:
    """Whether an argument is the address of a page."""
    return _URL.match(text) is not None


def is_database(text: str) -> bool:
    """Whether an argument is meant as the address of a database, not as a file."""
    return _DATABASE.match(text) is not None


def cause(error: OSError) -> str:
    """Why a file cannot be read, in Chinese."""
    known = {
        errno.ENOENT: "文件不存在",
        errno.ENOTDIR: "路径中有一段不是文件夹",
        errno.EACCES: "没有读取权限",
        errno.EPERM: "没有读取权限",
        errno.ELOOP: "链接成环，无法打开",
        errno.ENAMETOOLONG: "文件名太长",
        errno.EEXIST: "已有同名的文件",
        errno.EISDIR: "是文件夹，不是文件",
        errno.ENOSPC: "磁盘空间不足",
        errno.EROFS: "所在磁盘只读",
        errno.EIO: "磁盘读写出错",
    }
    return known.get(error.errno or 0) or f"读写失败（{error.strerror or type(error).__name__}）"


def unsupported(name: str) -> str:
    """The words for a file whose format is not read."""
    suffix = os.path.splitext(name)[1].lower()
    kinds = " ".join(MEDIA)
    return f"不支持的文件类型（{suffix or '没有扩展名'}），目前可检查 {kinds}"


def _translate(pattern: str) -> re.Pattern[str]:
    """A path glob: ``*`` and ``?`` stay inside one folder, ``**`` crosses them."""
    out, at = [], 0
    while at < len(pattern):
        if pattern.startswith("**/", at):
            out.append("(?:[^/]+/)*")
            at += 3
        elif pattern.startswith("**", at):
            out.append(".*")
            at += 2
        else:
            char = pattern[at]
            out.append({"*": "[^/]*", "?": "[^/]"}.get(char) or re.escape(char))
            at += 1
    return re.compile("".join(out))


class PathMatcher:
    """Globs of a configuration file, relative to its folder; a bare name matches at any depth.

    A pattern that names a folder covers all that lies in it.
    """

    def __init__(self, patterns: Sequence[str], base: Path) -> None:
        self.patterns = tuple(patterns)
        self.base = os.path.realpath(base)
        self._compiled = []
        for pattern in self.patterns:
            clean = pattern.replace("\\", "/").removeprefix("./")
            anchored = "/" in clean.rstrip("/")
            clean = clean.strip("/")
            self._compiled.append(_translate(clean if anchored else f"**/{clean}"))

    def __call__(self, path: str | Path) -> bool:
        """Whether a path, or a folder it lies in, matches."""
        if not self._compiled:
            return False
        full = os.path.abspath(path)
        if not full.startswith(self.base):
            full = os.path.join(os.path.realpath(os.path.dirname(full)), os.path.basename(full))
        relative = os.path.relpath(full, self.base).replace(os.sep, "/")
        if relative == ".." or relative.startswith("../"):
            return False
        parts = relative.split("/")
        prefixes = ["/".join(parts[: n + 1]) for n in range(len(parts))]
        return any(regex.fullmatch(prefix) for regex in self._compiled for prefix in prefixes)


class _Ignores:
    """``.gitignore`` files in force in a folder: those above it up to the repository, and its own."""

    def __init__(self) -> None:
        self.levels: tuple[tuple[str, GitIgnoreSpec], ...] = ()

    def below(self, folder: str, notices: list[str]) -> _Ignores:
        """The ignores in force inside ``folder``."""
        path = os.path.join(folder, ".gitignore")
        try:
            with open(path, encoding="utf-8", errors="replace") as stream:
                lines = stream.read().splitlines()
        except FileNotFoundError:
            return self
        except OSError as error:
            notices.append(f"{display(path)}：{cause(error)}，未按它略过文件")
            return self
        from pathspec import GitIgnoreSpec

        inner = _Ignores()
        try:
            inner.levels = (*self.levels, (folder, GitIgnoreSpec.from_lines(lines)))
        except ValueError:
            notices.append(f"{display(path)}：有不合格式的行，未按它略过文件")
            return self
        return inner

    def match(self, path: str, folder: bool) -> bool:
        """Whether a path is ignored; the nearest file that has an opinion decides."""
        for base, spec in reversed(self.levels):
            relative = os.path.relpath(path, base).replace(os.sep, "/") + ("/" if folder else "")
            verdict = spec.check_file(relative).include
            if verdict is not None:
                return verdict
        return False


def _above(folder: str, notices: list[str]) -> _Ignores:
    """Ignores from the repository's top down to, not including, ``folder``."""
    chain: list[str] = []
    at = folder
    while True:
        if os.path.exists(os.path.join(at, ".git")):
            break
        parent = os.path.dirname(at)
        if parent == at:
            return _Ignores()
        chain.append(parent)
        at = parent
    ignores = _Ignores()
    for parent in reversed(chain):
        ignores = ignores.below(parent, notices)
    # A folder named on the command line is wanted, whatever its parents ignore.
    return _Ignores() if ignores.match(folder, True) else ignores


def _is(asked: Callable[[], bool]) -> bool:
    """What ``is_dir`` or ``is_file`` of a folder entry says; no, where asking fails (a ring of links)."""
    try:
        return asked()
    except OSError:
        return False


class Collector:
    """Turns command line arguments into inputs.

    Args:
        exclude, include: globs of the configuration; ``include`` adds files of folder walks that
            hidden-folder and ``.gitignore`` rules would pass over.
        media: format for standard input and for named files of no known suffix.
        stdin: bytes of ``-``, or ``None`` where the caller has none.
        stdin_name: what reports call standard input.
    """

    def __init__(
        self,
        *,
        exclude: PathMatcher | None = None,
        include: PathMatcher | None = None,
        media: str | None = None,
        stdin: bytes | None = None,
        stdin_name: str = "-",
    ) -> None:
        self.exclude = exclude
        self.include = include
        self.media = media
        self.stdin = stdin
        self.stdin_name = stdin_name
        self.result = Collected()
        self._files: set[str] = set()
        self._folders: set[tuple[int, int]] = set()

    def collect(self, arguments: Iterable[str]) -> Collected:
        """All inputs of all arguments, each file once."""
        for argument in arguments:
            if argument == "-":
                self._standard_input()
            elif is_url(argument):
                self._add(Input(without_password(argument), url=argument), argument)
            elif not os.path.lexists(argument) and _GLOB.search(argument):
                self._glob(argument)
            else:
                self._named(argument)
        return self.result

    def _add(self, item: Input, key: str) -> None:
        if key not in self._files:
            self._files.add(key)
            self.result.inputs.append(item)

    def _problem(self, path: str, words: str) -> None:
        self._add(Input(display(path), Path(path), problem=words), path)

    def _standard_input(self) -> None:
        name = self.stdin_name
        data = self.stdin or b""
        media = self.media or (media_of(name) if name != "-" else None)
        if media is None:
            media = "html" if re.search(rb"<[A-Za-z!/]", data[:65536]) else "text"
        self._add(Input(name, media=media, data=data), "-")

    def _named(self, path: str) -> None:
        try:
            mode = os.stat(path).st_mode
        except (OSError, ValueError) as error:
            dangling = isinstance(error, FileNotFoundError) and os.path.islink(path)
            words = cause(error) if isinstance(error, OSError) else "文件名不合法"
            self._problem(path, "链接指向的文件不存在" if dangling else words)
            return
        if stat.S_ISDIR(mode):
            folder = os.path.realpath(path)
            self._walk(path, _above(folder, self.result.notices), folder, ())
        elif not stat.S_ISREG(mode):
            self._problem(path, "不是普通文件（可能是设备、管道或套接字）")
        else:
            media = media_of(os.path.basename(path)) or self.media
            if media is None:
                self._problem(path, unsupported(path))
            else:
                self._file(path, media, os.path.dirname(path) or ".")

    def _file(self, path: str, media: str, root: str) -> None:
        self._add(Input(display(path), Path(path), media, Path(root)), os.path.realpath(path))

    def _glob(self, pattern: str) -> None:
        import glob

        found = sorted(glob.glob(pattern, recursive=True))
        if not found:
            self._problem(pattern, "没有与之相符的文件")
        for path in found:
            if os.path.isfile(path):
                media = media_of(os.path.basename(path))
                if media is not None:
                    self._file(path, media, os.path.dirname(path) or ".")
                else:
                    self._skip(path)
            elif not os.path.isdir(path):
                self._named(path)

    def _skip(self, path: str) -> None:
        suffix = os.path.splitext(path)[1].lower()
        if suffix not in _SIDE_FILES:
            self.result.skipped[suffix] += 1

    def _walk(self, folder: str, ignores: _Ignores, root: str, trail: tuple[tuple[int, int], ...]) -> None:
        stack = [(folder, ignores, trail)]
        while stack:
            folder, ignores, trail = stack.pop()
            opened = self._entries(folder)
            if opened is None:
                continue
            identity, entries = opened
            if identity in trail:
                self.result.notices.append(f"{display(folder)}：链接成环，指向自己的上级文件夹，已略过")
                continue
            if identity in self._folders:
                continue
            self._folders.add(identity)
            ignores = ignores.below(os.path.realpath(folder), self.result.notices)
            real = os.path.realpath(folder)
            below = []
            for entry in entries:
                path = os.path.join(folder, entry.name)
                is_folder = _is(entry.is_dir)
                if self._passed_over(entry.name, path, os.path.join(real, entry.name), is_folder, ignores):
                    continue
                if is_folder:
                    below.append((path, ignores, (*trail, identity)))
                else:
                    self._entry(path, entry, root)
            stack.extend(reversed(below))

    def _entries(self, folder: str) -> tuple[tuple[int, int], list[os.DirEntry[str]]] | None:
        try:
            status = os.stat(folder)
            with os.scandir(folder) as found:
                return (status.st_dev, status.st_ino), sorted(found, key=lambda entry: entry.name)
        except OSError as error:
            words = "没有权限读取这个文件夹" if isinstance(error, PermissionError) else cause(error)
            self._problem(folder, words)
            return None

    def _passed_over(self, name: str, path: str, real: str, folder: bool, ignores: _Ignores) -> bool:
        if self.exclude is not None and self.exclude(path):
            self.result.ignored += 1
            return True
        if self.include is not None and self.include(path):
            return False
        if name.startswith("."):
            return True
        if ignores.match(real, folder):
            self.result.ignored += 1
            return True
        return False

    def _entry(self, path: str, entry: os.DirEntry[str], root: str) -> None:
        media = media_of(entry.name)
        if media is None:
            if _is(entry.is_file):
                self._skip(path)
        elif _is(entry.is_file):
            self._file(path, media, root)
        else:
            self._named(path)


def split_names(names: Iterable[str]) -> Iterator[str]:
    """Comma separated option values, one by one."""
    for name in names:
        yield from (part.strip() for part in re.split("[,，]", name) if part.strip())


def read_at_most(stream: BinaryIO, most: int) -> bytes:
    """Up to ``most`` bytes, in pieces: ``read(most)`` would set aside all of it at once."""
    parts = []
    while most > 0 and (part := stream.read(min(most, _PIECE))):
        parts.append(part)
        most -= len(part)
    return b"".join(parts)


def write_atomic(path: Path, data: bytes) -> None:
    """Write a file so that it is there whole or not at all; links, owner and mode stay as they were.

    Raises:
        OSError: it cannot be written.
    """
    import tempfile

    target = os.path.realpath(path)
    handle, name = tempfile.mkstemp(prefix=".shenjiao-", dir=os.path.dirname(target))
    try:
        with open(handle, "wb") as stream:
            stream.write(data)
            stream.flush()
            os.fsync(stream.fileno())
        try:
            status = os.stat(target)
        except FileNotFoundError:
            mask = os.umask(0)
            os.umask(mask)
            os.chmod(name, 0o666 & ~mask)
        else:
            with suppress(OSError, AttributeError):
                os.chown(name, status.st_uid, status.st_gid)
            os.chmod(name, stat.S_IMODE(status.st_mode))
        os.replace(name, target)
    except BaseException:
        with suppress(OSError):
            os.unlink(name)
        raise
