"""proof of keys."""

import sqlalchemy as sa
from alembic import op

import msingi.types

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    with op.batch_alter_table("core_installation", schema=None) as batch_op:
        batch_op.add_column(sa.Column("key_proof", msingi.types.SealedText(), nullable=True))
        batch_op.add_column(sa.Column("index_proof", sa.String(length=32), nullable=True))


def downgrade() -> None:
    with op.batch_alter_table("core_installation", schema=None) as batch_op:
        batch_op.drop_column("index_proof")
        batch_op.drop_column("key_proof")
