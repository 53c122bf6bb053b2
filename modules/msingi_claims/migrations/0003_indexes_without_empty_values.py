"""indexes without empty values."""

from alembic import op

from msingi.indexes import where_set

revision = "0003"
down_revision = "0002"

INDEXES = (
    ("claims_claim", "batch_id"),
    ("claims_claim", "administrator_id"),
    ("claims_claim", "pre_authorisation_id"),
    ("claims_claim", "restored_from_id"),
    ("claims_claim", "sample_id"),
    ("claims_line", "product_id"),
    ("claims_line", "policy_id"),
)


def upgrade() -> None:
    for table, column in INDEXES:
        op.drop_index(f"ix_{table}_{column}", table_name=table)
        op.create_index(f"ix_{table}_{column}", table, [column], **where_set(column))


def downgrade() -> None:
    for table, column in INDEXES:
        op.drop_index(f"ix_{table}_{column}", table_name=table)
        op.create_index(f"ix_{table}_{column}", table, [column])
