"""initial."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy import Text
from sqlalchemy.dialects import postgresql

import msingi.types

revision = "0001"
down_revision = None


def upgrade() -> None:
    op.create_table(
        "welcome_sms_message",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("jurisdiction_id", sa.Uuid(), nullable=False),
        sa.Column("household_id", sa.Uuid(), nullable=False),
        sa.Column("phone", msingi.types.SealedText(), nullable=False),
        sa.Column("language", sa.String(length=3), nullable=False),
        sa.Column("text", sa.String(length=160), nullable=False),
        sa.Column("written_at", msingi.types.UtcDateTime(), nullable=False),
        sa.Column("sent_at", msingi.types.UtcDateTime(), nullable=True),
        sa.ForeignKeyConstraint(
            ["household_id"],
            ["registry_household.id"],
            name=op.f("fk_welcome_sms_message_household_id_registry_household"),
        ),
        sa.ForeignKeyConstraint(
            ["jurisdiction_id"],
            ["rbac_jurisdiction.id"],
            name=op.f("fk_welcome_sms_message_jurisdiction_id_rbac_jurisdiction"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_welcome_sms_message")),
        sa.UniqueConstraint("household_id", name=op.f("uq_welcome_sms_message_household_id")),
    )
    with op.batch_alter_table("welcome_sms_message", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_welcome_sms_message_jurisdiction_id"), ["jurisdiction_id"], unique=False
        )
        batch_op.create_index(batch_op.f("ix_welcome_sms_message_sent_at"), ["sent_at"], unique=False)


def downgrade() -> None:
    with op.batch_alter_table("welcome_sms_message", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_welcome_sms_message_sent_at"))
        batch_op.drop_index(batch_op.f("ix_welcome_sms_message_jurisdiction_id"))

    op.drop_table("welcome_sms_message")
