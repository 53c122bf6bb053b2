"""initial."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy import Text
from sqlalchemy.dialects import postgresql

import msingi.types

revision = "0001"
down_revision = None


def upgrade() -> None:
    op.create_table('core_idempotency',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('actor_id', sa.Uuid(), nullable=False),
    sa.Column('key', sa.String(length=200), nullable=False),
    sa.Column('payload_hash', sa.String(length=64), nullable=False),
    sa.Column('response', msingi.types.SealedText(), nullable=False),
    sa.Column('created_at', msingi.types.UtcDateTime(), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_core_idempotency')),
    sa.UniqueConstraint('actor_id', 'key', name=op.f('uq_core_idempotency_actor_id_key'))
    )
    with op.batch_alter_table('core_idempotency', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_core_idempotency_created_at'), ['created_at'], unique=False)

    op.create_table('core_installation',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('demo', sa.Boolean(), nullable=False),
    sa.Column('currency', sa.String(length=3), nullable=False),
    sa.Column('created_at', msingi.types.UtcDateTime(), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_core_installation'))
    )
    op.create_table('core_job',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('name', sa.String(length=120), nullable=False),
    sa.Column('arguments', sa.JSON().with_variant(postgresql.JSONB(astext_type=Text()), 'postgresql'), nullable=False),
    sa.Column('state', sa.Enum('queued', 'running', 'done', 'parked', 'cancelled', name='jobstate', native_enum=False, length=32), nullable=False),
    sa.Column('key', sa.String(length=200), nullable=True),
    sa.Column('slot', sa.String(length=200), nullable=True),
    sa.Column('attempts', sa.Integer(), nullable=False),
    sa.Column('run_at', msingi.types.UtcDateTime(), nullable=False),
    sa.Column('lease_until', msingi.types.UtcDateTime(), nullable=True),
    sa.Column('worker', sa.String(length=80), nullable=True),
    sa.Column('progress', sa.Integer(), nullable=False),
    sa.Column('total', sa.Integer(), nullable=True),
    sa.Column('checkpoint', sa.JSON().with_variant(postgresql.JSONB(astext_type=Text()), 'postgresql'), nullable=True),
    sa.Column('result', sa.JSON().with_variant(postgresql.JSONB(astext_type=Text()), 'postgresql'), nullable=True),
    sa.Column('error_code', sa.String(length=120), nullable=True),
    sa.Column('error_template', sa.Text(), nullable=True),
    sa.Column('error_params', sa.JSON().with_variant(postgresql.JSONB(astext_type=Text()), 'postgresql'), nullable=True),
    sa.Column('actor_id', sa.Uuid(), nullable=True),
    sa.Column('as_system', sa.Boolean(), nullable=False),
    sa.Column('limits', sa.JSON().with_variant(postgresql.JSONB(astext_type=Text()), 'postgresql'), nullable=True),
    sa.Column('created_at', msingi.types.UtcDateTime(), nullable=False),
    sa.Column('finished_at', msingi.types.UtcDateTime(), nullable=True),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_core_job')),
    sa.UniqueConstraint('slot', name=op.f('uq_core_job_slot'))
    )
    with op.batch_alter_table('core_job', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_core_job_actor_id'), ['actor_id'], unique=False)
        batch_op.create_index('ix_core_job_state_run_at_id', ['state', 'run_at', 'id'], unique=False)
        batch_op.create_index('uq_core_job_key', ['key'], unique=True, sqlite_where=sa.text("state IN ('queued', 'running')"), postgresql_where=sa.text("state IN ('queued', 'running')"))


def downgrade() -> None:
    with op.batch_alter_table('core_job', schema=None) as batch_op:
        batch_op.drop_index('uq_core_job_key', sqlite_where=sa.text("state IN ('queued', 'running')"), postgresql_where=sa.text("state IN ('queued', 'running')"))
        batch_op.drop_index('ix_core_job_state_run_at_id')
        batch_op.drop_index(batch_op.f('ix_core_job_actor_id'))

    op.drop_table('core_job')
    op.drop_table('core_installation')
    with op.batch_alter_table('core_idempotency', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_core_idempotency_created_at'))

    op.drop_table('core_idempotency')
