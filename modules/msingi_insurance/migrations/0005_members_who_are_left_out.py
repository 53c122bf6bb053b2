"""members who are left out."""

import sqlalchemy as sa
from alembic import op

import msingi.types

revision = "0005"
down_revision = "0004"

POLICY = sa.table(
    "insurance_policy",
    *(sa.column(name, sa.Uuid) for name in ("id", "family_id")),
    sa.column("enrol_date", sa.Date),
    *(sa.column(name, msingi.types.Document) for name in ("named_insurees", "left_out")),
)
INSUREE = sa.table(
    "insurance_insuree",
    *(sa.column(name, sa.Uuid) for name in ("id", "family_id")),
    *(sa.column(name, sa.Date) for name in ("valid_from", "valid_to")),
)
COVER = sa.table(
    "insurance_insuree_policy", *(sa.column(name, sa.Uuid) for name in ("insuree_id", "policy_id"))
)


def upgrade() -> None:
    with op.batch_alter_table("insurance_policy", schema=None) as batch_op:
        batch_op.add_column(sa.Column("left_out", msingi.types.Document, nullable=True))
    _leave_out_the_others()


def downgrade() -> None:
    with op.batch_alter_table("insurance_policy", schema=None) as batch_op:
        batch_op.drop_column("left_out")


def _leave_out_the_others() -> None:
    """Who was insured by the day of the policy, was not named and is not covered was left out, as far as is known now."""
    connection = op.get_bind()
    named = sa.select(POLICY.c.id, POLICY.c.family_id, POLICY.c.enrol_date, POLICY.c.named_insurees)
    for policy in connection.execute(named.where(POLICY.c.named_insurees.is_not(None))).all():
        covered = sa.select(COVER.c.insuree_id).where(COVER.c.policy_id == policy.id)
        others = sa.select(INSUREE.c.id).where(
            INSUREE.c.family_id == policy.family_id,
            INSUREE.c.valid_from <= policy.enrol_date,
            INSUREE.c.valid_to.is_(None),
            INSUREE.c.id.not_in(covered),
        )
        left = [str(one) for one in connection.scalars(others) if str(one) not in policy.named_insurees]
        this = sa.update(POLICY).where(POLICY.c.id == policy.id)
        connection.execute(this.values(left_out=left or None))
