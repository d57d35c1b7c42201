"""Approvals as ``check --approve`` and the hook record them.

No command ever wrote the table of the revision before, and its hashes were of another kind than
those a recheck compares: it goes with whatever somebody may have put into it.
"""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"


def _text(name: str) -> sa.Column[str]:
    return sa.Column(name, sa.Text, nullable=False, server_default="")


def upgrade() -> None:
    """From the revision before."""
    op.drop_table("approval")
    op.create_table(
        "approval",
        sa.Column("id", sa.Integer, nullable=False),
        sa.Column("key", sa.String(64), nullable=False),
        _text("url"),
        _text("identity"),
        _text("path"),
        _text("title"),
        sa.Column("text_hash", sa.String(64), nullable=False),
        sa.Column("chars", sa.Integer, nullable=False),
        sa.Column("text", sa.JSON),
        sa.Column("attachments", sa.JSON, nullable=False),
        sa.Column("images", sa.JSON, nullable=False),
        sa.Column("links", sa.JSON, nullable=False),
        _text("published"),
        _text("source"),
        sa.Column("approved_at", sa.String(20), nullable=False),
        _text("approved_by"),
        _text("version"),
        sa.Column("verdicts", sa.JSON, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_approval"),
        sa.UniqueConstraint("key", name="uq_approval_key"),
    )


def downgrade() -> None:
    """Back to the revision before."""
    op.drop_table("approval")
    op.create_table(
        "approval",
        sa.Column("id", sa.Integer, nullable=False),
        _text("site"),
        sa.Column("url", sa.Text, nullable=False),
        sa.Column("url_key", sa.String(64), nullable=False),
        _text("identity"),
        _text("title"),
        sa.Column("text_hash", sa.String(64), nullable=False),
        sa.Column("text", sa.Text),
        sa.Column("attachments", sa.JSON, nullable=False),
        sa.Column("approved_at", sa.String(20), nullable=False),
        _text("approved_by"),
        _text("source"),
        sa.PrimaryKeyConstraint("id", name="pk_approval"),
        sa.UniqueConstraint("url_key", name="uq_approval_url_key"),
    )
    op.create_index("ix_approval_site", "approval", ["site"])
