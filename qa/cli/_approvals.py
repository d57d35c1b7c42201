"""Recording what passed: shared by ``check --approve`` and the hook."""

from __future__ import annotations

from collections.abc import Container
from pathlib import Path

from qa import __version__
from qa.approval import Approval, ApprovalError, Article, UrlMap, append, clean_url, line_of
from qa.cli._base import CliError
from qa.files import display, is_url
from qa.passes import Verdict
from qa.run import Run


def now() -> str:
    """The time of an approval where the caller gives none."""
    from datetime import UTC, datetime

    return datetime.now(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")


def url_map(path: str | None) -> UrlMap:
    """The table of addresses an option names; an empty one for none.

    Raises:
        CliError: it cannot be used.
    """
    try:
        return UrlMap.read(Path(path)) if path else UrlMap({})
    except ApprovalError as error:
        raise CliError(str(error)) from None


def probe(path: Path) -> None:
    """Look whether records can go somewhere before the work is done, not after.

    Raises:
        CliError: its folder is missing, or it is a folder.
    """
    if path.is_dir() or not path.parent.is_dir():
        what = "是文件夹，不是文件" if path.is_dir() else "所在的文件夹不存在，请先建好"
        raise CliError(f"批准记录 {display(path)} {what}")


def record(
    run: Run,
    path: Path,
    *,
    urls: UrlMap,
    url: str = "",
    at: str,
    by: str,
    text: bool = True,
    only: Container[str] | None = None,
) -> str:
    """Record the approval of every document of a run that passed all its gates.

    Args:
        run: settled, each outcome's note being its article.
        path: file of approvals, added to.
        urls: where documents will be published.
        url: where the only document will be.
        at: ISO 8601 time.
        by: who approves.
        text: keep the words too, not their hash alone.
        only: paths that may be recorded; all without.

    Returns:
        What was done, for people.

    Raises:
        CliError: the file cannot be written.
    """
    lines = []
    refused = 0
    for outcome in run.outcomes:
        if only is not None and outcome.path not in only:
            continue
        article = outcome.note
        if outcome.overall in (Verdict.BLOCKED, Verdict.UNCHECKED) or not isinstance(article, Article):
            refused += 1
            continue
        own = outcome.path if is_url(outcome.path) else ""
        approval = Approval.of(
            article,
            outcome.identity,
            outcome.path,
            url=clean_url(url or urls.find(outcome.path, article.title, outcome.identity) or own),
            at=at,
            by=by,
            version=__version__,
            verdicts={pass_.key: verdict.value for pass_, verdict in outcome.verdicts.items()},
        )
        lines.append(line_of(approval, text=text))
    try:
        append(path, lines)
    except ApprovalError as error:
        raise CliError(str(error), 3) from None
    words = f"已把 {len(lines)} 篇记入批准记录 {display(path)}" if lines else "没有稿件记入批准记录"
    return f"{words}；{refused} 篇不通过或没有查完，不予记录" if refused else words
