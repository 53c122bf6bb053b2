"""initial."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy import Text
from sqlalchemy.dialects import postgresql

import msingi.types

revision = "0001"
down_revision = None


def upgrade() -> None:
    op.create_table('garden_note',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('text', sa.String(length=200), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_garden_note'))
    )
    op.create_table('garden_owner',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('name', sa.String(length=50), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_garden_owner')),
    sa.UniqueConstraint('name', name=op.f('uq_garden_owner_name'))
    )
    op.create_table('garden_tree',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('jurisdiction_id', sa.Uuid(), nullable=False),
    sa.Column('label', sa.String(length=50), nullable=False),
    sa.Column('kind', sa.Enum('mango', 'palm', name='kind', native_enum=False, length=32), nullable=False),
    sa.Column('planted', sa.Date(), nullable=True),
    sa.Column('treasure', sa.String(length=50), nullable=True),
    sa.Column('worth_minor', sa.BigInteger(), nullable=True),
    sa.Column('worth_currency', sa.String(length=3), nullable=True),
    sa.Column('owner_id', sa.Uuid(), nullable=True),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['jurisdiction_id'], ['rbac_jurisdiction.id'], name=op.f('fk_garden_tree_jurisdiction_id_rbac_jurisdiction')),
    sa.ForeignKeyConstraint(['owner_id'], ['garden_owner.id'], name=op.f('fk_garden_tree_owner_id_garden_owner')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_garden_tree'))
    )
    with op.batch_alter_table('garden_tree', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_garden_tree_jurisdiction_id'), ['jurisdiction_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_garden_tree_owner_id'), ['owner_id'], unique=False)


def downgrade() -> None:
    with op.batch_alter_table('garden_tree', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_garden_tree_owner_id'))
        batch_op.drop_index(batch_op.f('ix_garden_tree_jurisdiction_id'))

    op.drop_table('garden_tree')
    op.drop_table('garden_owner')
    op.drop_table('garden_note')
