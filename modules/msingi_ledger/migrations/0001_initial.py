"""initial."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy import Text
from sqlalchemy.dialects import postgresql

import msingi.types

revision = "0001"
down_revision = None


def upgrade() -> None:
    op.create_table('ledger_book',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('currency', sa.String(length=3), nullable=False),
    sa.Column('closed_through', sa.Date(), nullable=True),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_ledger_book')),
    sa.UniqueConstraint('currency', name=op.f('uq_ledger_book_currency'))
    )
    op.create_table('ledger_account',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('jurisdiction_id', sa.Uuid(), nullable=False),
    sa.Column('book_id', sa.Uuid(), nullable=False),
    sa.Column('currency', sa.String(length=3), nullable=False),
    sa.Column('code', sa.String(length=16), nullable=False),
    sa.Column('owner', sa.String(length=100), nullable=False),
    sa.Column('account_class', sa.Enum('asset', 'liability', 'income', 'expense', 'equity', name='accountclass', native_enum=False, length=32), nullable=False),
    sa.Column('bounded', sa.Boolean(), nullable=False),
    sa.Column('posted_minor', sa.BigInteger(), nullable=False),
    sa.Column('held_minor', sa.BigInteger(), nullable=False),
    sa.CheckConstraint('NOT bounded OR posted_minor >= held_minor', name=op.f('ck_ledger_account_bound')),
    sa.CheckConstraint('held_minor >= 0', name=op.f('ck_ledger_account_held')),
    sa.ForeignKeyConstraint(['book_id'], ['ledger_book.id'], name=op.f('fk_ledger_account_book_id_ledger_book')),
    sa.ForeignKeyConstraint(['jurisdiction_id'], ['rbac_jurisdiction.id'], name=op.f('fk_ledger_account_jurisdiction_id_rbac_jurisdiction')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_ledger_account')),
    sa.UniqueConstraint('book_id', 'code', 'owner', name=op.f('uq_ledger_account_book_id_code_owner'))
    )
    with op.batch_alter_table('ledger_account', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_ledger_account_jurisdiction_id'), ['jurisdiction_id'], unique=False)

    op.create_table('ledger_transaction',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('jurisdiction_id', sa.Uuid(), nullable=False),
    sa.Column('book_id', sa.Uuid(), nullable=False),
    sa.Column('template', sa.String(length=64), nullable=False),
    sa.Column('key', sa.String(length=100), nullable=False),
    sa.Column('input_hash', sa.LargeBinary(length=32), nullable=False),
    sa.Column('provider', sa.String(length=50), nullable=True),
    sa.Column('event_id', sa.String(length=100), nullable=True),
    sa.Column('occurred_on', sa.Date(), nullable=False),
    sa.Column('recorded_at', msingi.types.UtcDateTime(), nullable=False),
    sa.Column('description', sa.String(length=100), nullable=False),
    sa.Column('posted_by', sa.Uuid(), nullable=True),
    sa.Column('reverses_id', sa.Uuid(), nullable=True),
    sa.Column('mac', sa.LargeBinary(length=32), nullable=False),
    sa.CheckConstraint('(provider IS NULL) = (event_id IS NULL)', name=op.f('ck_ledger_transaction_event')),
    sa.ForeignKeyConstraint(['book_id'], ['ledger_book.id'], name=op.f('fk_ledger_transaction_book_id_ledger_book')),
    sa.ForeignKeyConstraint(['jurisdiction_id'], ['rbac_jurisdiction.id'], name=op.f('fk_ledger_transaction_jurisdiction_id_rbac_jurisdiction')),
    sa.ForeignKeyConstraint(['reverses_id'], ['ledger_transaction.id'], name=op.f('fk_ledger_transaction_reverses_id_ledger_transaction')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_ledger_transaction')),
    sa.UniqueConstraint('book_id', 'key', name=op.f('uq_ledger_transaction_book_id_key'))
    )
    with op.batch_alter_table('ledger_transaction', schema=None) as batch_op:
        batch_op.create_index('ix_ledger_transaction_book_id_occurred_on', ['book_id', 'occurred_on'], unique=False)
        batch_op.create_index(batch_op.f('ix_ledger_transaction_jurisdiction_id'), ['jurisdiction_id'], unique=False)
        batch_op.create_index('ix_ledger_transaction_recorded_at', ['recorded_at'], unique=False)
        batch_op.create_index('ux_ledger_transaction_provider_event_id', ['provider', 'event_id'], unique=True, sqlite_where=sa.text('provider IS NOT NULL'), postgresql_where=sa.text('provider IS NOT NULL'))
        batch_op.create_index('ux_ledger_transaction_reverses_id', ['reverses_id'], unique=True, sqlite_where=sa.text('reverses_id IS NOT NULL'), postgresql_where=sa.text('reverses_id IS NOT NULL'))

    op.create_table('ledger_entry',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('jurisdiction_id', sa.Uuid(), nullable=False),
    sa.Column('transaction_id', sa.Uuid(), nullable=False),
    sa.Column('position', sa.Integer(), nullable=False),
    sa.Column('account_id', sa.Uuid(), nullable=False),
    sa.Column('currency', sa.String(length=3), nullable=False),
    sa.Column('debit_minor', sa.BigInteger(), nullable=False),
    sa.Column('credit_minor', sa.BigInteger(), nullable=False),
    sa.CheckConstraint('(debit_minor > 0 AND credit_minor = 0) OR (debit_minor = 0 AND credit_minor > 0)', name=op.f('ck_ledger_entry_side')),
    sa.ForeignKeyConstraint(['account_id'], ['ledger_account.id'], name=op.f('fk_ledger_entry_account_id_ledger_account')),
    sa.ForeignKeyConstraint(['transaction_id'], ['ledger_transaction.id'], name=op.f('fk_ledger_entry_transaction_id_ledger_transaction')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_ledger_entry')),
    sa.UniqueConstraint('transaction_id', 'position', name=op.f('uq_ledger_entry_transaction_id_position'))
    )
    with op.batch_alter_table('ledger_entry', schema=None) as batch_op:
        batch_op.create_index('ix_ledger_entry_account_id', ['account_id'], unique=False)

    op.create_table('ledger_hold',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('jurisdiction_id', sa.Uuid(), nullable=False),
    sa.Column('account_id', sa.Uuid(), nullable=False),
    sa.Column('key', sa.String(length=100), nullable=False),
    sa.Column('input_hash', sa.LargeBinary(length=32), nullable=False),
    sa.Column('currency', sa.String(length=3), nullable=False),
    sa.Column('amount_minor', sa.BigInteger(), nullable=False),
    sa.Column('captured_minor', sa.BigInteger(), nullable=False),
    sa.Column('state', sa.Enum('open', 'captured', 'released', 'expired', name='holdstate', native_enum=False, length=32), nullable=False),
    sa.Column('expires_at', msingi.types.UtcDateTime(), nullable=False),
    sa.Column('transaction_id', sa.Uuid(), nullable=True),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.CheckConstraint('amount_minor > 0', name=op.f('ck_ledger_hold_amount')),
    sa.CheckConstraint('captured_minor BETWEEN 0 AND amount_minor', name=op.f('ck_ledger_hold_captured')),
    sa.ForeignKeyConstraint(['account_id'], ['ledger_account.id'], name=op.f('fk_ledger_hold_account_id_ledger_account')),
    sa.ForeignKeyConstraint(['jurisdiction_id'], ['rbac_jurisdiction.id'], name=op.f('fk_ledger_hold_jurisdiction_id_rbac_jurisdiction')),
    sa.ForeignKeyConstraint(['transaction_id'], ['ledger_transaction.id'], name=op.f('fk_ledger_hold_transaction_id_ledger_transaction')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_ledger_hold')),
    sa.UniqueConstraint('key', name=op.f('uq_ledger_hold_key'))
    )
    with op.batch_alter_table('ledger_hold', schema=None) as batch_op:
        batch_op.create_index('ix_ledger_hold_account_id', ['account_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_ledger_hold_jurisdiction_id'), ['jurisdiction_id'], unique=False)
        batch_op.create_index('ix_ledger_hold_state_expires_at', ['state', 'expires_at'], unique=False)

    op.create_table('ledger_link',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('book_id', sa.Uuid(), nullable=False),
    sa.Column('number', sa.BigInteger(), nullable=False),
    sa.Column('hash', sa.LargeBinary(length=32), nullable=False),
    sa.ForeignKeyConstraint(['book_id'], ['ledger_book.id'], name=op.f('fk_ledger_link_book_id_ledger_book')),
    sa.ForeignKeyConstraint(['id'], ['ledger_transaction.id'], name=op.f('fk_ledger_link_id_ledger_transaction')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_ledger_link')),
    sa.UniqueConstraint('book_id', 'number', name=op.f('uq_ledger_link_book_id_number'))
    )


def downgrade() -> None:
    op.drop_table('ledger_link')
    with op.batch_alter_table('ledger_hold', schema=None) as batch_op:
        batch_op.drop_index('ix_ledger_hold_state_expires_at')
        batch_op.drop_index(batch_op.f('ix_ledger_hold_jurisdiction_id'))
        batch_op.drop_index('ix_ledger_hold_account_id')

    op.drop_table('ledger_hold')
    with op.batch_alter_table('ledger_entry', schema=None) as batch_op:
        batch_op.drop_index('ix_ledger_entry_account_id')

    op.drop_table('ledger_entry')
    with op.batch_alter_table('ledger_transaction', schema=None) as batch_op:
        batch_op.drop_index('ux_ledger_transaction_reverses_id', sqlite_where=sa.text('reverses_id IS NOT NULL'), postgresql_where=sa.text('reverses_id IS NOT NULL'))
        batch_op.drop_index('ux_ledger_transaction_provider_event_id', sqlite_where=sa.text('provider IS NOT NULL'), postgresql_where=sa.text('provider IS NOT NULL'))
        batch_op.drop_index('ix_ledger_transaction_recorded_at')
        batch_op.drop_index(batch_op.f('ix_ledger_transaction_jurisdiction_id'))
        batch_op.drop_index('ix_ledger_transaction_book_id_occurred_on')

    op.drop_table('ledger_transaction')
    with op.batch_alter_table('ledger_account', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_ledger_account_jurisdiction_id'))

    op.drop_table('ledger_account')
    op.drop_table('ledger_book')
