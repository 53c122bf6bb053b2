"""policies for named members."""

import sqlalchemy as sa
from alembic import op

import msingi.types

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    with op.batch_alter_table("insurance_policy", schema=None) as batch_op:
        batch_op.add_column(sa.Column("named_insurees", msingi.types.Document, nullable=True))


def downgrade() -> None:
    with op.batch_alter_table("insurance_policy", schema=None) as batch_op:
        batch_op.drop_column("named_insurees")
