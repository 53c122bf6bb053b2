"""checks of the whole ledger."""

import sqlalchemy as sa
from alembic import op

import msingi.types

revision = "0002"
down_revision = '0001'


def upgrade() -> None:
    op.create_table('ledger_check',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('checked_at', msingi.types.UtcDateTime(), nullable=False),
    sa.Column('balanced', sa.Boolean(), nullable=False),
    sa.Column('transactions', sa.BigInteger(), nullable=False),
    sa.Column('entries', sa.BigInteger(), nullable=False),
    sa.Column('sealed', sa.BigInteger(), nullable=False),
    sa.Column('root', sa.String(length=100), nullable=False),
    sa.Column('faults', sa.Integer(), nullable=False),
    sa.Column('rule', sa.String(length=10), nullable=False),
    sa.Column('wrong_table', sa.String(length=40), nullable=False),
    sa.Column('wrong_row', sa.Uuid(), nullable=True),
    sa.Column('reason', sa.String(length=200), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_ledger_check'))
    )
    with op.batch_alter_table('ledger_check', schema=None) as batch_op:
        batch_op.create_index('ix_ledger_check_checked_at', ['checked_at'], unique=False)


def downgrade() -> None:
    with op.batch_alter_table('ledger_check', schema=None) as batch_op:
        batch_op.drop_index('ix_ledger_check_checked_at')

    op.drop_table('ledger_check')
