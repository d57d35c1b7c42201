"""The run store: every fact of a crawl in one SQLite file (``run.db``), safe against kill -9.

The tables are the contract between the crawler (writes facts), the judge (writes what pages say
and what rules found), site rules and reports (read).  Times are ISO 8601 in UTC with ``Z``.
Bodies lie in WARC files beside it; ``content`` says where.

One address is fetched once a run, redirects included: a redirect is a fetch of its own whose
``next_id`` names where it led, so chains are rows, not blobs.
"""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path
from urllib.parse import quote

VERSION = 1

PAGE, CHECK, PROBE, SITEMAP, ROBOTS = "page", "check", "probe", "sitemap", "robots"
"""Purposes of a fetch: read for links and judged; asked only whether it is alive; a made-up
address that cannot exist (soft 404); and the two files a crawl begins with."""

SCHEMA = """
CREATE TABLE run (
  id INTEGER PRIMARY KEY,
  started TEXT NOT NULL,
  finished TEXT,
  state TEXT NOT NULL,              -- running | stopped (can be resumed) | done
  home TEXT NOT NULL,               -- address of the home page
  config TEXT NOT NULL,             -- JSON: scope, limits, politeness, overrides in force
  notices TEXT NOT NULL DEFAULT '[]', -- JSON: Chinese remarks (robots override, traps, budget)
  gaps TEXT NOT NULL DEFAULT '[]',  -- JSON: Chinese reasons why the run is not complete
  judged TEXT,                      -- time of judging
  ruleset TEXT,                     -- rules and word lists the verdicts rest on
  settings TEXT                     -- hash of what else the rules of sites were judged with
);
CREATE TABLE url (
  id INTEGER PRIMARY KEY,
  url TEXT NOT NULL UNIQUE,         -- canonical, without fragment
  host TEXT NOT NULL,               -- with port
  content_id INTEGER                -- newest body known, for conditional requests
);
CREATE TABLE frontier (
  run_id INTEGER NOT NULL,
  url_id INTEGER NOT NULL,
  depth INTEGER NOT NULL,           -- clicks from the home page
  purpose TEXT NOT NULL,
  referrer_id INTEGER,              -- page (url) where it was first seen; NULL for seeds
  source TEXT NOT NULL DEFAULT '',  -- seed | sitemap | link | redirect
  PRIMARY KEY (run_id, url_id)
) WITHOUT ROWID;
CREATE INDEX frontier_level ON frontier (run_id, depth, purpose);
CREATE TABLE fetch (
  run_id INTEGER NOT NULL,
  url_id INTEGER NOT NULL,
  purpose TEXT NOT NULL,
  at TEXT NOT NULL,                 -- when it was really asked (earlier than the run: cached)
  elapsed REAL NOT NULL,            -- seconds
  status INTEGER NOT NULL,          -- 0 where none came; 304 stands for "as content_id"
  failure TEXT,                     -- kind, as crawler.fetch.Kind; NULL where it was answered below 400
  message TEXT NOT NULL DEFAULT '', -- Chinese cause of the failure
  next_id INTEGER,                  -- redirects: where it led
  content_id INTEGER,               -- the body, also where it was not sent again (304, same hash)
  attempts INTEGER NOT NULL DEFAULT 1,
  headers TEXT NOT NULL DEFAULT '', -- raw, one a line
  cached INTEGER NOT NULL DEFAULT 0,-- taken over from an earlier run by age
  PRIMARY KEY (run_id, url_id)
) WITHOUT ROWID;
CREATE TABLE content (              -- one body served at one address
  id INTEGER PRIMARY KEY,
  url_id INTEGER NOT NULL,
  digest BLOB NOT NULL,             -- SHA-1 of the decoded body
  size INTEGER NOT NULL,            -- bytes, decoded
  media TEXT NOT NULL,              -- media type as sent, lower case
  charset TEXT,                     -- as the header says
  warc TEXT, offset INTEGER, length INTEGER,  -- gzip member in DIR/warc
  run_id INTEGER NOT NULL,          -- run that saw it first
  first_seen TEXT NOT NULL,
  title TEXT NOT NULL DEFAULT '',   -- of <title>
  excerpt TEXT NOT NULL DEFAULT '', -- the first 300 characters of text; external pages and probes only
  etag TEXT, modified TEXT,         -- validators sent with it
  anchors TEXT NOT NULL DEFAULT '', -- ids and names, one a line
  targets BLOB,                     -- packed link targets (see crawler), for unchanged pages
  page INTEGER NOT NULL DEFAULT 0,  -- 1: an HTML page to be judged
  UNIQUE (url_id, digest)
);
CREATE TABLE link (
  content_id INTEGER NOT NULL,
  n INTEGER NOT NULL,               -- order in the page
  target_id INTEGER NOT NULL,       -- url
  fragment TEXT NOT NULL DEFAULT '',-- percent-decoded
  kind TEXT NOT NULL,               -- a area image script style frame media object form refresh
  text TEXT NOT NULL DEFAULT '',    -- anchor text or alt, 100 characters at most
  place TEXT NOT NULL,              -- main | chrome
  line INTEGER NOT NULL,            -- of the source, from 1
  rel TEXT NOT NULL DEFAULT '',
  hidden INTEGER NOT NULL DEFAULT 0,-- 1: no reader can see it (inline style of it or what holds it)
  PRIMARY KEY (content_id, n)
) WITHOUT ROWID;
CREATE TABLE page (                 -- what a page says of itself; one row a judged content
  content_id INTEGER PRIMARY KEY,
  ruleset TEXT NOT NULL,
  kind TEXT NOT NULL,               -- article | column | other (the home page is known by address)
  title TEXT NOT NULL,              -- the article's title as its reader sees it
  identity TEXT NOT NULL,           -- what fingerprints know the document by
  chars INTEGER NOT NULL,           -- characters of the main text
  text_hash TEXT NOT NULL,          -- of the main text without blanks; '' where there is none
  sketch BLOB,                      -- near duplicates: see qa.site.facts
  site_name TEXT, site_domain TEXT, site_code TEXT,          -- metas; NULL: no such tag
  column_name TEXT, column_type TEXT, article_title TEXT, pub_date TEXT, content_source TEXT,
  published TEXT,                   -- date shown, YYYY-MM-DD or YYYY-MM-DDTHH:MM; NULL: none found
  published_from TEXT NOT NULL DEFAULT '',  -- meta | text
  url_date TEXT,                    -- date in the address, YYYY-MM-DD or YYYY-MM
  crumbs TEXT NOT NULL DEFAULT '[]',-- JSON: texts of the breadcrumbs, outermost first
  items INTEGER NOT NULL DEFAULT 0, -- list pages: entries in the main part; -1: a script fills them in
  latest TEXT,                      -- list pages: newest date beside an entry, YYYY-MM-DD
  marks INTEGER NOT NULL DEFAULT 0, -- bits of the six footer marks and two more, see qa.site.footer
  footer_code TEXT,                 -- site code printed in the footer
  error_entry INTEGER NOT NULL DEFAULT 0,   -- 找错 entry: 1 in the footer, 0 none
  doc_number TEXT, doc_date TEXT,   -- 文号 and date of signing of the document itself
  claims TEXT NOT NULL DEFAULT '[]',-- JSON: [kind, key, value, quote] facts told on many pages
  prompt INTEGER NOT NULL DEFAULT 0,-- 1: scripts hold a leave-site prompt
  error_page INTEGER NOT NULL DEFAULT 0,    -- 1: reads like an error page
  unchecked TEXT NOT NULL DEFAULT '[]',     -- JSON: [reason, rule, pass] (Chinese reason)
  notices TEXT NOT NULL DEFAULT '[]'
);
CREATE TABLE band (                 -- near duplicates: contents that share a key are compared
  key INTEGER NOT NULL, content_id INTEGER NOT NULL, PRIMARY KEY (key, content_id)
) WITHOUT ROWID;
CREATE TABLE finding (              -- what the rules of pages found in one content
  content_id INTEGER NOT NULL, n INTEGER NOT NULL,
  fingerprint TEXT NOT NULL, rule TEXT NOT NULL, level INTEGER NOT NULL, chrome INTEGER NOT NULL,
  data TEXT NOT NULL,               -- JSON, the fields of qa.site.model.Issue
  PRIMARY KEY (content_id, n)
) WITHOUT ROWID;
CREATE TABLE issue (                -- one error of one run, however many pages carry it
  run_id INTEGER NOT NULL,
  id INTEGER NOT NULL,              -- 1 … in order of the report
  fingerprint TEXT NOT NULL,
  rule TEXT NOT NULL, title TEXT NOT NULL, level INTEGER NOT NULL, pass TEXT NOT NULL,
  confidence TEXT NOT NULL, message TEXT NOT NULL,
  quote TEXT NOT NULL, before TEXT NOT NULL, after TEXT NOT NULL, suggestion TEXT NOT NULL,
  basis TEXT NOT NULL, basis_url TEXT NOT NULL, score_item TEXT NOT NULL,
  chrome INTEGER NOT NULL,
  suppressed TEXT,                  -- reason where somebody chose to ignore it
  pages INTEGER NOT NULL,           -- how many pages carry it
  url_id INTEGER NOT NULL,          -- the first of them
  content_id INTEGER,               -- its snapshot
  line INTEGER NOT NULL DEFAULT 0, col INTEGER NOT NULL DEFAULT 0,
  target_id INTEGER,                -- faults of links: the address in question
  section TEXT NOT NULL DEFAULT '', -- column (栏目) of the first page, '' unknown
  page_title TEXT NOT NULL DEFAULT '',
  first_seen TEXT NOT NULL,         -- time of the run that first found it
  state TEXT NOT NULL,              -- new | still
  PRIMARY KEY (run_id, id)
) WITHOUT ROWID;
CREATE UNIQUE INDEX issue_fingerprint ON issue (run_id, fingerprint);
CREATE INDEX issue_state ON issue (run_id, state, level);
CREATE TABLE issue_page (
  run_id INTEGER NOT NULL, issue_id INTEGER NOT NULL, url_id INTEGER NOT NULL,
  line INTEGER NOT NULL DEFAULT 0, col INTEGER NOT NULL DEFAULT 0,
  PRIMARY KEY (run_id, issue_id, url_id)
) WITHOUT ROWID;
CREATE TABLE gone (                 -- issues of the last run that are there no more
  run_id INTEGER NOT NULL, fingerprint TEXT NOT NULL,
  rule TEXT NOT NULL, title TEXT NOT NULL, level INTEGER NOT NULL, quote TEXT NOT NULL,
  url TEXT NOT NULL, page_title TEXT NOT NULL, first_seen TEXT NOT NULL,
  PRIMARY KEY (run_id, fingerprint)
) WITHOUT ROWID;
CREATE TABLE trap (                 -- shapes of addresses without end, closed in a run (see crawler.traps)
  run_id INTEGER NOT NULL, shape TEXT NOT NULL, dropped INTEGER NOT NULL DEFAULT 0,
  PRIMARY KEY (run_id, shape)
) WITHOUT ROWID;
CREATE TABLE mark (                 -- what judging made of an address in this run
  run_id INTEGER NOT NULL, url_id INTEGER NOT NULL, name TEXT NOT NULL,  -- soft404
  PRIMARY KEY (run_id, url_id, name)
) WITHOUT ROWID;
"""


