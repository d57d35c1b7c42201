"""Verdicts over a run store: pages first, each body once for as long as rules stay the same, then the site.

Offline: everything comes from the store and its snapshots.
"""

from __future__ import annotations

import gc
import hashlib
import json
import os
import re
import sqlite3
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from contextlib import closing
from dataclasses import dataclass, field, fields, is_dataclass, replace
from datetime import date
from functools import cache, partial
from itertools import groupby
from pathlib import Path
from typing import Any

from qa.document import Document
from qa.engine import Outcome
from qa.files import Input
from qa.finding import Finding, Level, Pass, fingerprint
from qa.passes import Gates, Unchecked
from qa.pool import SMALL, Checker
from qa.site.facts import bands, read_facts
from qa.site.footer import is_blank
from qa.site.model import Site, SiteConfig, SiteHit, SiteRule
from qa.site.section import section_of
from qa.site.snapshot import Place, Reader, SnapshotError
from qa.site.soft import mark_soft_404
from qa.site.store import LINK_INDEXES
from qa.work import Executor, Local

SHARD = 40
"""Pages of one shard: small enough to share out evenly, large enough to be worth sending."""
_QUOTE = 500
_ORDER = "level DESC, pages DESC, rule, url, line, col, fingerprint"
"""Of issues in a report."""
_SCRIPTED = "没有读出任何文字，内容由脚本生成，本程序不执行脚本，没有可检查的内容"
_OWN_GAP = re.compile(r"规则 \S+ 运行出错：")


@dataclass(frozen=True, slots=True)
class Entry:
    """One page of a shard's manifest: where its body lies and how to read it."""

    content_id: int
    url: str
    place: Place
    charset: str | None


@dataclass(frozen=True, slots=True)
class Shard:
    """A unit of judging: some pages and the folder their snapshots lie in."""

    folder: str
    entries: tuple[Entry, ...]


@dataclass(slots=True)
class Judged:
    """What a shard came to, as rows of the store; pages that were read get the rule set's name there.

    Attributes:
        lost: the shard itself and the Chinese reason, where its worker died.
    """

    pages: list[dict[str, Any]] = field(default_factory=list)
    findings: list[tuple[int, int, str, str, int, int, str]] = field(default_factory=list)
    bands: list[tuple[int, int]] = field(default_factory=list)
    lost: tuple[Shard, str] | None = None


@dataclass
class Performer:
    """Judges shards; one a process.

    Attributes:
        checker: with the rules of pages; it must keep documents.
    """

    checker: Checker

    def answer(self, shard: Shard) -> Judged:
        """Judge the pages of a shard; never raises for what is wrong with a page."""
        judged = Judged()
        with closing(Reader(Path(shard.folder))) as reader:
            for entry in shard.entries:
                item = Input(entry.url, media="html", url=entry.url, charset=entry.charset)
                try:
                    item = replace(item, data=reader.body(entry.place))
                except SnapshotError as error:
                    item = replace(item, problem=str(error))
                _add(judged, entry, self.checker.check(item))
        return judged


def _performer(build: Callable[[], Checker]) -> Performer:
    checker = build()
    checker.keep = True
    gc.freeze()
    return Performer(checker)


def _leads_on(document: Document) -> bool:
    """Whether a page holds others: frames, or a redirect of its own."""
    return document.redirects or any(item.kind == "frame" for item in document.resources)


def _add(judged: Judged, entry: Entry, outcome: Outcome) -> None:
    document = outcome.document
    row: dict[str, Any] = {
        "content_id": entry.content_id,
        "title": outcome.title,
        "identity": outcome.identity,
        "unchecked": json.dumps(
            [[gap.reason, gap.rule, gap.pass_.key if gap.pass_ else ""] for gap in outcome.unchecked],
            ensure_ascii=False,
        ),
        "notices": json.dumps(outcome.notices, ensure_ascii=False),
    }
    if document is not None:
        facts = read_facts(document, entry.url)
        row |= facts.row()
        if not outcome.unchecked and is_blank(document) and not _leads_on(document):
            row["unchecked"] = json.dumps([[_SCRIPTED, "", ""]], ensure_ascii=False)
        judged.bands.extend((key, entry.content_id) for key in bands(facts.sketch))
    else:
        row |= {"ruleset": "", "kind": "other", "chars": 0, "text_hash": ""}
    judged.pages.append(row)
    judged.findings.extend(
        (
            entry.content_id,
            n,
            finding.fingerprint,
            finding.rule,
            int(finding.level),
            int(finding.chrome),
            json.dumps(_data(finding), ensure_ascii=False),
        )
        for n, finding in enumerate(outcome.findings)
    )


