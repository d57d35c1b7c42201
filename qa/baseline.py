"""The baseline: findings known at some day, so that only new ones block.

The file is JSON, sorted and stable, one entry a finding.  Fingerprints hold no line numbers, so
it survives edits elsewhere and files that are renamed.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from qa.engine import Outcome
from qa.files import cause, display, write_atomic
from qa.finding import Finding
from qa.run import Gone

VERSION = 1

_FINGERPRINT = re.compile(r"[0-9a-f]{32}")


class BaselineError(Exception):
    """A baseline file that cannot be used or written; the message is Chinese."""


@dataclass(frozen=True, slots=True, order=True)
class Known:
    """One known finding."""

    path: str
    rule: str
    fingerprint: str
    quote: str = ""


def entries(findings: Iterable[Finding]) -> list[Known]:
    """What a baseline would hold: all that is not suppressed, sorted."""
    return sorted(Known(f.path, f.rule, f.fingerprint, f.quote) for f in findings if f.suppressed is None)


def dump(known: Iterable[Known]) -> bytes:
    """The file's bytes."""
    items = [
        {"fingerprint": k.fingerprint, "path": k.path, "quote": k.quote, "rule": k.rule}
        for k in sorted(known)
    ]
    text = json.dumps({"version": VERSION, "findings": items}, ensure_ascii=False, indent=1, sort_keys=True)
    return (text + "\n").encode("utf-8")


def _entry(item: Any, number: int, name: str) -> Known:
    if not isinstance(item, dict):
        raise BaselineError(f"基线文件 {name}：第 {number} 条不是对象")
    values = [item.get(key, "") for key in ("path", "rule", "fingerprint", "quote")]
    if not all(isinstance(value, str) for value in values) or not _FINGERPRINT.fullmatch(values[2]):
        raise BaselineError(f"基线文件 {name}：第 {number} 条不合格式")
    return Known(*values)


def load(path: Path) -> list[Known]:
    """Read a baseline.

    Raises:
        BaselineError: missing, unreadable or not a baseline.
    """
    name = display(path)
    try:
        data = json.loads(path.read_bytes().decode("utf-8-sig"))
    except OSError as error:
        raise BaselineError(f"基线文件 {name}：{cause(error)}") from None
    except (ValueError, RecursionError):
        raise BaselineError(f"基线文件 {name}：不是合法的 JSON，可能已损坏") from None
    if not isinstance(data, dict) or not isinstance(data.get("findings"), list):
        raise BaselineError(f"基线文件 {name}：不是审校的基线文件")
    if data.get("version") != VERSION:
        raise BaselineError(f"基线文件 {name}：版本 {data.get('version')!r} 不认识，请用本版审校重新生成")
    return [_entry(item, number, name) for number, item in enumerate(data["findings"], 1)]


def write(path: Path, findings: Iterable[Finding]) -> int:
    """Write a baseline of these findings; the number of entries.

    Raises:
        BaselineError: it cannot be written.
    """
    known = entries(findings)
    try:
        write_atomic(path, dump(known))
    except OSError as error:
        raise BaselineError(f"基线文件 {display(path)} 无法写入：{cause(error)}") from None
    return len(known)


def apply(
    known: Sequence[Known],
    outcomes: Sequence[Outcome],
    ran: frozenset[str],
    exists: Callable[[str], bool],
) -> list[Gone]:
    """Mark findings as new or unchanged; what of the baseline is there no more.

    An entry is used up by the finding it knows, first by one in the same file, then by one in
    any: a renamed file keeps its entries, a second copy of a page is new.  The one exception is
    page chrome, where one entry stands for all pages.

    Args:
        known: the baseline.
        outcomes: what was found; their findings are replaced.
        ran: ids of the rules that ran; entries of others are left alone.
        exists: whether a path of the baseline still exists; entries of files that do and were
            not checked this time are left alone.
    """
    left = Counter((k.fingerprint, k.path) for k in known)
    chrome = {k.fingerprint for k in known}
    status: dict[tuple[int, int], str] = {}
    rest: list[tuple[int, int, Finding]] = []
    for row, outcome in enumerate(outcomes):
        for column, finding in enumerate(outcome.findings):
            if finding.chrome and finding.fingerprint in chrome:
                status[row, column] = "unchanged"
            elif left[finding.fingerprint, finding.path] > 0:
                left[finding.fingerprint, finding.path] -= 1
                status[row, column] = "unchanged"
            else:
                rest.append((row, column, finding))
    spare: dict[str, list[str]] = {}
    for (mark, path), number in left.items():
        spare.setdefault(mark, []).extend([path] * number)
    for row, column, finding in rest:
        paths = spare.get(finding.fingerprint)
        status[row, column] = "unchanged" if paths else "new"
        if paths:
            left[finding.fingerprint, paths.pop()] -= 1
    for row, outcome in enumerate(outcomes):
        outcome.findings = [
            replace(finding, baseline=status[row, column]) for column, finding in enumerate(outcome.findings)
        ]
    complete = {outcome.path for outcome in outcomes if not outcome.unchecked}
    partial = {outcome.path for outcome in outcomes if outcome.unchecked}
    chrome_seen = {f.fingerprint for o in outcomes for f in o.findings if f.chrome}
    gone = []
    for one in sorted(known):
        if left[one.fingerprint, one.path] <= 0 or one.fingerprint in chrome_seen:
            continue
        if one.rule not in ran or one.path in partial:
            continue
        if one.path in complete or not exists(one.path):
            left[one.fingerprint, one.path] -= 1
            gone.append(Gone(one.fingerprint, one.rule, one.path, one.quote))
    return gone
