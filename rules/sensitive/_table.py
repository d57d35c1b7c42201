"""What the tables of discouraged wording share: dates, basis and message of an entry."""

from __future__ import annotations

from datetime import date
from functools import cache
from pathlib import Path

from qa.finding import Level
from qa.lexicon import Entry, Match, read_toml
from qa.rule import Hit
from qa.standard import Clause, Standard
from rules._standards import EDITING
from rules.names._dates import is_past, out_of_force

XINHUA_NAME = "新华社禁用词和慎用词"
_VERDICTS = {
    Level.VETO: "属严重表述错误",
    Level.ERROR: "属禁用表述",
    Level.WARNING: "属慎用表述",
}
_INNER = str.maketrans("“”", "‘’")


def table(module: str) -> list[Entry]:
    """The TOML table beside a rule file (pass ``__file__``)."""
    return read_toml(Path(module).with_suffix(".toml"))


@cache
def _clause(source: str) -> Clause:
    return Standard("entry", source, source)[""]


def clause(entry: Entry) -> Clause | None:
    """The entry's own basis where it does not rest on the rule's."""
    source = str(entry.data.get("source", ""))
    if source in ("", XINHUA_NAME):
        return None
    if not entry.data.get("verified", False):
        return EDITING["表述惯例"]
    return _clause(source)


def _day(value: object) -> date | None:
    return value if isinstance(value, date) else None


def judge(match: Match) -> Hit | None:
    """The hit for an entry in force at the document's date; nothing where the text speaks of the past."""
    entry, document = match.entry, match.document
    since, until = _day(entry.data.get("since")), _day(entry.data.get("until"))
    if out_of_force(document, since, until):
        return None
    if since is not None and is_past(document, match.span, since):
        return None
    level = entry.level or Level.WARNING
    fix = entry.right[0] if entry.right else None
    if fix and fix[0] == "“" and document.text[match.span.start - 1 : match.span.start] == "“":
        fix = fix.strip("“”")
    term = entry.term.translate(_INNER)
    judged = f"“{term}”{_VERDICTS[level]}" if level in _VERDICTS else f"请核对“{term}”的用法"
    return match.hit(f"{judged}：{entry.note.removesuffix('。')}", fix=fix, clause=clause(entry))
