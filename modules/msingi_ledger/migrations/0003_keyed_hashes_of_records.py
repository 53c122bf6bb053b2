"""keyed hashes of records."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = '0002'

# Changing any other column is what the ledger itself does: balances, the state of a hold, the closing of a book.
FIXED = {
    "ledger_account": "id, jurisdiction_id, book_id, currency, code, owner, account_class, bounded",
    "ledger_book": "id, currency",
    "ledger_hold": (
        "id, jurisdiction_id, account_id, key, input_hash, currency, amount_minor, expires_at"
    ),
}
REFUSAL = "what this row fixedly is never changes"


def upgrade() -> None:
    with op.batch_alter_table('ledger_account', schema=None) as batch_op:
        batch_op.add_column(sa.Column('mac', sa.LargeBinary(length=32), nullable=True))
        batch_op.add_column(sa.Column('holds_sum', sa.LargeBinary(length=32), nullable=True))
        batch_op.add_column(sa.Column('holds_mac', sa.LargeBinary(length=32), nullable=True))

    with op.batch_alter_table('ledger_book', schema=None) as batch_op:
        batch_op.add_column(sa.Column('mac', sa.LargeBinary(length=32), nullable=True))

    with op.batch_alter_table('ledger_hold', schema=None) as batch_op:
        batch_op.add_column(sa.Column('mac', sa.LargeBinary(length=32), nullable=True))

    if op.get_bind().dialect.name == "postgresql":
        op.execute(
            "CREATE FUNCTION ledger_fixed() RETURNS trigger LANGUAGE plpgsql AS "
            f"$$ BEGIN RAISE EXCEPTION '{REFUSAL}' USING ERRCODE = 'restrict_violation'; END $$"
        )
    for name, table, event in _triggers():
        op.execute(f"CREATE TRIGGER {name} BEFORE {event} ON {table} {_refusing(event)}")


def downgrade() -> None:
    on_postgresql = op.get_bind().dialect.name == "postgresql"
    for name, table, _ in _triggers():
        op.execute(f"DROP TRIGGER {name}" + (f" ON {table}" if on_postgresql else ""))
    if on_postgresql:
        op.execute("DROP FUNCTION ledger_fixed()")
    # Not in a batch: SQLite would copy the tables, which rows that point to them forbid.
    op.drop_column("ledger_hold", "mac")
    op.drop_column("ledger_book", "mac")
    op.drop_column("ledger_account", "holds_mac")
    op.drop_column("ledger_account", "holds_sum")
    op.drop_column("ledger_account", "mac")


def _triggers() -> list[tuple[str, str, str]]:
    """Name, table and event of each."""
    truncated = ["TRUNCATE"] if op.get_bind().dialect.name == "postgresql" else []
    return [
        (f"tr_{table}_{event.partition(' ')[0].lower()}", table, event)
        for table, columns in FIXED.items()
        for event in (f"UPDATE OF {columns}", "DELETE", *truncated)
    ]


def _refusing(event: str) -> str:
    if op.get_bind().dialect.name == "sqlite":
        return f"BEGIN SELECT RAISE(ABORT, '{REFUSAL}'); END"
    each = "STATEMENT" if event == "TRUNCATE" else "ROW"
    return f"FOR EACH {each} EXECUTE FUNCTION ledger_fixed()"
