"""indexes without empty values."""

from alembic import op

from msingi.indexes import where_set

revision = "0007"
down_revision = "0006"

INDEXES = (
    ("insurance_policy", "previous_policy_id"),
    ("insurance_premium", "payer_id"),
    ("insurance_premium", "payment_id"),
)


def upgrade() -> None:
    for table, column in INDEXES:
        op.drop_index(f"ix_{table}_{column}", table_name=table)
        op.create_index(f"ix_{table}_{column}", table, [column], **where_set(column))


def downgrade() -> None:
    for table, column in INDEXES:
        op.drop_index(f"ix_{table}_{column}", table_name=table)
        op.create_index(f"ix_{table}_{column}", table, [column])
