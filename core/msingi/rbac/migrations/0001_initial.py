"""initial."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy import Text
from sqlalchemy.dialects import postgresql

revision = "0001"
down_revision = None


def upgrade() -> None:
    op.create_table(
        "rbac_jurisdiction",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("code", sa.String(length=64), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column(
            "names",
            sa.JSON().with_variant(postgresql.JSONB(astext_type=Text()), "postgresql"),
            nullable=False,
        ),
        sa.Column("level", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=32), nullable=False),
        sa.Column("parent_id", sa.Uuid(), nullable=True),
        sa.Column("valid_from", sa.Date(), nullable=True),
        sa.Column("valid_to", sa.Date(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["parent_id"],
            ["rbac_jurisdiction.id"],
            name=op.f("fk_rbac_jurisdiction_parent_id_rbac_jurisdiction"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_rbac_jurisdiction")),
        sa.UniqueConstraint("code", name=op.f("uq_rbac_jurisdiction_code")),
    )
    with op.batch_alter_table("rbac_jurisdiction", schema=None) as batch_op:
        batch_op.create_index("ix_rbac_jurisdiction_parent_id", ["parent_id"], unique=False)

    op.create_table(
        "rbac_closure",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("ancestor_id", sa.Uuid(), nullable=False),
        sa.Column("descendant_id", sa.Uuid(), nullable=False),
        sa.Column("depth", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["ancestor_id"],
            ["rbac_jurisdiction.id"],
            name=op.f("fk_rbac_closure_ancestor_id_rbac_jurisdiction"),
        ),
        sa.ForeignKeyConstraint(
            ["descendant_id"],
            ["rbac_jurisdiction.id"],
            name=op.f("fk_rbac_closure_descendant_id_rbac_jurisdiction"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_rbac_closure")),
        sa.UniqueConstraint(
            "ancestor_id", "descendant_id", name=op.f("uq_rbac_closure_ancestor_id_descendant_id")
        ),
    )
    with op.batch_alter_table("rbac_closure", schema=None) as batch_op:
        batch_op.create_index("ix_rbac_closure_descendant_id", ["descendant_id"], unique=False)


def downgrade() -> None:
    with op.batch_alter_table("rbac_closure", schema=None) as batch_op:
        batch_op.drop_index("ix_rbac_closure_descendant_id")

    op.drop_table("rbac_closure")
    with op.batch_alter_table("rbac_jurisdiction", schema=None) as batch_op:
        batch_op.drop_index("ix_rbac_jurisdiction_parent_id")

    op.drop_table("rbac_jurisdiction")
