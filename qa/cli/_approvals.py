"""Where approvals are kept, and recording what passed: shared by ``check --approve``, the hook and ``recheck``.

A place is the path of a file, or the address of a ledger.
"""

from __future__ import annotations

from collections.abc import Container, Sequence
from pathlib import Path

from qa import __version__
from qa.approval import Approval, ApprovalError, Article, UrlMap, append, clean_url, line_of, load
from qa.cli._base import CliError
from qa.files import display, is_database, is_url
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


def place_of(word: str, where: str) -> str:
    """The place that an option or argument names; paths in addresses are made absolute.

    Raises:
        CliError: the address of something else than a ledger.
    """
    if not is_database(word):
        return word
    from qa.config import ConfigError
    from qa.site.entries import ledger_address

    try:
        return ledger_address(word, Path.cwd(), where)
    except ConfigError as error:
        raise CliError(str(error)) from None


def load_all(place: str, site: str) -> tuple[str, list[Approval], list[str]]:
    """What is kept at a place.

    Args:
        site: how addresses must begin; whoever asks must look too, since files are read whole.

    Returns:
        Its name in messages, the approvals in their order, and a complaint for each that is spoilt.

    Raises:
        CliError: it cannot be read.
    """
    if not is_database(place):
        path = Path(place)
        try:
            return display(path), *load(path)
        except ApprovalError as error:
            raise CliError(str(error)) from None
    from qa.ledger import LedgerError, open_ledger

    path = Path(place.removeprefix("sqlite:///"))
    if place.startswith("sqlite:") and not path.is_file():
        raise CliError(f"台账“{display(path)}”还没有建立")
    try:
        with open_ledger(place) as book:
            return book.where, *book.approvals(site)
    except LedgerError as error:
        raise CliError(str(error), 3) from None


def probe(place: str, time: str) -> None:
    """Look whether records can go somewhere before the work is done, not after.

    Args:
        time: of the approvals, where it is given.

    Raises:
        CliError: its folder is missing, or it is a folder; the ledger cannot be opened, or takes no
            such time.
    """
    if is_database(place):
        from qa.ledger import LedgerError, open_ledger
        from qa.ledger.shapes import utc

        try:
            if time:
                utc(time)
        except LedgerError as error:
            raise CliError(f"--time：{error}") from None
        try:
            open_ledger(place).close()
        except LedgerError as error:
            raise CliError(str(error), 3) from None
        return
    path = Path(place)
    if path.is_dir() or not path.parent.is_dir():
        what = "是文件夹，不是文件" if path.is_dir() else "所在的文件夹不存在，请先建好"
        raise CliError(f"批准记录 {display(path)} {what}")


def record(
    run: Run,
    place: str,
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
        place: where to.
        urls: where documents will be published.
        url: where the only document will be.
        at: ISO 8601 time.
        by: who approves.
        text: keep the words too, not their hash alone.
        only: paths that may be recorded; all without.

    Returns:
        What was done, for people.

    Raises:
        CliError: it cannot be written.
    """
    approvals = []
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
        approvals.append(approval)
    name = _keep(approvals, place, text=text)
    words = f"已把 {len(approvals)} 篇记入{name}" if approvals else "没有稿件记入批准记录"
    return f"{words}；{refused} 篇不通过或没有查完，不予记录" if refused else words


def _keep(approvals: Sequence[Approval], place: str, *, text: bool) -> str:
    """Write approvals; returns the name of the place."""
    if not is_database(place):
        try:
            append(Path(place), [line_of(one, text=text) for one in approvals])
        except ApprovalError as error:
            raise CliError(str(error), 3) from None
        return f"批准记录 {display(place)}"
    from qa.ledger import LedgerError, open_ledger

    try:
        with open_ledger(place) as book:
            book.approve(approvals, text=text)
            return book.where
    except LedgerError as error:
        raise CliError(str(error), 3) from None
