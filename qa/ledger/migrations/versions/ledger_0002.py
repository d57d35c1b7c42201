"""What was approved for publication, for the check of what is online."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"


def _text(name: str) -> sa.Column[str]:
    return sa.Column(name, sa.Text, nullable=False, server_default="")


def upgrade() -> None:
    """From the revision before."""
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


def downgrade() -> None:
    """Back to the revision before."""
    op.drop_table("approval")