LINK_INDEXES = (
    "CREATE INDEX IF NOT EXISTS link_target ON link (target_id)",
    "CREATE INDEX IF NOT EXISTS link_fragment ON link (target_id, fragment) WHERE fragment <> ''",
)
"""Made at the end of the first crawl: over a full table that takes a quarter of keeping them up row by row."""


class StoreError(Exception):
    """A run store that cannot be used; the message is Chinese and names the file."""


def open_store(path: Path | str, *, create: bool = True, readonly: bool = False) -> sqlite3.Connection:
    """Open a run store; tables are made where the file is new.

    Args:
        path: of ``run.db``, or ``":memory:"``.
        create: whether a missing file is made.
        readonly: open for reading alone.

    Raises:
        StoreError: no such file, not a run store, or of another version.
    """
    memory = str(path) == ":memory:"
    if not memory and (readonly or not create) and not Path(path).is_file():
        raise StoreError(f"找不到运行记录“{path}”，请先运行 shenjiao crawl")
    db = None
    try:
        db = sqlite3.connect(
            f"file:{quote(Path(path).absolute().as_posix())}?mode=ro" if readonly else path,
            uri=readonly,
            isolation_level=None,
            check_same_thread=False,
            cached_statements=256,
        )
        _prepare(db, path, readonly=readonly, memory=memory)
    except sqlite3.DatabaseError as error:
        if db is not None:
            db.close()
        raise StoreError(f"运行记录“{path}”打不开：{explain(error)}") from error
    except StoreError:
        assert db is not None
        db.close()
        raise
    return db


