"""The schema of the ledger.  Every change needs a revision in ``migrations/versions``; a test compares."""

from __future__ import annotations

from sqlalchemy import (
    JSON,
    CheckConstraint,
    Column,
    ForeignKey,
    Index,
    Integer,
    MetaData,
    String,
    Table,
    Text,
    UniqueConstraint,
)

HEAD = "0003"
"""The newest revision: what this program reads and writes."""

VERSION_TABLE = "ledger_version"

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
        "pk": "pk_%(table_name)s",
    }
)

# Runs are merged with the ledger in order of fingerprints: both databases must sort as Python does.
BYTEWISE = String(64).with_variant(String(64, collation="C"), "postgresql")
TIME = String(20)
"""``2026-01-02T03:04:05Z``: sorts as it reads, on both databases."""


def _text(name: str) -> Column[str]:
    return Column(name, Text, nullable=False, server_default="")


def _number(name: str) -> Column[int]:
    return Column(name, Integer, nullable=False, server_default="0")


site = Table(
    "site",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("home", String(2000), nullable=False, unique=True),
    _text("name"),
    _text("unit"),
)

run = Table(
    "run",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("site_id", ForeignKey("site.id", ondelete="CASCADE"), nullable=False),
    Column("number", Integer, nullable=False),  # in its run store
    Column("started", TIME, nullable=False),
    Column("finished", TIME, nullable=False, server_default=""),
    Column("judged", String(40), nullable=False, server_default=""),  # as its store says; tells a new verdict
    Column("state", String(20), nullable=False),
    _text("ruleset"),
    _text("store"),
    Column("recorded", TIME, nullable=False),
    _number("pages"),
    _number("issues"),
    _number("veto"),
    _number("error"),
    _number("warning"),
    _number("note"),
    _number("suppressed"),
    _number("new"),
    _number("gone"),
    UniqueConstraint("site_id", "started", "number"),
)

issue = Table(
    "issue",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("site_id", ForeignKey("site.id", ondelete="CASCADE"), nullable=False),
    Column("fingerprint", BYTEWISE, nullable=False),
    _text("rule"),
    _text("rule_title"),
    Column("level", Integer, nullable=False),
    Column("pass", String(20), nullable=False),
    Column("confidence", String(20), nullable=False),
    _text("message"),
    _text("quote"),
    _text("before"),
    _text("after"),
    _text("suggestion"),
    _text("basis"),
    _text("section"),
    _text("title"),
    _text("url"),
    _text("target"),
    _number("pages"),
    Column("suppressed", Text),
    Column("first_seen", TIME, nullable=False),
    Column("last_seen", TIME, nullable=False),
    Column("gone_at", TIME),
    Column("state", String(10), nullable=False),
    Column("status", String(20), nullable=False, server_default="pending"),
    Column("status_at", TIME, nullable=False, server_default=""),
    _text("status_by"),
    _text("remark"),
    UniqueConstraint("site_id", "fingerprint"),
    CheckConstraint("state IN ('open', 'gone')", name="state"),
    Index(None, "site_id", "state", "status"),
    Index(None, "fingerprint"),
)

event = Table(
    "event",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("issue_id", ForeignKey("issue.id", ondelete="CASCADE"), nullable=False, index=True),
    Column("run_id", ForeignKey("run.id", ondelete="SET NULL")),
    Column("at", TIME, nullable=False),
    Column("kind", String(20), nullable=False),
    _text("actor"),
    _text("remark"),
    Column("old", String(20), nullable=False, server_default=""),
    Column("new", String(20), nullable=False, server_default=""),
)

approval = Table(
    "approval",
    metadata,
    Column("id", Integer, primary_key=True),  # in the order of approval
    # Of the address, or of the draft while it has none: SHA-256, since an index of PostgreSQL is short.
    Column("key", String(64), nullable=False, unique=True),
    # What follows is what qa.approval.record_of says.
    _text("url"),
    _text("identity"),
    _text("path"),
    _text("title"),
    Column("text_hash", String(64), nullable=False),
    Column("chars", Integer, nullable=False),
    Column("text", JSON(none_as_null=True)),
    Column("attachments", JSON, nullable=False),
    Column("images", JSON, nullable=False),
    Column("links", JSON, nullable=False),
    _text("published"),
    _text("source"),
    Column("approved_at", TIME, nullable=False),
    _text("approved_by"),
    _text("version"),
    Column("verdicts", JSON, nullable=False),
)