def _data(finding: Finding) -> dict[str, Any]:
    return {
        "title": finding.title,
        "pass": finding.pass_.key,
        "confidence": finding.confidence.value,
        "message": finding.message,
        "quote": finding.quote[:_QUOTE],
        "before": finding.before,
        "after": finding.after,
        "suggestion": finding.suggestion[:_QUOTE],
        "basis": finding.basis,
        "basis_url": finding.basis_url,
        "score_item": finding.score_item,
        "suppressed": finding.suppressed,
        "line": finding.start.line,
        "col": finding.start.column,
    }


def _lost(shard: Shard, why: str) -> Judged:
    return Judged(lost=(shard, why))


def _given_up(shard: Shard, why: str) -> Judged:
    judged = Judged()
    for entry in shard.entries:
        _add(judged, entry, Outcome(entry.url, unchecked=[Unchecked(why)]))
    return judged


@cache
def code_digest() -> str:
    """Hash of the program, its word lists and models: another one means verdicts may differ."""
    digest = hashlib.sha256()
    root = Path(__file__).parent
    for folder in (root, root.parent / "rules"):
        for path in sorted(folder.rglob("*")):
            if (
                path.suffix in (".py", ".toml", ".tsv", ".txt", ".json", ".klm", ".npz")
                and "precision" not in path.parts
            ):
                if path.parts[-2] in ("cli", "hook", "ledger", "training"):
                    continue
                digest.update(f"{path.relative_to(root.parent)}\0".encode())
                digest.update(path.read_bytes())
    return digest.hexdigest()


def ruleset(*parts: object) -> str:
    """Name of what page verdicts rest on: the program, and whatever the configuration adds.

    Args:
        parts: rules in force, levels, options, packs: numbers, texts, dates, collections and
            mappings, dataclasses of them and objects with such attributes.
    """
    digest = hashlib.sha256(code_digest().encode())
    for part in parts:
        digest.update(f"{_telling(part)}\0".encode("utf-8", "replace"))
    return digest.hexdigest()[:32]


def _telling(value: object) -> str:
    """A ``repr`` that is the same in every process: no order of hashing, no address in memory."""
    match value:
        case Mapping():
            return (
                f"{{{','.join(sorted(f'{_telling(key)}:{_telling(item)}' for key, item in value.items()))}}}"
            )
        case AbstractSet():
            return f"{{{','.join(sorted(map(_telling, value)))}}}"
        case list() | tuple():
            return f"[{','.join(map(_telling, value))}]"
    if is_dataclass(value):
        return f"{type(value).__name__}{_telling([getattr(value, item.name) for item in fields(value)])}"
    held = getattr(value, "__dict__", None)
    if type(value).__repr__ is object.__repr__ and held is not None:
        return f"{type(value).__name__}{_telling(held)}"
    return repr(value)


@dataclass
class Verdicts:
    """What judging came to.

    Attributes:
        judged, reused: pages read anew, and pages whose verdicts still held.
        issues: by level; suppressed ones left out.
        new, still, gone: against the last judged run.
        unchecked: pages and addresses of pages that could not be checked.
        gaps: Chinese reasons why the run as a whole is not complete.
    """

    judged: int = 0
    reused: int = 0
    issues: dict[Level, int] = field(default_factory=dict)
    new: int = 0
    still: int = 0
    gone: int = 0
    unchecked: int = 0
    gaps: list[str] = field(default_factory=list)


