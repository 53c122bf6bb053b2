"""deduction rate of a line."""

import sqlalchemy as sa
from alembic import op

import msingi.types

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    with op.batch_alter_table("claims_line", schema=None) as batch_op:
        batch_op.add_column(sa.Column("deduction_rate", msingi.types.Scaled(places=4), nullable=True))


def downgrade() -> None:
    with op.batch_alter_table("claims_line", schema=None) as batch_op:
        batch_op.drop_column("deduction_rate")