def _prepare(db: sqlite3.Connection, path: Path | str, *, readonly: bool, memory: bool) -> None:
    version = db.execute("PRAGMA user_version").fetchone()[0]
    if not readonly and not memory:
        db.execute("PRAGMA journal_mode=WAL")
    db.execute("PRAGMA synchronous=NORMAL")
    db.execute("PRAGMA cache_size=-16000")
    db.execute("PRAGMA busy_timeout=30000")
    if version == 0:
        with closing(db.execute("SELECT count(*) FROM sqlite_master")) as cursor:
            empty = cursor.fetchone()[0] == 0
        if not empty or readonly:
            raise StoreError(f"“{path}”不是审校的运行记录")
        db.executescript(f"BEGIN;{SCHEMA}PRAGMA user_version={VERSION};COMMIT;")
    elif version != VERSION:
        raise StoreError(f"“{path}”是另一版本的运行记录（{version}），本程序只认 {VERSION}")


_CAUSES = {
    "full": "磁盘空间不足",
    "locked": "正被别的程序使用",
    "not a database": "文件不是数据库，或已损坏",
    "malformed": "文件已损坏",
    "readonly": "没有写入权限",
    "disk I/O": "磁盘读写出错，可能空间不足",
    "unable to open": "文件夹不存在，或没有权限",
}


def explain(error: sqlite3.Error) -> str:
    """Chinese cause of an error of the database."""
    words = str(error)
    return next((cause for sign, cause in _CAUSES.items() if sign in words), words)


def latest_run(db: sqlite3.Connection, *, state: str | None = None) -> int | None:
    """Number of the newest run (in a state, where one is given); ``None`` where there is none."""
    row = db.execute(
        "SELECT max(id) FROM run WHERE ?1 IS NULL OR state = ?1",
        (state,),
    ).fetchone()
    return row[0] if row else None