class Judge:
    """Judges one run.

    Args:
        db: the run store, for writing.
        run: number of the run.
        folder: of the snapshots.
        config: of the site.
        build: makes a checker, in whatever process; only called where there is something to judge.
        prepare: called in this process before others are started (loads what they inherit).
        rules: name of the rule set, see :func:`ruleset`.
        site_rules: the rules of sites.
        levels: overrides of levels by rule.
        in_force: ids of all rules of pages and sites that run; what others found in the last run is
            neither there still nor put right. ``None``: all.
        jobs: number of processes.
        today: the day to judge by; the run's own where ``None``.
        progress: told ``(done, of)``.
    """

    def __init__(
        self,
        db: sqlite3.Connection,
        run: int,
        folder: Path,
        config: SiteConfig,
        *,
        build: Callable[[], Checker],
        prepare: Callable[[], None] | None = None,
        rules: str,
        site_rules: Sequence[SiteRule],
        levels: dict[str, Level] | None = None,
        in_force: Collection[str] | None = None,
        jobs: int = 1,
        today: date | None = None,
        progress: Callable[[int, int], None] | None = None,
    ) -> None:
        self._db = db
        self._run = run
        self._folder = folder
        self._config = config
        self._build = build
        self._prepare = prepare
        self._rules = rules
        self._site_rules = site_rules
        self._levels = levels or {}
        self._in_force = in_force
        self._failed: set[str] = set()
        self._jobs = jobs
        self._today = today
        self._progress = progress
        self.verdicts = Verdicts()

    def judge(self, time: str) -> Verdicts:
        """Judge pages, then the site; ``time`` (ISO 8601) is written into the run.

        Judging again replaces what was found before.
        """
        db = self._db
        for statement in LINK_INDEXES:
            db.execute(statement)
        self._pages()
        db.execute("BEGIN IMMEDIATE")
        try:
            for table in ("mark", "issue", "issue_page", "gone"):
                db.execute(f"DELETE FROM {table} WHERE run_id = ?", (self._run,))
            mark_soft_404(db, self._run)
            self._issues()
            self._compare()
            self._gaps()
            db.execute(
                "UPDATE run SET judged = ?, ruleset = ?, settings = ? WHERE id = ?",
                (time, self._rules, self._settings(), self._run),
            )
            db.execute("COMMIT")
        except BaseException:
            if db.in_transaction:
                db.execute("ROLLBACK")
            raise
        self._count()
        return self.verdicts

    # -- pages ----------------------------------------------------------------

    def _pages(self) -> None:
        db = self._db
        pending = (
            " FROM fetch f JOIN content c ON c.id = f.content_id JOIN url u ON u.id = f.url_id"
            " WHERE f.run_id = ? AND c.page = 1 AND NOT EXISTS"
            " (SELECT 1 FROM page p WHERE p.content_id = c.id AND p.ruleset = ?)"
        )
        db.execute("DROP TABLE IF EXISTS temp.pending")
        db.execute(
            "CREATE TEMP TABLE pending AS SELECT DISTINCT c.id, u.url, c.warc, c.offset, c.length, c.charset"
            f"{pending} ORDER BY c.warc, c.offset, c.id",
            (self._run, self._rules),
        )
        total = db.execute("SELECT count(*) FROM temp.pending").fetchone()[0]
        of = db.execute(
            "SELECT count(DISTINCT c.id) FROM fetch f JOIN content c ON c.id = f.content_id"
            " WHERE f.run_id = ? AND c.page = 1",
            (self._run,),
        ).fetchone()[0]
        self.verdicts.judged, self.verdicts.reused = total, of - total
        if not total:
            return
        jobs = self._jobs if total >= SMALL else 1
        if self._prepare is not None:
            self._prepare()
        done = 0
        for judged in self._answers(jobs, max(1, min(SHARD, total // jobs))):
            self._store(judged)
            done += len(judged.pages)
            if self._progress is not None:
                self._progress(done, total)

    def _answers(self, jobs: int, size: int) -> Iterator[Judged]:
        """What shards come to; those whose worker died are judged again page by page.

        So only the page that kills is left unchecked, not its neighbours.
        """
        build = partial(_performer, self._build)
        executor: Executor[Shard, Judged] = Local(build, jobs, _lost)
        lost: list[tuple[Shard, str]] = []
        answered = 0
        for judged in executor.run(self._shards(size)):
            if judged.lost is None:
                answered += 1
                yield judged
            else:
                lost.append(judged.lost)
        if not answered and len(lost) > 1:  # not a page's fault
            yield from (_given_up(*one) for one in lost)
            return
        singly: Executor[Shard, Judged] = Local(build, max(2, jobs), _given_up)
        yield from singly.run(Shard(shard.folder, (entry,)) for shard, _ in lost for entry in shard.entries)

    def _shards(self, size: int) -> Iterator[Shard]:
        rows = self._db.execute("SELECT * FROM temp.pending ORDER BY rowid")
        while chunk := rows.fetchmany(size):
            yield Shard(
                os.fspath(self._folder),
                tuple(
                    Entry(content, url, Place(warc, offset, length), charset)
                    for content, url, warc, offset, length, charset in chunk
                ),
            )

    def _store(self, judged: Judged) -> None:
        db = self._db
        db.execute("BEGIN IMMEDIATE")
        for row in judged.pages:
            # What could not be read at all is tried again next time: the cause may have gone.
            row = {"ruleset": self._rules, **row}
            names = ", ".join(row)
            db.execute(
                f"INSERT OR REPLACE INTO page ({names}) VALUES ({', '.join('?' * len(row))})",
                tuple(row.values()),
            )
            for table in ("finding", "band"):
                db.execute(f"DELETE FROM {table} WHERE content_id = ?", (row["content_id"],))
        db.executemany("INSERT INTO finding VALUES (?, ?, ?, ?, ?, ?, ?)", judged.findings)
        db.executemany("INSERT OR IGNORE INTO band VALUES (?, ?)", judged.bands)
        db.execute("COMMIT")

    # -- issues ---------------------------------------------------------------

    def _issues(self) -> None:
        db, run = self._db, self._run
        self._site = Site(db, run, self._config, today=self._today)
        db.execute("DROP TABLE IF EXISTS temp.found")
        db.execute(
            "CREATE TEMP TABLE found (n INTEGER PRIMARY KEY, fingerprint TEXT UNIQUE, rule TEXT, level INTEGER,"
            " chrome INTEGER, pages INTEGER, url_id INTEGER, url TEXT, target_id INTEGER, line INTEGER, col INTEGER,"
            " data TEXT)"
        )
        db.execute("DROP TABLE IF EXISTS temp.found_page")
        db.execute(
            "CREATE TEMP TABLE found_page (n INTEGER, url_id INTEGER, line INTEGER, col INTEGER,"
            " PRIMARY KEY (n, url_id)) WITHOUT ROWID"
        )
        self._number = 0
        self._from_pages()
        self._from_site()
        self._write()

    def _from_pages(self) -> None:
        """One issue a fingerprint, however many pages show it; the home page first."""
        rows = self._db.execute(
            "SELECT d.fingerprint, d.rule, d.level, d.chrome, v.url_id, v.url, d.data FROM finding d"
            " JOIN (SELECT f.url_id, u.url, f.content_id FROM fetch f JOIN url u ON u.id = f.url_id"
            "  WHERE f.run_id = ?1 AND f.purpose = 'page' AND f.status IN (200, 304) AND NOT EXISTS"
            "  (SELECT 1 FROM mark m WHERE m.run_id = ?1 AND m.url_id = f.url_id)) v ON v.content_id = d.content_id"
            " ORDER BY d.fingerprint, v.url_id <> ?2, v.url, d.n",
            (self._run, self._site.home),
        )
        for key, group in groupby(rows, lambda row: row[0]):
            self._from_page(key, group)

    def _from_page(self, key: str, group: Iterator[tuple[Any, ...]]) -> None:
        chosen: tuple[Any, ...] | None = None
        pages: list[tuple[int, int, int]] = []
        for _, rule, level, chrome, page, url, data in group:
            told = json.loads(data)
            suppressed = told["suppressed"] is not None
            if chosen is None or (chosen[4]["suppressed"] is not None and not suppressed):
                # Where somebody chose to ignore it on one page, it is still there on the others.
                chosen, pages = (rule, level, chrome, url, told), []
            elif suppressed and chosen[4]["suppressed"] is None:
                continue
            pages.append((page, told["line"], told["col"]))
        assert chosen is not None
        rule, level, chrome, url, told = chosen
        self._found(key, rule, level, chrome, pages, url, None, told)

    def _found(
        self,
        key: str,
        rule: str,
        level: int,
        chrome: int,
        pages: Sequence[tuple[int, int, int]],
        url: str,
        target: int | None,
        data: dict[str, Any],
    ) -> None:
        self._number += 1
        number = self._number
        db = self._db
        db.executemany(
            "INSERT OR IGNORE INTO temp.found_page VALUES (?, ?, ?, ?)",
            [(number, page, line, col) for page, line, col in pages],
        )
        count = db.execute("SELECT count(*) FROM temp.found_page WHERE n = ?", (number,)).fetchone()[0]
        db.execute(
            "INSERT INTO temp.found VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            (
                number, key, rule, level, chrome, count, pages[0][0], url, target, pages[0][1], pages[0][2],
                json.dumps(data, ensure_ascii=False),
            ),
        )  # fmt: skip

    def _from_site(self) -> None:
        alike = self._alike()
        for rule in self._site_rules:
            try:
                if alike is not None and rule.steady:
                    self._again(rule, alike)
                else:
                    self._site_rule(rule)
            except sqlite3.DatabaseError:
                raise
            except Exception as error:  # noqa: BLE001 - one rule must not stop the others
                self._failed.add(rule.id)
                self.verdicts.gaps.append(f"规则 {rule.id} 运行出错：{type(error).__name__}：{error}")

    def _settings(self) -> str:
        """Hash of what rules of sites rest on besides the rules of pages and the run's answers."""
        names = [(one.id, str(self._levels.get(one.id))) for one in self._site_rules]
        return hashlib.sha256(repr((self._config, names)).encode("utf-8", "replace")).hexdigest()[:32]

    def _alike(self) -> int | None:
        """The last judged run, where it had the same answers and was judged by the same rules."""
        previous = self._last_judged()
        if previous is None:
            return None
        ruleset, settings, gaps = self._db.execute(
            "SELECT ruleset, settings, gaps FROM run WHERE id = ?", (previous,)
        ).fetchone()
        if (ruleset, settings) != (self._rules, self._settings()) or "规则 " in gaps:
            return None
        for columns, table in (
            (
                "url_id, purpose, iif(status = 304, 200, status), failure, message, next_id, content_id",
                "fetch",
            ),
            ("url_id, name", "mark"),
        ):
            rows = f"SELECT {columns} FROM {table} WHERE run_id = "
            differing = self._db.execute(
                f"SELECT EXISTS ({rows}?1 EXCEPT {rows}?2) OR EXISTS ({rows}?2 EXCEPT {rows}?1)",
                (self._run, previous),
            ).fetchone()[0]
            if differing:
                return None
        return previous

    def _again(self, rule: SiteRule, previous: int) -> None:
        """Take over what a rule found in a run with the same answers."""
        db = self._db
        for row in db.execute(
            "SELECT i.id, i.fingerprint, i.level, i.chrome, u.url, i.target_id, i.title, i.pass, i.confidence,"
            " i.message, i.quote, i.before, i.after, i.suggestion, i.basis, i.basis_url, i.score_item"
            " FROM issue i JOIN url u ON u.id = i.url_id WHERE i.run_id = ? AND i.rule = ? ORDER BY i.id",
            (previous, rule.id),
        ).fetchall():
            number, key, level, chrome, url, target, *told = row
            pages = db.execute(
                "SELECT p.url_id, p.line, p.col FROM issue_page p JOIN url u ON u.id = p.url_id"
                " WHERE p.run_id = ? AND p.issue_id = ? ORDER BY u.url <> ?, u.url",
                (previous, number, url),
            ).fetchall()
            data = dict(zip(_TOLD, told, strict=True)) | {"suppressed": None}
            self._found(key, rule.id, level, chrome, pages, url, target, data)

    def _site_rule(self, rule: SiteRule) -> None:
        seen: set[str] = set()
        for hit in rule.check(self._site):
            key = fingerprint(rule.id, "site", "", hit.key, "", 0)
            if key in seen or not hit.pages:
                continue
            seen.add(key)
            level = self._levels.get(rule.id) or hit.level or rule.level
            pages = [(page, hit.line if n == 0 else 0, 0) for n, page in enumerate(hit.pages)]
            self._found(
                key, rule.id, int(level), int(hit.chrome), pages, self._site.url(hit.pages[0]), hit.target,
                _told(rule, hit),
            )  # fmt: skip

    def _write(self) -> None:
        """Number the issues in order of the report, with what earlier runs know of them."""
        db, run = self._db, self._run
        previous = self._last_judged()
        started = self._site.started
        db.execute("DROP TABLE IF EXISTS temp.numbered")
        db.execute(
            "CREATE TEMP TABLE numbered AS SELECT row_number() OVER"
            f" (ORDER BY {_ORDER}) AS id, * FROM temp.found"
        )
        rows = db.execute(
            "SELECT t.id, t.fingerprint, t.rule, t.level, t.chrome, t.pages, t.url_id, t.url, t.target_id, t.line,"
            " t.col, t.data, f.content_id, o.first_seen, p.column_name, p.crumbs, p.title, p.kind"
            " FROM temp.numbered t"
            " LEFT JOIN fetch f ON f.run_id = ?1 AND f.url_id = t.url_id"
            " LEFT JOIN page p ON p.content_id = f.content_id"
            " LEFT JOIN issue o ON o.run_id = ?2 AND o.fingerprint = t.fingerprint ORDER BY t.id",
            (run, previous),
        )
        made = []
        for row in rows:
            (number, key, rule, level, chrome, pages, url_id, url, target, line, col, data, content, first, column,
             crumbs, title, kind) = row  # fmt: skip
            told = json.loads(data)
            made.append(
                (
                    run, number, key, rule, told["title"], level, told["pass"], told["confidence"], told["message"],
                    told["quote"], told["before"], told["after"], told["suggestion"], told["basis"],
                    told["basis_url"], told["score_item"], chrome, told.get("suppressed"), pages, url_id, content,
                    line, col, target, section_of(self._config, url, column, crumbs, kind), title or "",
                    first or started, "still" if first else "new",
                )
            )  # fmt: skip
            if len(made) >= 1000:
                self._insert(made)
                made = []
        self._insert(made)
        db.execute(
            "INSERT INTO issue_page SELECT ?, t.id, p.url_id, p.line, p.col FROM temp.found_page p"
            " JOIN temp.numbered t ON t.n = p.n",
            (run,),
        )

    def _insert(self, rows: list[tuple[Any, ...]]) -> None:
        marks = ", ".join("?" * 28)
        self._db.executemany(f"INSERT INTO issue VALUES ({marks})", rows)

    # -- against the last run -------------------------------------------------

    def _last_judged(self) -> int | None:
        found: int | None = self._db.execute(
            "SELECT max(id) FROM run WHERE id < ? AND judged IS NOT NULL", (self._run,)
        ).fetchone()[0]
        return found

    def _compare(self) -> None:
        """What the last run found and this one does not: put right, or out of reach this time.

        Where none of the pages that carried an issue could be read and judged this time, nobody
        knows; it stays, as it was.
        """
        previous = self._last_judged()
        if previous is None:
            return
        db, run = self._db, self._run
        db.execute("DROP TABLE IF EXISTS temp.missing")
        db.execute(
            "CREATE TEMP TABLE missing AS SELECT o.id, o.rule, 0 AS known FROM issue o WHERE o.run_id = ?2"
            " AND NOT EXISTS (SELECT 1 FROM issue n WHERE n.run_id = ?1 AND n.fingerprint = o.fingerprint)",
            (run, previous),
        )
        if self._in_force is not None:
            db.execute(
                "DELETE FROM temp.missing WHERE rule NOT IN (SELECT value FROM json_each(?))",
                (json.dumps(sorted(self._in_force)),),
            )
        failed = json.dumps(sorted(self._failed))
        db.execute(
            "UPDATE temp.missing SET known = 1 WHERE rule NOT IN (SELECT value FROM json_each(?3)) AND EXISTS"
            " (SELECT 1 FROM issue_page i JOIN fetch f ON f.run_id = ?1 AND f.url_id = i.url_id"
            " LEFT JOIN page p ON p.content_id = f.content_id"
            " WHERE i.run_id = ?2 AND i.issue_id = missing.id"
            " AND (f.status IN (200, 304, 404, 410) OR f.next_id IS NOT NULL)"
            " AND NOT EXISTS (SELECT 1 FROM json_each(coalesce(p.unchecked, '[]')) g WHERE"
            "  json_extract(g.value, '$[1]') = '' OR missing.rule GLOB json_extract(g.value, '$[1]')))",
            (run, previous, failed),
        )
        if db.execute("SELECT state FROM run WHERE id = ?", (run,)).fetchone()[0] == "done":
            self._unlinked(previous, failed)
        db.execute(
            "INSERT INTO gone SELECT ?1, o.fingerprint, o.rule, o.title, o.level, o.quote, u.url, o.page_title,"
            " o.first_seen FROM issue o JOIN temp.missing m ON m.id = o.id JOIN url u ON u.id = o.url_id"
            " WHERE o.run_id = ?2 AND m.known AND o.suppressed IS NULL",
            (run, previous),
        )
        self._carry(previous)

    def _unlinked(self, previous: int, failed: str) -> None:
        """A page that nothing leads to any more is not on the site: its faults are gone with it.

        Not so where what led to it last time could not be read this time.
        """
        db, run = self._db, self._run
        db.execute("DROP TABLE IF EXISTS temp.vanished")
        db.execute(
            "CREATE TEMP TABLE vanished AS SELECT url_id, referrer_id, source FROM frontier r WHERE run_id = ?2"
            " AND NOT EXISTS (SELECT 1 FROM frontier n WHERE n.run_id = ?1 AND n.url_id = r.url_id)",
            (run, previous),
        )
        db.execute("CREATE INDEX temp.vanished_referrer ON vanished (referrer_id)")
        db.execute("DROP TABLE IF EXISTS temp.hidden")
        db.execute("CREATE TEMP TABLE hidden (url_id INTEGER PRIMARY KEY)")
        db.execute(
            "INSERT INTO temp.hidden WITH RECURSIVE h(url_id) AS ("
            " SELECT r.url_id FROM frontier r LEFT JOIN fetch f ON f.run_id = r.run_id AND f.url_id = r.url_id"
            "  WHERE r.run_id = ?1 AND r.purpose = 'page' AND f.next_id IS NULL"
            "  AND coalesce(f.status, 0) NOT IN (200, 304, 404, 410)"
            " UNION SELECT url_id FROM temp.vanished WHERE source = 'sitemap' AND EXISTS (SELECT 1 FROM fetch s"
            "  WHERE s.run_id = ?1 AND s.purpose = 'sitemap' AND s.failure IS NOT NULL AND s.status NOT IN (404, 410))"
            " UNION SELECT v.url_id FROM h JOIN temp.vanished v ON v.referrer_id = h.url_id) SELECT url_id FROM h",
            (run,),
        )
        db.execute(
            "UPDATE temp.missing SET known = 1 WHERE rule NOT IN (SELECT value FROM json_each(?3)) AND NOT EXISTS"
            " (SELECT 1 FROM issue_page i WHERE i.run_id = ?2 AND i.issue_id = missing.id AND (EXISTS"
            " (SELECT 1 FROM frontier r WHERE r.run_id = ?1 AND r.url_id = i.url_id)"
            " OR EXISTS (SELECT 1 FROM temp.hidden h WHERE h.url_id = i.url_id)))",
            (run, previous, failed),
        )

    def _carry(self, previous: int) -> None:
        """Take over from the last run what nobody could look at in this one, and number all anew."""
        db, run = self._db, self._run
        last = db.execute("SELECT coalesce(max(id), 0) FROM issue WHERE run_id = ?", (run,)).fetchone()[0]
        names = [row[1] for row in db.execute("PRAGMA table_info(issue)")]
        plain = [name for name in names if name not in ("run_id", "id", "state")]
        carried = db.execute(
            f"INSERT INTO issue (run_id, id, state, {', '.join(plain)}) SELECT ?1, ?3 + row_number() OVER"
            f" (ORDER BY o.id), 'still', {', '.join(f'o.{name}' for name in plain)}"
            " FROM issue o JOIN temp.missing m ON m.id = o.id WHERE o.run_id = ?2 AND NOT m.known",
            (run, previous, last),
        ).rowcount
        if not carried:
            return
        db.execute(
            "INSERT INTO issue_page SELECT ?1, n.id, p.url_id, p.line, p.col FROM issue n"
            " JOIN issue o ON o.run_id = ?2 AND o.fingerprint = n.fingerprint"
            " JOIN issue_page p ON p.run_id = ?2 AND p.issue_id = o.id WHERE n.run_id = ?1 AND n.id > ?3",
            (run, previous, last),
        )
        db.execute("DROP TABLE IF EXISTS temp.renumbered")
        db.execute(
            f"CREATE TEMP TABLE renumbered AS SELECT i.id AS old, row_number() OVER (ORDER BY {_ORDER}) AS id"
            " FROM issue i JOIN url u ON u.id = i.url_id WHERE i.run_id = ?",
            (run,),
        )
        db.execute("CREATE UNIQUE INDEX temp.renumbered_old ON renumbered (old)")
        for table, name in (("issue", "id"), ("issue_page", "issue_id")):
            # By way of negative numbers, since a number may not be given twice on the way.
            db.execute(
                f"UPDATE {table} SET {name} = -(SELECT t.id FROM temp.renumbered t WHERE t.old = {table}.{name})"
                " WHERE run_id = ?",
                (run,),
            )
            db.execute(f"UPDATE {table} SET {name} = -{name} WHERE run_id = ?", (run,))

    def _count(self) -> None:
        db, run, verdicts = self._db, self._run, self.verdicts
        for level, state, count in db.execute(
            "SELECT level, state, count(*) FROM issue WHERE run_id = ? AND suppressed IS NULL GROUP BY level, state",
            (run,),
        ):
            verdicts.issues[Level(level)] = verdicts.issues.get(Level(level), 0) + count
            if state == "new":
                verdicts.new += count
            else:
                verdicts.still += count
        verdicts.gone = db.execute("SELECT count(*) FROM gone WHERE run_id = ?", (run,)).fetchone()[0]
        verdicts.unchecked = db.execute(f"SELECT count(*) FROM ({UNCHECKED_PAGES})", {"run": run}).fetchone()[
            0
        ]

    def _gaps(self) -> None:
        """Write what judging could not do beside what the crawl could not, instead of what it said last time."""
        db, run = self._db, self._run
        state, gaps = db.execute("SELECT state, gaps FROM run WHERE id = ?", (run,)).fetchone()
        told = json.loads(gaps)
        gaps = [*(gap for gap in told if not _OWN_GAP.match(gap)), *self.verdicts.gaps]
        if state != "done" and not told:
            gaps.append("抓取没有做完，可用 --resume 接着抓")
        self.verdicts.gaps = gaps
        if gaps != told:
            db.execute("UPDATE run SET gaps = ? WHERE id = ?", (json.dumps(gaps, ensure_ascii=False), run))


UNCHECKED_PAGES = """
  SELECT f.url_id FROM fetch f LEFT JOIN page p ON p.content_id = f.content_id
  WHERE f.run_id = :run AND f.purpose = 'page' AND (
    (f.failure IS NOT NULL AND f.failure <> 'robots' AND f.status NOT IN (404, 410))
    OR (f.status IN (200, 304) AND p.unchecked <> '[]'))
"""
"""Pages that could not be read or judged to the end: ids of addresses."""


_TOLD = (
    "title", "pass", "confidence", "message", "quote", "before", "after", "suggestion", "basis", "basis_url",
    "score_item",
)  # fmt: skip


def _told(rule: SiteRule, hit: SiteHit) -> dict[str, Any]:
    clause = hit.clause or rule.basis
    return {
        "title": rule.title,
        "pass": rule.passes.key,
        "confidence": (hit.confidence or rule.confidence).value,
        "message": hit.message or rule.title,
        "quote": hit.quote[:_QUOTE],
        "before": hit.before,
        "after": hit.after,
        "suggestion": hit.suggestion[:_QUOTE],
        "basis": clause.cite,
        "basis_url": clause.url,
        "score_item": rule.score_item,
        "suppressed": None,
    }


def blocks(db: sqlite3.Connection, run: int, gates: Gates) -> bool:
    """Whether any issue of a run is at or above the gate of its pass."""
    for level, key in db.execute(
        "SELECT max(level), pass FROM issue WHERE run_id = ? AND suppressed IS NULL GROUP BY pass", (run,)
    ):
        gate = gates.level(Pass.parse(key))
        if gate is not None and level >= gate:
            return True
    return False
