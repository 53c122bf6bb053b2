"""families that moved."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"


def upgrade() -> None:
    op.create_table(
        "insurance_family_move",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("jurisdiction_id", sa.Uuid(), nullable=False),
        sa.Column("family_id", sa.Uuid(), nullable=False),
        sa.Column(
            "direction",
            sa.Enum("left", "came", name="movedirection", native_enum=False, length=32),
            nullable=False,
        ),
        sa.Column("other_id", sa.Uuid(), nullable=False),
        sa.Column("moved_on", sa.Date(), nullable=False),
        sa.Column("reason", sa.String(length=500), nullable=False),
        sa.Column("moved_by", sa.Uuid(), nullable=True),
        sa.ForeignKeyConstraint(
            ["family_id"],
            ["insurance_family.id"],
            name=op.f("fk_insurance_family_move_family_id_insurance_family"),
        ),
        sa.ForeignKeyConstraint(
            ["jurisdiction_id"],
            ["rbac_jurisdiction.id"],
            name=op.f("fk_insurance_family_move_jurisdiction_id_rbac_jurisdiction"),
        ),
        sa.ForeignKeyConstraint(
            ["other_id"],
            ["rbac_jurisdiction.id"],
            name=op.f("fk_insurance_family_move_other_id_rbac_jurisdiction"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_insurance_family_move")),
    )
    with op.batch_alter_table("insurance_family_move", schema=None) as batch_op:
        batch_op.create_index("ix_insurance_family_move_family_id", ["family_id"], unique=False)
        batch_op.create_index(
            batch_op.f("ix_insurance_family_move_jurisdiction_id"), ["jurisdiction_id"], unique=False
        )
        batch_op.create_index("ix_insurance_family_move_moved_on_id", ["moved_on", "id"], unique=False)


def downgrade() -> None:
    with op.batch_alter_table("insurance_family_move", schema=None) as batch_op:
        batch_op.drop_index("ix_insurance_family_move_moved_on_id")
        batch_op.drop_index(batch_op.f("ix_insurance_family_move_jurisdiction_id"))
        batch_op.drop_index("ix_insurance_family_move_family_id")

    op.drop_table("insurance_family_move")
