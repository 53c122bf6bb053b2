"""keep reinstatements."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    op.create_table(
        "insurance_reinstatement",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("jurisdiction_id", sa.Uuid(), nullable=False),
        sa.Column("policy_id", sa.Uuid(), nullable=False),
        sa.Column("reinstated_on", sa.Date(), nullable=False),
        sa.ForeignKeyConstraint(
            ["jurisdiction_id"],
            ["rbac_jurisdiction.id"],
            name=op.f("fk_insurance_reinstatement_jurisdiction_id_rbac_jurisdiction"),
        ),
        sa.ForeignKeyConstraint(
            ["policy_id"],
            ["insurance_policy.id"],
            name=op.f("fk_insurance_reinstatement_policy_id_insurance_policy"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_insurance_reinstatement")),
    )
    with op.batch_alter_table("insurance_reinstatement", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_insurance_reinstatement_jurisdiction_id"), ["jurisdiction_id"], unique=False
        )
        batch_op.create_index("ix_insurance_reinstatement_policy_id", ["policy_id"], unique=False)
    # The day of earlier ends is not known: suspensions that are over count as over on their own day.
    op.execute(
        "INSERT INTO insurance_reinstatement (id, jurisdiction_id, policy_id, reinstated_on)"
        " SELECT s.id, s.jurisdiction_id, s.policy_id, s.suspended_on FROM insurance_suspension AS s"
        " JOIN insurance_policy AS p ON p.id = s.policy_id WHERE p.status <> 'suspended'"
        " OR EXISTS (SELECT 1 FROM insurance_suspension AS later"
        " WHERE later.policy_id = s.policy_id AND later.id > s.id)"
    )


def downgrade() -> None:
    with op.batch_alter_table("insurance_reinstatement", schema=None) as batch_op:
        batch_op.drop_index("ix_insurance_reinstatement_policy_id")
        batch_op.drop_index(batch_op.f("ix_insurance_reinstatement_jurisdiction_id"))

    op.drop_table("insurance_reinstatement")
