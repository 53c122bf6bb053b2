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
        sa.Column("replaced_by_id", sa.Uuid(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["parent_id"],
            ["rbac_jurisdiction.id"],
            name=op.f("fk_rbac_jurisdiction_parent_id_rbac_jurisdiction"),
        ),
        sa.ForeignKeyConstraint(
            ["replaced_by_id"],
            ["rbac_jurisdiction.id"],
            name=op.f("fk_rbac_jurisdiction_replaced_by_id_rbac_jurisdiction"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_rbac_jurisdiction")),
        sa.UniqueConstraint("code", name=op.f("uq_rbac_jurisdiction_code")),
    )
    with op.batch_alter_table("rbac_jurisdiction", schema=None) as batch_op:
        batch_op.create_index("ix_rbac_jurisdiction_parent_id", ["parent_id"], unique=False)

    op.create_table(
        "rbac_policy_version",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.BigInteger(), nullable=False),
        sa.Column("stamp", sa.Uuid(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_rbac_policy_version")),
    )
    op.create_table(
        "rbac_role",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.String(length=64), nullable=False),
        sa.Column(
            "labels",
            sa.JSON().with_variant(postgresql.JSONB(astext_type=Text()), "postgresql"),
            nullable=False,
        ),
        sa.Column("preset", sa.Boolean(), nullable=False),
        sa.Column("retired", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_rbac_role")),
        sa.UniqueConstraint("name", name=op.f("uq_rbac_role_name")),
    )
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

    op.create_table(
        "rbac_grant",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("jurisdiction_id", sa.Uuid(), nullable=False),
        sa.Column("subject_id", sa.Uuid(), nullable=False),
        sa.Column("role_id", sa.Uuid(), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("valid_to", sa.Date(), nullable=True),
        sa.Column("granted_by", sa.Uuid(), nullable=True),
        sa.Column("reason", sa.String(length=500), nullable=False),
        sa.Column("revoked_at", msingi.types.UtcDateTime(), nullable=True),
        sa.Column("revoked_by", sa.Uuid(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["jurisdiction_id"],
            ["rbac_jurisdiction.id"],
            name=op.f("fk_rbac_grant_jurisdiction_id_rbac_jurisdiction"),
        ),
        sa.ForeignKeyConstraint(["role_id"], ["rbac_role.id"], name=op.f("fk_rbac_grant_role_id_rbac_role")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_rbac_grant")),
    )
    with op.batch_alter_table("rbac_grant", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_rbac_grant_jurisdiction_id"), ["jurisdiction_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_rbac_grant_role_id"), ["role_id"], unique=False)
        batch_op.create_index("ix_rbac_grant_subject_id", ["subject_id"], unique=False)

    op.create_table(
        "rbac_past_parent",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("place_id", sa.Uuid(), nullable=False),
        sa.Column("parent_id", sa.Uuid(), nullable=False),
        sa.Column("valid_to", sa.Date(), nullable=False),
        sa.ForeignKeyConstraint(
            ["parent_id"],
            ["rbac_jurisdiction.id"],
            name=op.f("fk_rbac_past_parent_parent_id_rbac_jurisdiction"),
        ),
        sa.ForeignKeyConstraint(
            ["place_id"],
            ["rbac_jurisdiction.id"],
            name=op.f("fk_rbac_past_parent_place_id_rbac_jurisdiction"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_rbac_past_parent")),
    )
    with op.batch_alter_table("rbac_past_parent", schema=None) as batch_op:
        batch_op.create_index("ix_rbac_past_parent_place_id_valid_to", ["place_id", "valid_to"], unique=False)

    op.create_table(
        "rbac_policy",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("role_id", sa.Uuid(), nullable=False),
        sa.Column("module", sa.String(length=64), nullable=False),
        sa.Column("action", sa.String(length=64), nullable=False),
        sa.CheckConstraint("module NOT LIKE '%.%'", name=op.f("ck_rbac_policy_module_without_dot")),
        sa.ForeignKeyConstraint(["role_id"], ["rbac_role.id"], name=op.f("fk_rbac_policy_role_id_rbac_role")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_rbac_policy")),
        sa.UniqueConstraint("role_id", "module", "action", name=op.f("uq_rbac_policy_role_id_module_action")),
    )


def downgrade() -> None:
    op.drop_table("rbac_policy")
    with op.batch_alter_table("rbac_past_parent", schema=None) as batch_op:
        batch_op.drop_index("ix_rbac_past_parent_place_id_valid_to")

    op.drop_table("rbac_past_parent")
    with op.batch_alter_table("rbac_grant", schema=None) as batch_op:
        batch_op.drop_index("ix_rbac_grant_subject_id")
        batch_op.drop_index(batch_op.f("ix_rbac_grant_role_id"))
        batch_op.drop_index(batch_op.f("ix_rbac_grant_jurisdiction_id"))

    op.drop_table("rbac_grant")
    with op.batch_alter_table("rbac_closure", schema=None) as batch_op:
        batch_op.drop_index("ix_rbac_closure_descendant_id")

    op.drop_table("rbac_closure")
    op.drop_table("rbac_role")
    op.drop_table("rbac_policy_version")
    with op.batch_alter_table("rbac_jurisdiction", schema=None) as batch_op:
        batch_op.drop_index("ix_rbac_jurisdiction_parent_id")

    op.drop_table("rbac_jurisdiction")
