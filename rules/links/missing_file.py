"""Relative targets that are not there on disk."""

# os.path is several times faster than pathlib, and this runs for every link:
# ruff: noqa: PTH100, PTH112, PTH113, PTH118, PTH119, PTH120

from __future__ import annotations

import os
from collections.abc import Iterator
from urllib.parse import unquote

from qa.document import Document
from qa.finding import Level, Pass
from qa.rule import Bad, Hit, Settings, rule
from rules._standards import INSPECTION
from rules.links._classify import Reference, facts, hit, noun, target_of

_INDEXES = ("index.html", "index.htm", "index.shtml", "default.html", "default.htm", "index.jsp", "index.php")
_DYNAMIC = (".do", ".action", ".jspx", ".ashx", ".aspx", ".jsp", ".php", ".cgi", ".asp")
_ENOUGH = 3
"""From so many absent targets on, with none present, a page was saved alone and is not judged link by link."""
_HERE = Settings(options={"links/missing_file": {"folder": "."}})


def _place(target: str, folder: str, root: str | None) -> str | None:
    """Path a target names; ``None`` where it is not to be judged (outside the known folders)."""
    path = unquote(target.partition("#")[0].partition("?")[0])
    if not path or "\x00" in path or path.lower().endswith(_DYNAMIC):
        return None
    if path.startswith("/"):
        if root is None:
            return None
        limit, found = root, os.path.normpath(f"{root}/{path.lstrip('/')}")
    else:
        limit, found = root or folder, os.path.normpath(f"{folder}/{path}")
    return found if found == limit or found.startswith(limit.rstrip("/\\") + os.sep) else None


def _exists(path: str) -> bool:
    """Whether a server that knows index pages and optional suffixes would find it."""
    if os.path.isfile(path):
        return True
    if os.path.isdir(path):
        return any(os.path.isfile(os.path.join(path, name)) for name in _INDEXES)
    return "." not in os.path.basename(path) and os.path.isfile(f"{path}.html")


@rule(
    title="站内链接的目标文件不存在",
    level=Level.ERROR,
    passes=Pass.PROOF3,
    basis=INSPECTION["可用性"],
    score_item="LINK-H",
    bad=(
        Bad('<a href="⟦no-such-file.html⟧">甲</a>', settings=_HERE),
        Bad(
            '<a href="⟦no-such-%E7%94%B2.doc?v=1#p⟧">甲</a><img src="⟦no-such.jpg⟧" alt="乙">', settings=_HERE
        ),
    ),
    good=('<a href="no-such-file.html">甲</a>', '<a href="https://www.example.com/a.html">甲</a>'),
)
def missing_file(document: Document, settings: Settings) -> Iterator[Hit]:
    """链接到本站的页面、图片或附件，而文件没有一起上传，发布后就是打不开的链接。

    只在知道文件所在目录时判断，以“/”开头的地址还须知道网站根目录；动态页面和目录之外的文件不判断。
    只知道页面所在目录、不知道网站根目录时，作警告；页面上的相对链接全都找不到时，多半是单独保存的网页，只合并提示一次。
    """
    relative = facts(document).relative
    if not relative or document.base:
        return
    source = document.source
    if source.path is not None:
        folder = os.path.dirname(os.path.abspath(source.path))
    else:
        named = settings.option("links/missing_file", "folder", "")
        if not named:
            return
        folder = os.path.abspath(str(named))
    root = os.path.abspath(source.root) if source.root is not None else None
    absent: list[Reference] = []
    present = 0
    known: dict[str, bool] = {}
    for reference in relative:
        place = _place(target_of(reference), folder, root)
        if place is None:
            continue
        there = known.get(place)
        if there is None:
            there = known[place] = _exists(place)
        if there:
            present += 1
        else:
            absent.append(reference)
    if not present and root is None and len(absent) >= _ENOUGH:
        message = f"本页 {len(absent)} 处相对链接在磁盘上都找不到，像是单独保存的网页，未逐条核对；请在网站目录中检查"
        yield hit(absent[0], message, level=Level.NOTE)
        return
    level = None if root is not None else Level.WARNING
    for reference in absent:
        message = f"{noun(reference)}指向的文件不存在：{unquote(target_of(reference))}"
        yield hit(reference, message, level=level)
