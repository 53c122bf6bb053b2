"""what files hold for nobody."""

import sqlalchemy as sa
from alembic import op

import msingi.types

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    with op.batch_alter_table("insurance_field_upload", schema=None) as batch_op:
        batch_op.add_column(sa.Column("not_kept", msingi.types.Document, nullable=True))


def downgrade() -> None:
    with op.batch_alter_table("insurance_field_upload", schema=None) as batch_op:
        batch_op.drop_column("not_kept")
