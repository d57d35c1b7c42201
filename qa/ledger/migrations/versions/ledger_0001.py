"""Sites, runs, issues and their history."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None

BYTEWISE = sa.String(64).with_variant(sa.String(64, collation="C"), "postgresql")
TIME = sa.String(20)


def _text(name: str) -> sa.Column[str]:
    return sa.Column(name, sa.Text, nullable=False, server_default="")


def _number(name: str) -> sa.Column[int]:
    return sa.Column(name, sa.Integer, nullable=False, server_default="0")


def upgrade() -> None:
    """From the revision before."""
    op.create_table(
        "site",
        sa.Column("id", sa.Integer, nullable=False),
        sa.Column("home", sa.String(2000), nullable=False),
        _text("name"),
        _text("unit"),
        sa.PrimaryKeyConstraint("id", name="pk_site"),
        sa.UniqueConstraint("home", name="uq_site_home"),
    )
    op.create_table(
        "run",
        sa.Column("id", sa.Integer, nullable=False),
        sa.Column("site_id", sa.Integer, nullable=False),
        sa.Column("number", sa.Integer, nullable=False),
        sa.Column("started", TIME, nullable=False),
        sa.Column("finished", TIME, nullable=False, server_default=""),
        sa.Column("judged", sa.String(40), nullable=False, server_default=""),
        sa.Column("state", sa.String(20), nullable=False),
        _text("ruleset"),
        _text("store"),
        sa.Column("recorded", TIME, nullable=False),
        _number("pages"),
        _number("issues"),
        _number("veto"),
        _number("error"),
        _number("warning"),
        _number("note"),
        _number("suppressed"),
        _number("new"),
        _number("gone"),
        sa.PrimaryKeyConstraint("id", name="pk_run"),
        sa.ForeignKeyConstraint(["site_id"], ["site.id"], name="fk_run_site_id", ondelete="CASCADE"),
        sa.UniqueConstraint("site_id", "started", "number", name="uq_run_site_id_started_number"),
    )
    op.create_table(
        "issue",
        sa.Column("id", sa.Integer, nullable=False),
        sa.Column("site_id", sa.Integer, nullable=False),
        sa.Column("fingerprint", BYTEWISE, nullable=False),
        _text("rule"),
        _text("rule_title"),
        sa.Column("level", sa.Integer, nullable=False),
        sa.Column("pass", sa.String(20), nullable=False),
        sa.Column("confidence", sa.String(20), nullable=False),
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
        sa.Column("suppressed", sa.Text),
        sa.Column("first_seen", TIME, nullable=False),
        sa.Column("last_seen", TIME, nullable=False),
        sa.Column("gone_at", TIME),
        sa.Column("state", sa.String(10), nullable=False),
        sa.Column("status", sa.String(20), nullable=False, server_default="pending"),
        sa.Column("status_at", TIME, nullable=False, server_default=""),
        _text("status_by"),
        _text("remark"),
        sa.PrimaryKeyConstraint("id", name="pk_issue"),
        sa.ForeignKeyConstraint(["site_id"], ["site.id"], name="fk_issue_site_id", ondelete="CASCADE"),
        sa.UniqueConstraint("site_id", "fingerprint", name="uq_issue_site_id_fingerprint"),
        sa.CheckConstraint("state IN ('open', 'gone')", name=op.f("ck_issue_state")),
    )
    op.create_index("ix_issue_site_id_state_status", "issue", ["site_id", "state", "status"])
    op.create_index("ix_issue_fingerprint", "issue", ["fingerprint"])
    op.create_table(
        "event",
        sa.Column("id", sa.Integer, nullable=False),
        sa.Column("issue_id", sa.Integer, nullable=False),
        sa.Column("run_id", sa.Integer),
        sa.Column("at", TIME, nullable=False),
        sa.Column("kind", sa.String(20), nullable=False),
        _text("actor"),
        _text("remark"),
        sa.Column("old", sa.String(20), nullable=False, server_default=""),
        sa.Column("new", sa.String(20), nullable=False, server_default=""),
        sa.PrimaryKeyConstraint("id", name="pk_event"),
        sa.ForeignKeyConstraint(["issue_id"], ["issue.id"], name="fk_event_issue_id", ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["run_id"], ["run.id"], name="fk_event_run_id", ondelete="SET NULL"),
    )
    op.create_index("ix_event_issue_id", "event", ["issue_id"])


def downgrade() -> None:
    """Back to the revision before."""
    for table in ("event", "issue", "run", "site"):
        op.drop_table(table)
