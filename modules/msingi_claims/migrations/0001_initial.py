"""initial."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy import Text
from sqlalchemy.dialects import postgresql

import msingi.types

revision = "0001"
down_revision = None


def upgrade() -> None:
    op.create_table('claims_batch_run',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('jurisdiction_id', sa.Uuid(), nullable=False),
    sa.Column('year', sa.Integer(), nullable=False),
    sa.Column('month', sa.Integer(), nullable=False),
    sa.Column('claims', sa.Integer(), nullable=False),
    sa.Column('bills', sa.Integer(), nullable=False),
    sa.Column('currency', sa.String(length=3), nullable=False),
    sa.Column('amount_minor', sa.BigInteger(), nullable=False),
    sa.Column('run_at', msingi.types.UtcDateTime(), nullable=False),
    sa.Column('run_by', sa.Uuid(), nullable=True),
    sa.CheckConstraint('month BETWEEN 1 AND 12', name=op.f('ck_claims_batch_run_month')),
    sa.ForeignKeyConstraint(['jurisdiction_id'], ['rbac_jurisdiction.id'], name=op.f('fk_claims_batch_run_jurisdiction_id_rbac_jurisdiction')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_claims_batch_run')),
    sa.UniqueConstraint('jurisdiction_id', 'year', 'month', name=op.f('uq_claims_batch_run_jurisdiction_id_year_month'))
    )
    with op.batch_alter_table('claims_batch_run', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_claims_batch_run_jurisdiction_id'), ['jurisdiction_id'], unique=False)

    op.create_table('claims_payment',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('jurisdiction_id', sa.Uuid(), nullable=False),
    sa.Column('code', sa.String(length=35), nullable=False),
    sa.Column('state', sa.Enum('draft', 'approved', 'sent', 'settled', 'cancelled', name='facilitypaymentstate', native_enum=False, length=32), nullable=False),
    sa.Column('orders', sa.Integer(), nullable=False),
    sa.Column('currency', sa.String(length=3), nullable=False),
    sa.Column('amount_minor', sa.BigInteger(), nullable=False),
    sa.Column('due_on', sa.Date(), nullable=False),
    sa.Column('made_at', msingi.types.UtcDateTime(), nullable=False),
    sa.Column('made_by', sa.Uuid(), nullable=True),
    sa.Column('approved_at', msingi.types.UtcDateTime(), nullable=True),
    sa.Column('approved_by', sa.Uuid(), nullable=True),
    sa.Column('sent_at', msingi.types.UtcDateTime(), nullable=True),
    sa.Column('settled_at', msingi.types.UtcDateTime(), nullable=True),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['jurisdiction_id'], ['rbac_jurisdiction.id'], name=op.f('fk_claims_payment_jurisdiction_id_rbac_jurisdiction')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_claims_payment')),
    sa.UniqueConstraint('code', name=op.f('uq_claims_payment_code'))
    )
    with op.batch_alter_table('claims_payment', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_claims_payment_jurisdiction_id'), ['jurisdiction_id'], unique=False)

    op.create_table('claims_place_figures',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('jurisdiction_id', sa.Uuid(), nullable=False),
    sa.Column('population', sa.Integer(), nullable=False),
    sa.Column('families', sa.Integer(), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['jurisdiction_id'], ['rbac_jurisdiction.id'], name=op.f('fk_claims_place_figures_jurisdiction_id_rbac_jurisdiction')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_claims_place_figures')),
    sa.UniqueConstraint('jurisdiction_id', name=op.f('uq_claims_place_figures_jurisdiction_id'))
    )
    with op.batch_alter_table('claims_place_figures', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_claims_place_figures_jurisdiction_id'), ['jurisdiction_id'], unique=False)

    op.create_table('claims_selection',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('jurisdiction_id', sa.Uuid(), nullable=False),
    sa.Column('purpose', sa.Enum('review', 'feedback', name='purpose', native_enum=False, length=32), nullable=False),
    sa.Column('rule', sa.Enum('random', 'variance', 'value', 'risk', 'manual', name='selectionrule', native_enum=False, length=32), nullable=False),
    sa.Column('seed', sa.String(length=64), nullable=False),
    sa.Column('percent', msingi.types.Scaled(places=4), nullable=True),
    sa.Column('variance', msingi.types.Scaled(places=4), nullable=True),
    sa.Column('threshold_minor', sa.BigInteger(), nullable=True),
    sa.Column('currency', sa.String(length=3), nullable=False),
    sa.Column('looked_at', sa.Integer(), nullable=False),
    sa.Column('selected', sa.Integer(), nullable=False),
    sa.Column('made_at', msingi.types.UtcDateTime(), nullable=False),
    sa.Column('made_by', sa.Uuid(), nullable=True),
    sa.ForeignKeyConstraint(['jurisdiction_id'], ['rbac_jurisdiction.id'], name=op.f('fk_claims_selection_jurisdiction_id_rbac_jurisdiction')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_claims_selection'))
    )
    with op.batch_alter_table('claims_selection', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_claims_selection_jurisdiction_id'), ['jurisdiction_id'], unique=False)

    op.create_table('claims_administrator',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('jurisdiction_id', sa.Uuid(), nullable=False),
    sa.Column('code', sa.String(length=20), nullable=False),
    sa.Column('name', sa.String(length=100), nullable=False),
    sa.Column('facility_id', sa.Uuid(), nullable=False),
    sa.Column('user_id', sa.Uuid(), nullable=True),
    sa.Column('phone', msingi.types.SealedText(), nullable=True),
    sa.Column('email', msingi.types.SealedText(), nullable=True),
    sa.Column('valid_to', sa.Date(), nullable=True),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['facility_id'], ['registry_facility.id'], name=op.f('fk_claims_administrator_facility_id_registry_facility')),
    sa.ForeignKeyConstraint(['jurisdiction_id'], ['rbac_jurisdiction.id'], name=op.f('fk_claims_administrator_jurisdiction_id_rbac_jurisdiction')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_claims_administrator')),
    sa.UniqueConstraint('code', name=op.f('uq_claims_administrator_code'))
    )
    with op.batch_alter_table('claims_administrator', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_claims_administrator_facility_id'), ['facility_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_claims_administrator_jurisdiction_id'), ['jurisdiction_id'], unique=False)
        batch_op.create_index('ix_claims_administrator_user_id', ['user_id'], unique=False)

    op.create_table('claims_capitation_pool',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('jurisdiction_id', sa.Uuid(), nullable=False),
    sa.Column('batch_id', sa.Uuid(), nullable=False),
    sa.Column('product_id', sa.Uuid(), nullable=False),
    sa.Column('component', sa.String(length=30), nullable=False),
    sa.Column('currency', sa.String(length=3), nullable=False),
    sa.Column('amount_minor', sa.BigInteger(), nullable=False),
    sa.Column('undistributed_minor', sa.BigInteger(), nullable=False),
    sa.Column('unit', msingi.types.Scaled(places=8), nullable=False),
    sa.ForeignKeyConstraint(['batch_id'], ['claims_batch_run.id'], name=op.f('fk_claims_capitation_pool_batch_id_claims_batch_run')),
    sa.ForeignKeyConstraint(['jurisdiction_id'], ['rbac_jurisdiction.id'], name=op.f('fk_claims_capitation_pool_jurisdiction_id_rbac_jurisdiction')),
    sa.ForeignKeyConstraint(['product_id'], ['insurance_product.id'], name=op.f('fk_claims_capitation_pool_product_id_insurance_product')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_claims_capitation_pool')),
    sa.UniqueConstraint('batch_id', 'product_id', 'component', name=op.f('uq_claims_capitation_pool_batch_id_product_id_component'))
    )
    with op.batch_alter_table('claims_capitation_pool', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_claims_capitation_pool_jurisdiction_id'), ['jurisdiction_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_claims_capitation_pool_product_id'), ['product_id'], unique=False)

    op.create_table('claims_capitation_share',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('jurisdiction_id', sa.Uuid(), nullable=False),
    sa.Column('batch_id', sa.Uuid(), nullable=False),
    sa.Column('product_id', sa.Uuid(), nullable=False),
    sa.Column('facility_id', sa.Uuid(), nullable=False),
    sa.Column('component', sa.String(length=30), nullable=False),
    sa.Column('count', msingi.types.Scaled(places=4), nullable=False),
    sa.Column('unit', msingi.types.Scaled(places=8), nullable=False),
    sa.Column('currency', sa.String(length=3), nullable=False),
    sa.Column('amount_minor', sa.BigInteger(), nullable=False),
    sa.ForeignKeyConstraint(['batch_id'], ['claims_batch_run.id'], name=op.f('fk_claims_capitation_share_batch_id_claims_batch_run')),
    sa.ForeignKeyConstraint(['facility_id'], ['registry_facility.id'], name=op.f('fk_claims_capitation_share_facility_id_registry_facility')),
    sa.ForeignKeyConstraint(['jurisdiction_id'], ['rbac_jurisdiction.id'], name=op.f('fk_claims_capitation_share_jurisdiction_id_rbac_jurisdiction')),
    sa.ForeignKeyConstraint(['product_id'], ['insurance_product.id'], name=op.f('fk_claims_capitation_share_product_id_insurance_product')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_claims_capitation_share')),
    sa.UniqueConstraint('batch_id', 'product_id', 'facility_id', 'component', name=op.f('uq_claims_capitation_share_batch_id_product_id_facility_id_component'))
    )
    with op.batch_alter_table('claims_capitation_share', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_claims_capitation_share_facility_id'), ['facility_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_claims_capitation_share_jurisdiction_id'), ['jurisdiction_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_claims_capitation_share_product_id'), ['product_id'], unique=False)

    op.create_table('claims_catchment',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('jurisdiction_id', sa.Uuid(), nullable=False),
    sa.Column('facility_id', sa.Uuid(), nullable=False),
    sa.Column('place_id', sa.Uuid(), nullable=False),
    sa.Column('percent', msingi.types.Scaled(places=4), nullable=False),
    sa.CheckConstraint('percent > 0', name=op.f('ck_claims_catchment_percent')),
    sa.ForeignKeyConstraint(['facility_id'], ['registry_facility.id'], name=op.f('fk_claims_catchment_facility_id_registry_facility')),
    sa.ForeignKeyConstraint(['jurisdiction_id'], ['rbac_jurisdiction.id'], name=op.f('fk_claims_catchment_jurisdiction_id_rbac_jurisdiction')),
    sa.ForeignKeyConstraint(['place_id'], ['rbac_jurisdiction.id'], name=op.f('fk_claims_catchment_place_id_rbac_jurisdiction')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_claims_catchment')),
    sa.UniqueConstraint('facility_id', 'place_id', name=op.f('uq_claims_catchment_facility_id_place_id'))
    )
    with op.batch_alter_table('claims_catchment', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_claims_catchment_jurisdiction_id'), ['jurisdiction_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_claims_catchment_place_id'), ['place_id'], unique=False)

    op.create_table('claims_facility_account',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('jurisdiction_id', sa.Uuid(), nullable=False),
    sa.Column('facility_id', sa.Uuid(), nullable=False),
    sa.Column('holder', sa.String(length=140), nullable=False),
    sa.Column('bank', sa.String(length=35), nullable=False),
    sa.Column('number', msingi.types.SealedText(), nullable=False),
    sa.Column('proposed_at', msingi.types.UtcDateTime(), nullable=False),
    sa.Column('proposed_by', sa.Uuid(), nullable=True),
    sa.Column('approved_at', msingi.types.UtcDateTime(), nullable=True),
    sa.Column('approved_by', sa.Uuid(), nullable=True),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['facility_id'], ['registry_facility.id'], name=op.f('fk_claims_facility_account_facility_id_registry_facility')),
    sa.ForeignKeyConstraint(['jurisdiction_id'], ['rbac_jurisdiction.id'], name=op.f('fk_claims_facility_account_jurisdiction_id_rbac_jurisdiction')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_claims_facility_account'))
    )
    with op.batch_alter_table('claims_facility_account', schema=None) as batch_op:
        batch_op.create_index('ix_claims_facility_account_facility_id', ['facility_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_claims_facility_account_jurisdiction_id'), ['jurisdiction_id'], unique=False)

    op.create_table('claims_paper_batch',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('jurisdiction_id', sa.Uuid(), nullable=False),
    sa.Column('number', sa.String(length=30), nullable=False),
    sa.Column('facility_id', sa.Uuid(), nullable=False),
    sa.Column('double_key', sa.Boolean(), nullable=False),
    sa.Column('expected', sa.Integer(), nullable=False),
    sa.Column('opened_at', msingi.types.UtcDateTime(), nullable=False),
    sa.Column('opened_by', sa.Uuid(), nullable=True),
    sa.Column('closed_at', msingi.types.UtcDateTime(), nullable=True),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['facility_id'], ['registry_facility.id'], name=op.f('fk_claims_paper_batch_facility_id_registry_facility')),
    sa.ForeignKeyConstraint(['jurisdiction_id'], ['rbac_jurisdiction.id'], name=op.f('fk_claims_paper_batch_jurisdiction_id_rbac_jurisdiction')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_claims_paper_batch')),
    sa.UniqueConstraint('number', name=op.f('uq_claims_paper_batch_number'))
    )
    with op.batch_alter_table('claims_paper_batch', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_claims_paper_batch_facility_id'), ['facility_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_claims_paper_batch_jurisdiction_id'), ['jurisdiction_id'], unique=False)

    op.create_table('claims_relative_index',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('jurisdiction_id', sa.Uuid(), nullable=False),
    sa.Column('batch_id', sa.Uuid(), nullable=False),
    sa.Column('product_id', sa.Uuid(), nullable=False),
    sa.Column('care', sa.Enum('B', 'I', 'O', name='poolcare', native_enum=False, length=32), nullable=False),
    sa.Column('year', sa.Integer(), nullable=False),
    sa.Column('period', sa.Enum('month', 'quarter', 'year', name='poolperiod', native_enum=False, length=32), nullable=False),
    sa.Column('part', sa.Integer(), nullable=False),
    sa.Column('currency', sa.String(length=3), nullable=False),
    sa.Column('allocated_minor', sa.BigInteger(), nullable=False),
    sa.Column('nominal_minor', sa.BigInteger(), nullable=False),
    sa.Column('percentage', msingi.types.Scaled(places=4), nullable=False),
    sa.Column('value', msingi.types.Scaled(places=4), nullable=False),
    sa.ForeignKeyConstraint(['batch_id'], ['claims_batch_run.id'], name=op.f('fk_claims_relative_index_batch_id_claims_batch_run')),
    sa.ForeignKeyConstraint(['jurisdiction_id'], ['rbac_jurisdiction.id'], name=op.f('fk_claims_relative_index_jurisdiction_id_rbac_jurisdiction')),
    sa.ForeignKeyConstraint(['product_id'], ['insurance_product.id'], name=op.f('fk_claims_relative_index_product_id_insurance_product')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_claims_relative_index')),
    sa.UniqueConstraint('product_id', 'care', 'year', 'period', 'part', name=op.f('uq_claims_relative_index_product_id_care_year_period_part'))
    )
    with op.batch_alter_table('claims_relative_index', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_claims_relative_index_batch_id'), ['batch_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_claims_relative_index_jurisdiction_id'), ['jurisdiction_id'], unique=False)

    op.create_table('claims_sample',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('jurisdiction_id', sa.Uuid(), nullable=False),
    sa.Column('facility_id', sa.Uuid(), nullable=True),
    sa.Column('seed', sa.String(length=64), nullable=False),
    sa.Column('percent', msingi.types.Scaled(places=4), nullable=False),
    sa.Column('state', sa.Enum('open', 'accepted', 'extrapolated', name='samplestate', native_enum=False, length=32), nullable=False),
    sa.Column('claims', sa.Integer(), nullable=False),
    sa.Column('sampled', sa.Integer(), nullable=False),
    sa.Column('members', sa.JSON().with_variant(postgresql.JSONB(astext_type=Text()), 'postgresql'), nullable=False),
    sa.Column('deduction_rate', msingi.types.Scaled(places=4), nullable=True),
    sa.Column('made_at', msingi.types.UtcDateTime(), nullable=False),
    sa.Column('made_by', sa.Uuid(), nullable=True),
    sa.Column('closed_at', msingi.types.UtcDateTime(), nullable=True),
    sa.Column('closed_by', sa.Uuid(), nullable=True),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['facility_id'], ['registry_facility.id'], name=op.f('fk_claims_sample_facility_id_registry_facility')),
    sa.ForeignKeyConstraint(['jurisdiction_id'], ['rbac_jurisdiction.id'], name=op.f('fk_claims_sample_jurisdiction_id_rbac_jurisdiction')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_claims_sample'))
    )
    with op.batch_alter_table('claims_sample', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_claims_sample_facility_id'), ['facility_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_claims_sample_jurisdiction_id'), ['jurisdiction_id'], unique=False)

    op.create_table('claims_payment_order',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('jurisdiction_id', sa.Uuid(), nullable=False),
    sa.Column('payment_id', sa.Uuid(), nullable=False),
    sa.Column('facility_id', sa.Uuid(), nullable=False),
    sa.Column('account_id', sa.Uuid(), nullable=False),
    sa.Column('reference', sa.String(length=35), nullable=False),
    sa.Column('state', sa.Enum('pending', 'sent', 'unknown', 'paid', 'failed', 'returned', name='paymentorderstate', native_enum=False, length=32), nullable=False),
    sa.Column('currency', sa.String(length=3), nullable=False),
    sa.Column('amount_minor', sa.BigInteger(), nullable=False),
    sa.Column('answered_on', sa.Date(), nullable=True),
    sa.Column('failure', sa.String(length=200), nullable=False),
    sa.Column('transaction_id', sa.Uuid(), nullable=True),
    sa.Column('return_id', sa.Uuid(), nullable=True),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['account_id'], ['claims_facility_account.id'], name=op.f('fk_claims_payment_order_account_id_claims_facility_account')),
    sa.ForeignKeyConstraint(['facility_id'], ['registry_facility.id'], name=op.f('fk_claims_payment_order_facility_id_registry_facility')),
    sa.ForeignKeyConstraint(['jurisdiction_id'], ['rbac_jurisdiction.id'], name=op.f('fk_claims_payment_order_jurisdiction_id_rbac_jurisdiction')),
    sa.ForeignKeyConstraint(['payment_id'], ['claims_payment.id'], name=op.f('fk_claims_payment_order_payment_id_claims_payment')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_claims_payment_order')),
    sa.UniqueConstraint('reference', name=op.f('uq_claims_payment_order_reference'))
    )
    with op.batch_alter_table('claims_payment_order', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_claims_payment_order_account_id'), ['account_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_claims_payment_order_facility_id'), ['facility_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_claims_payment_order_jurisdiction_id'), ['jurisdiction_id'], unique=False)
        batch_op.create_index('ix_claims_payment_order_payment_id', ['payment_id'], unique=False)

    op.create_table('claims_bill',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('jurisdiction_id', sa.Uuid(), nullable=False),
    sa.Column('code', sa.String(length=50), nullable=False),
    sa.Column('kind', sa.Enum('claims', 'capitation', name='billkind', native_enum=False, length=32), nullable=False),
    sa.Column('batch_id', sa.Uuid(), nullable=False),
    sa.Column('facility_id', sa.Uuid(), nullable=False),
    sa.Column('product_id', sa.Uuid(), nullable=False),
    sa.Column('state', sa.Enum('issued', 'ordered', 'paid', name='billstate', native_enum=False, length=32), nullable=False),
    sa.Column('claims', sa.Integer(), nullable=False),
    sa.Column('currency', sa.String(length=3), nullable=False),
    sa.Column('amount_minor', sa.BigInteger(), nullable=False),
    sa.Column('order_id', sa.Uuid(), nullable=True),
    sa.Column('account', sa.String(length=25), nullable=False),
    sa.Column('issued_on', sa.Date(), nullable=False),
    sa.Column('transaction_id', sa.Uuid(), nullable=True),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.CheckConstraint('amount_minor > 0', name=op.f('ck_claims_bill_amount')),
    sa.ForeignKeyConstraint(['batch_id'], ['claims_batch_run.id'], name=op.f('fk_claims_bill_batch_id_claims_batch_run')),
    sa.ForeignKeyConstraint(['facility_id'], ['registry_facility.id'], name=op.f('fk_claims_bill_facility_id_registry_facility')),
    sa.ForeignKeyConstraint(['jurisdiction_id'], ['rbac_jurisdiction.id'], name=op.f('fk_claims_bill_jurisdiction_id_rbac_jurisdiction')),
    sa.ForeignKeyConstraint(['order_id'], ['claims_payment_order.id'], name=op.f('fk_claims_bill_order_id_claims_payment_order')),
    sa.ForeignKeyConstraint(['product_id'], ['insurance_product.id'], name=op.f('fk_claims_bill_product_id_insurance_product')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_claims_bill')),
    sa.UniqueConstraint('code', name=op.f('uq_claims_bill_code'))
    )
    with op.batch_alter_table('claims_bill', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_claims_bill_batch_id'), ['batch_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_claims_bill_facility_id'), ['facility_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_claims_bill_jurisdiction_id'), ['jurisdiction_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_claims_bill_order_id'), ['order_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_claims_bill_product_id'), ['product_id'], unique=False)
        batch_op.create_index('ix_claims_bill_state_facility_id', ['state', 'facility_id'], unique=False)

    op.create_table('claims_pre_authorisation',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('jurisdiction_id', sa.Uuid(), nullable=False),
    sa.Column('number', sa.String(length=20), nullable=False),
    sa.Column('insuree_id', sa.Uuid(), nullable=False),
    sa.Column('facility_id', sa.Uuid(), nullable=False),
    sa.Column('kind', sa.Enum('item', 'service', name='linekind', native_enum=False, length=32), nullable=False),
    sa.Column('code', sa.String(length=50), nullable=False),
    sa.Column('quantity', msingi.types.Scaled(places=4), nullable=False),
    sa.Column('currency', sa.String(length=3), nullable=False),
    sa.Column('amount_minor', sa.BigInteger(), nullable=True),
    sa.Column('reason', sa.String(length=1000), nullable=False),
    sa.Column('state', sa.Enum('requested', 'granted', 'refused', name='preauthorisationstate', native_enum=False, length=32), nullable=False),
    sa.Column('valid_from', sa.Date(), nullable=True),
    sa.Column('valid_to', sa.Date(), nullable=True),
    sa.Column('requested_at', msingi.types.UtcDateTime(), nullable=False),
    sa.Column('requested_by', sa.Uuid(), nullable=True),
    sa.Column('decided_at', msingi.types.UtcDateTime(), nullable=True),
    sa.Column('decided_by', sa.Uuid(), nullable=True),
    sa.Column('decision', sa.String(length=1000), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.CheckConstraint('quantity > 0', name=op.f('ck_claims_pre_authorisation_quantity_positive')),
    sa.ForeignKeyConstraint(['facility_id'], ['registry_facility.id'], name=op.f('fk_claims_pre_authorisation_facility_id_registry_facility')),
    sa.ForeignKeyConstraint(['insuree_id'], ['insurance_insuree.id'], name=op.f('fk_claims_pre_authorisation_insuree_id_insurance_insuree')),
    sa.ForeignKeyConstraint(['jurisdiction_id'], ['rbac_jurisdiction.id'], name=op.f('fk_claims_pre_authorisation_jurisdiction_id_rbac_jurisdiction')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_claims_pre_authorisation')),
    sa.UniqueConstraint('number', name=op.f('uq_claims_pre_authorisation_number'))
    )
    with op.batch_alter_table('claims_pre_authorisation', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_claims_pre_authorisation_facility_id'), ['facility_id'], unique=False)
        batch_op.create_index('ix_claims_pre_authorisation_insuree_id', ['insuree_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_claims_pre_authorisation_jurisdiction_id'), ['jurisdiction_id'], unique=False)
        batch_op.create_index('ix_claims_pre_authorisation_state', ['state'], unique=False)

    op.create_table('claims_claim',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('jurisdiction_id', sa.Uuid(), nullable=False),
    sa.Column('code', sa.String(length=50), nullable=False),
    sa.Column('insuree_id', sa.Uuid(), nullable=False),
    sa.Column('facility_id', sa.Uuid(), nullable=False),
    sa.Column('diagnosis_id', sa.Uuid(), nullable=False),
    sa.Column('diagnosis_code', sa.String(length=30), nullable=False),
    sa.Column('further_diagnoses', sa.JSON().with_variant(postgresql.JSONB(astext_type=Text()), 'postgresql'), nullable=False),
    sa.Column('date_from', sa.Date(), nullable=True),
    sa.Column('date_to', sa.Date(), nullable=True),
    sa.Column('target_date', sa.Date(), nullable=False),
    sa.Column('date_claimed', sa.Date(), nullable=False),
    sa.Column('visit_type', sa.Enum('O', 'E', 'R', name='visittype', native_enum=False, length=32), nullable=False),
    sa.Column('care_type', sa.Enum('I', 'O', 'B', name='caretype', native_enum=False, length=32), nullable=False),
    sa.Column('status', sa.Enum('rejected', 'entered', 'checked', 'processed', 'valuated', 'void', name='claimstatus', native_enum=False, length=32), nullable=False),
    sa.Column('category', sa.Enum('surgery', 'delivery', 'antenatal', 'hospitalisation', 'consultation', 'visit', name='category', native_enum=False, length=32), nullable=True),
    sa.Column('review_status', sa.Enum('idle', 'not_selected', 'selected', 'delivered', 'bypassed', name='selection', native_enum=False, length=32), nullable=False),
    sa.Column('feedback_status', sa.Enum('idle', 'not_selected', 'selected', 'delivered', 'bypassed', name='selection', native_enum=False, length=32), nullable=False),
    sa.Column('channel', sa.Enum('web', 'phone', 'file', 'api', 'paper', name='channel', native_enum=False, length=32), nullable=False),
    sa.Column('rejection_code', sa.Integer(), nullable=True),
    sa.Column('findings', sa.JSON().with_variant(postgresql.JSONB(astext_type=Text()), 'postgresql'), nullable=True),
    sa.Column('risk', sa.Integer(), nullable=True),
    sa.Column('duplicate_released', sa.Boolean(), nullable=False),
    sa.Column('currency', sa.String(length=3), nullable=False),
    sa.Column('claimed_minor', sa.BigInteger(), nullable=False),
    sa.Column('approved_minor', sa.BigInteger(), nullable=True),
    sa.Column('valuated_minor', sa.BigInteger(), nullable=True),
    sa.Column('remunerated_minor', sa.BigInteger(), nullable=True),
    sa.Column('nominal_minor', sa.BigInteger(), nullable=True),
    sa.Column('patient_share_minor', sa.BigInteger(), nullable=True),
    sa.Column('guarantee_number', sa.String(length=50), nullable=False),
    sa.Column('administrator_id', sa.Uuid(), nullable=True),
    sa.Column('pre_authorisation_id', sa.Uuid(), nullable=True),
    sa.Column('explanation', sa.String(length=1000), nullable=False),
    sa.Column('adjustment', sa.String(length=1000), nullable=False),
    sa.Column('patient_condition', sa.String(length=50), nullable=False),
    sa.Column('refer_from_id', sa.Uuid(), nullable=True),
    sa.Column('refer_to_id', sa.Uuid(), nullable=True),
    sa.Column('referral_code', sa.String(length=50), nullable=False),
    sa.Column('restored_from_id', sa.Uuid(), nullable=True),
    sa.Column('restored_times', sa.Integer(), nullable=False),
    sa.Column('sample_id', sa.Uuid(), nullable=True),
    sa.Column('batch_id', sa.Uuid(), nullable=True),
    sa.Column('decisions', sa.Integer(), nullable=False),
    sa.Column('rule_version', sa.String(length=32), nullable=False),
    sa.Column('entered_at', msingi.types.UtcDateTime(), nullable=False),
    sa.Column('entered_by', sa.Uuid(), nullable=True),
    sa.Column('co_author_id', sa.Uuid(), nullable=True),
    sa.Column('submitted_at', msingi.types.UtcDateTime(), nullable=True),
    sa.Column('submitted_by', sa.Uuid(), nullable=True),
    sa.Column('reviewed_at', msingi.types.UtcDateTime(), nullable=True),
    sa.Column('reviewer_id', sa.Uuid(), nullable=True),
    sa.Column('processed_at', msingi.types.UtcDateTime(), nullable=True),
    sa.Column('processed_by', sa.Uuid(), nullable=True),
    sa.Column('valuated_at', msingi.types.UtcDateTime(), nullable=True),
    sa.Column('paid_at', msingi.types.UtcDateTime(), nullable=True),
    sa.Column('closed_at', msingi.types.UtcDateTime(), nullable=True),
    sa.Column('closed_by', sa.Uuid(), nullable=True),
    sa.Column('closed_reason', sa.String(length=500), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.CheckConstraint('claimed_minor >= 0', name=op.f('ck_claims_claim_claimed_not_negative')),
    sa.ForeignKeyConstraint(['administrator_id'], ['claims_administrator.id'], name=op.f('fk_claims_claim_administrator_id_claims_administrator')),
    sa.ForeignKeyConstraint(['diagnosis_id'], ['catalogue_diagnosis.id'], name=op.f('fk_claims_claim_diagnosis_id_catalogue_diagnosis')),
    sa.ForeignKeyConstraint(['facility_id'], ['registry_facility.id'], name=op.f('fk_claims_claim_facility_id_registry_facility')),
    sa.ForeignKeyConstraint(['insuree_id'], ['insurance_insuree.id'], name=op.f('fk_claims_claim_insuree_id_insurance_insuree')),
    sa.ForeignKeyConstraint(['jurisdiction_id'], ['rbac_jurisdiction.id'], name=op.f('fk_claims_claim_jurisdiction_id_rbac_jurisdiction')),
    sa.ForeignKeyConstraint(['pre_authorisation_id'], ['claims_pre_authorisation.id'], name=op.f('fk_claims_claim_pre_authorisation_id_claims_pre_authorisation')),
    sa.ForeignKeyConstraint(['refer_from_id'], ['registry_facility.id'], name=op.f('fk_claims_claim_refer_from_id_registry_facility')),
    sa.ForeignKeyConstraint(['refer_to_id'], ['registry_facility.id'], name=op.f('fk_claims_claim_refer_to_id_registry_facility')),
    sa.ForeignKeyConstraint(['restored_from_id'], ['claims_claim.id'], name=op.f('fk_claims_claim_restored_from_id_claims_claim')),
    sa.ForeignKeyConstraint(['sample_id'], ['claims_sample.id'], name=op.f('fk_claims_claim_sample_id_claims_sample')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_claims_claim')),
    sa.UniqueConstraint('code', name=op.f('uq_claims_claim_code'))
    )
    with op.batch_alter_table('claims_claim', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_claims_claim_administrator_id'), ['administrator_id'], unique=False)
        batch_op.create_index('ix_claims_claim_batch_id', ['batch_id'], unique=False)
        batch_op.create_index('ix_claims_claim_date_claimed_id', ['date_claimed', 'id'], unique=False)
        batch_op.create_index('ix_claims_claim_diagnosis_id_target_date', ['diagnosis_id', 'target_date'], unique=False)
        batch_op.create_index('ix_claims_claim_insuree_id_target_date', ['insuree_id', 'target_date'], unique=False)
        batch_op.create_index(batch_op.f('ix_claims_claim_jurisdiction_id'), ['jurisdiction_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_claims_claim_pre_authorisation_id'), ['pre_authorisation_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_claims_claim_restored_from_id'), ['restored_from_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_claims_claim_sample_id'), ['sample_id'], unique=False)
        batch_op.create_index('ix_claims_claim_status_processed_at', ['status', 'processed_at'], unique=False)

    op.create_table('claims_attachment',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('jurisdiction_id', sa.Uuid(), nullable=False),
    sa.Column('claim_id', sa.Uuid(), nullable=False),
    sa.Column('type', sa.Enum('prescription', 'invoice', 'referral', 'result', 'report', 'picture', 'other', name='attachmenttype', native_enum=False, length=32), nullable=False),
    sa.Column('title', sa.String(length=100), nullable=False),
    sa.Column('media_type', sa.String(length=50), nullable=False),
    sa.Column('size', sa.Integer(), nullable=False),
    sa.Column('digest', sa.String(length=64), nullable=False),
    sa.Column('content', sa.LargeBinary(), nullable=True),
    sa.Column('address', sa.String(length=500), nullable=True),
    sa.Column('added_at', msingi.types.UtcDateTime(), nullable=False),
    sa.Column('added_by', sa.Uuid(), nullable=True),
    sa.CheckConstraint('(content IS NULL) <> (address IS NULL)', name=op.f('ck_claims_attachment_file_or_address')),
    sa.ForeignKeyConstraint(['claim_id'], ['claims_claim.id'], name=op.f('fk_claims_attachment_claim_id_claims_claim')),
    sa.ForeignKeyConstraint(['jurisdiction_id'], ['rbac_jurisdiction.id'], name=op.f('fk_claims_attachment_jurisdiction_id_rbac_jurisdiction')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_claims_attachment'))
    )
    with op.batch_alter_table('claims_attachment', schema=None) as batch_op:
        batch_op.create_index('ix_claims_attachment_claim_id', ['claim_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_claims_attachment_jurisdiction_id'), ['jurisdiction_id'], unique=False)

    op.create_table('claims_bill_line',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('bill_id', sa.Uuid(), nullable=False),
    sa.Column('claim_id', sa.Uuid(), nullable=False),
    sa.Column('product_id', sa.Uuid(), nullable=False),
    sa.Column('currency', sa.String(length=3), nullable=False),
    sa.Column('amount_minor', sa.BigInteger(), nullable=False),
    sa.CheckConstraint('amount_minor > 0', name=op.f('ck_claims_bill_line_amount')),
    sa.ForeignKeyConstraint(['bill_id'], ['claims_bill.id'], name=op.f('fk_claims_bill_line_bill_id_claims_bill')),
    sa.ForeignKeyConstraint(['claim_id'], ['claims_claim.id'], name=op.f('fk_claims_bill_line_claim_id_claims_claim')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_claims_bill_line')),
    sa.UniqueConstraint('claim_id', 'product_id', name=op.f('uq_claims_bill_line_claim_id_product_id'))
    )
    with op.batch_alter_table('claims_bill_line', schema=None) as batch_op:
        batch_op.create_index('ix_claims_bill_line_bill_id', ['bill_id'], unique=False)

    op.create_table('claims_consumption',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('claim_id', sa.Uuid(), nullable=False),
    sa.Column('line_id', sa.Uuid(), nullable=False),
    sa.Column('sequence', sa.Integer(), nullable=False),
    sa.Column('policy_id', sa.Uuid(), nullable=False),
    sa.Column('insuree_id', sa.Uuid(), nullable=False),
    sa.Column('kind', sa.Enum('item', 'service', name='linekind', native_enum=False, length=32), nullable=False),
    sa.Column('code', sa.String(length=50), nullable=False),
    sa.Column('target_date', sa.Date(), nullable=False),
    sa.Column('hospital', sa.Boolean(), nullable=False),
    sa.Column('category', sa.Enum('surgery', 'delivery', 'antenatal', 'hospitalisation', 'consultation', 'visit', name='category', native_enum=False, length=32), nullable=False),
    sa.Column('currency', sa.String(length=3), nullable=False),
    sa.Column('deducted_minor', sa.BigInteger(), nullable=False),
    sa.Column('counted_minor', sa.BigInteger(), nullable=False),
    sa.Column('category_minor', sa.BigInteger(), nullable=False),
    sa.Column('quantity', msingi.types.Scaled(places=4), nullable=False),
    sa.Column('sign', sa.Integer(), nullable=False),
    sa.Column('reverses_id', sa.Uuid(), nullable=True),
    sa.Column('booked_at', msingi.types.UtcDateTime(), nullable=False),
    sa.CheckConstraint('(sign = -1) = (reverses_id IS NOT NULL)', name=op.f('ck_claims_consumption_reversal')),
    sa.CheckConstraint('deducted_minor >= 0 AND counted_minor >= 0 AND category_minor >= 0', name=op.f('ck_claims_consumption_amounts')),
    sa.CheckConstraint('sign IN (1, -1)', name=op.f('ck_claims_consumption_sign')),
    sa.ForeignKeyConstraint(['claim_id'], ['claims_claim.id'], name=op.f('fk_claims_consumption_claim_id_claims_claim')),
    sa.ForeignKeyConstraint(['insuree_id'], ['insurance_insuree.id'], name=op.f('fk_claims_consumption_insuree_id_insurance_insuree')),
    sa.ForeignKeyConstraint(['policy_id'], ['insurance_policy.id'], name=op.f('fk_claims_consumption_policy_id_insurance_policy')),
    sa.ForeignKeyConstraint(['reverses_id'], ['claims_consumption.id'], name=op.f('fk_claims_consumption_reverses_id_claims_consumption')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_claims_consumption')),
    sa.UniqueConstraint('reverses_id', name=op.f('uq_claims_consumption_reverses_id'))
    )
    with op.batch_alter_table('claims_consumption', schema=None) as batch_op:
        batch_op.create_index('ix_claims_consumption_claim_id_sequence', ['claim_id', 'sequence'], unique=False)
        batch_op.create_index('ix_claims_consumption_policy_id_insuree_id', ['policy_id', 'insuree_id'], unique=False)

    op.create_table('claims_decision',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('claim_id', sa.Uuid(), nullable=False),
    sa.Column('sequence', sa.Integer(), nullable=False),
    sa.Column('occasion', sa.Enum('submit', 'review', 'process', 'batch', 'reject', 'undo', name='occasion', native_enum=False, length=32), nullable=False),
    sa.Column('status', sa.Enum('rejected', 'entered', 'checked', 'processed', 'valuated', 'void', name='claimstatus', native_enum=False, length=32), nullable=False),
    sa.Column('rule_version', sa.String(length=32), nullable=False),
    sa.Column('input_digest', sa.String(length=64), nullable=False),
    sa.Column('document', sa.LargeBinary(), nullable=False),
    sa.Column('decided_at', msingi.types.UtcDateTime(), nullable=False),
    sa.Column('decided_by', sa.Uuid(), nullable=True),
    sa.ForeignKeyConstraint(['claim_id'], ['claims_claim.id'], name=op.f('fk_claims_decision_claim_id_claims_claim')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_claims_decision')),
    sa.UniqueConstraint('claim_id', 'sequence', name=op.f('uq_claims_decision_claim_id_sequence'))
    )
    op.create_table('claims_feedback',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('jurisdiction_id', sa.Uuid(), nullable=False),
    sa.Column('claim_id', sa.Uuid(), nullable=False),
    sa.Column('officer_id', sa.Uuid(), nullable=True),
    sa.Column('care_rendered', sa.Boolean(), nullable=False),
    sa.Column('payment_asked', sa.Boolean(), nullable=False),
    sa.Column('drug_prescribed', sa.Boolean(), nullable=False),
    sa.Column('drug_received', sa.Boolean(), nullable=False),
    sa.Column('mark', sa.Integer(), nullable=False),
    sa.Column('heard_on', sa.Date(), nullable=False),
    sa.Column('delivered_at', msingi.types.UtcDateTime(), nullable=False),
    sa.Column('delivered_by', sa.Uuid(), nullable=True),
    sa.CheckConstraint('mark BETWEEN 0 AND 5', name=op.f('ck_claims_feedback_mark')),
    sa.ForeignKeyConstraint(['claim_id'], ['claims_claim.id'], name=op.f('fk_claims_feedback_claim_id_claims_claim')),
    sa.ForeignKeyConstraint(['jurisdiction_id'], ['rbac_jurisdiction.id'], name=op.f('fk_claims_feedback_jurisdiction_id_rbac_jurisdiction')),
    sa.ForeignKeyConstraint(['officer_id'], ['insurance_officer.id'], name=op.f('fk_claims_feedback_officer_id_insurance_officer')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_claims_feedback')),
    sa.UniqueConstraint('claim_id', name=op.f('uq_claims_feedback_claim_id'))
    )
    with op.batch_alter_table('claims_feedback', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_claims_feedback_jurisdiction_id'), ['jurisdiction_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_claims_feedback_officer_id'), ['officer_id'], unique=False)

    op.create_table('claims_feedback_prompt',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('jurisdiction_id', sa.Uuid(), nullable=False),
    sa.Column('claim_id', sa.Uuid(), nullable=False),
    sa.Column('officer_id', sa.Uuid(), nullable=False),
    sa.Column('prompted_at', msingi.types.UtcDateTime(), nullable=False),
    sa.ForeignKeyConstraint(['claim_id'], ['claims_claim.id'], name=op.f('fk_claims_feedback_prompt_claim_id_claims_claim')),
    sa.ForeignKeyConstraint(['jurisdiction_id'], ['rbac_jurisdiction.id'], name=op.f('fk_claims_feedback_prompt_jurisdiction_id_rbac_jurisdiction')),
    sa.ForeignKeyConstraint(['officer_id'], ['insurance_officer.id'], name=op.f('fk_claims_feedback_prompt_officer_id_insurance_officer')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_claims_feedback_prompt')),
    sa.UniqueConstraint('claim_id', name=op.f('uq_claims_feedback_prompt_claim_id'))
    )
    with op.batch_alter_table('claims_feedback_prompt', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_claims_feedback_prompt_jurisdiction_id'), ['jurisdiction_id'], unique=False)
        batch_op.create_index('ix_claims_feedback_prompt_officer_id', ['officer_id'], unique=False)

    op.create_table('claims_line',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('claim_id', sa.Uuid(), nullable=False),
    sa.Column('position', sa.Integer(), nullable=False),
    sa.Column('kind', sa.Enum('item', 'service', name='linekind', native_enum=False, length=32), nullable=False),
    sa.Column('code', sa.String(length=50), nullable=False),
    sa.Column('catalogue_id', sa.Uuid(), nullable=True),
    sa.Column('currency', sa.String(length=3), nullable=False),
    sa.Column('quantity', msingi.types.Scaled(places=4), nullable=False),
    sa.Column('price_asked_minor', sa.BigInteger(), nullable=False),
    sa.Column('contents', sa.JSON().with_variant(postgresql.JSONB(astext_type=Text()), 'postgresql'), nullable=True),
    sa.Column('explanation', sa.String(length=500), nullable=False),
    sa.Column('approved_quantity', msingi.types.Scaled(places=4), nullable=True),
    sa.Column('approved_price_minor', sa.BigInteger(), nullable=True),
    sa.Column('verdict', sa.Enum('pass', 'refuse', name='reviewverdict', native_enum=False, length=32), nullable=True),
    sa.Column('justification', sa.String(length=500), nullable=False),
    sa.Column('submitted_reason', sa.Integer(), nullable=True),
    sa.Column('submitted_policy_id', sa.Uuid(), nullable=True),
    sa.Column('status', sa.Enum('passed', 'refused', name='linestatus', native_enum=False, length=32), nullable=True),
    sa.Column('reason', sa.Integer(), nullable=True),
    sa.Column('product_id', sa.Uuid(), nullable=True),
    sa.Column('policy_id', sa.Uuid(), nullable=True),
    sa.Column('hospital', sa.Boolean(), nullable=True),
    sa.Column('accepted_quantity', msingi.types.Scaled(places=4), nullable=True),
    sa.Column('limitation', sa.Enum('C', 'F', name='limitationtype', native_enum=False, length=32), nullable=True),
    sa.Column('limitation_value', msingi.types.Scaled(places=4), nullable=True),
    sa.Column('price_origin', sa.Enum('P', 'O', 'R', name='priceorigin', native_enum=False, length=32), nullable=True),
    sa.Column('price_adjusted_minor', sa.BigInteger(), nullable=True),
    sa.Column('gross_minor', sa.BigInteger(), nullable=True),
    sa.Column('refused_minor', sa.BigInteger(), nullable=True),
    sa.Column('deductible_minor', sa.BigInteger(), nullable=True),
    sa.Column('patient_share_minor', sa.BigInteger(), nullable=True),
    sa.Column('excess_minor', sa.BigInteger(), nullable=True),
    sa.Column('excess_category_minor', sa.BigInteger(), nullable=True),
    sa.Column('nominal_minor', sa.BigInteger(), nullable=True),
    sa.Column('valuated_minor', sa.BigInteger(), nullable=True),
    sa.Column('remunerated_minor', sa.BigInteger(), nullable=True),
    sa.CheckConstraint('price_asked_minor >= 0', name=op.f('ck_claims_line_price_not_negative')),
    sa.CheckConstraint('quantity > 0', name=op.f('ck_claims_line_quantity_positive')),
    sa.ForeignKeyConstraint(['claim_id'], ['claims_claim.id'], name=op.f('fk_claims_line_claim_id_claims_claim')),
    sa.ForeignKeyConstraint(['policy_id'], ['insurance_policy.id'], name=op.f('fk_claims_line_policy_id_insurance_policy')),
    sa.ForeignKeyConstraint(['product_id'], ['insurance_product.id'], name=op.f('fk_claims_line_product_id_insurance_product')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_claims_line')),
    sa.UniqueConstraint('claim_id', 'position', name=op.f('uq_claims_line_claim_id_position'))
    )
    with op.batch_alter_table('claims_line', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_claims_line_policy_id'), ['policy_id'], unique=False)
        batch_op.create_index('ix_claims_line_product_id', ['product_id'], unique=False)

    op.create_table('claims_paper_keying',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('jurisdiction_id', sa.Uuid(), nullable=False),
    sa.Column('paper_batch_id', sa.Uuid(), nullable=False),
    sa.Column('code', sa.String(length=50), nullable=False),
    sa.Column('draft', sa.JSON().with_variant(postgresql.JSONB(astext_type=Text()), 'postgresql'), nullable=False),
    sa.Column('keyed_at', msingi.types.UtcDateTime(), nullable=False),
    sa.Column('keyed_by', sa.Uuid(), nullable=True),
    sa.Column('claim_id', sa.Uuid(), nullable=True),
    sa.ForeignKeyConstraint(['claim_id'], ['claims_claim.id'], name=op.f('fk_claims_paper_keying_claim_id_claims_claim')),
    sa.ForeignKeyConstraint(['jurisdiction_id'], ['rbac_jurisdiction.id'], name=op.f('fk_claims_paper_keying_jurisdiction_id_rbac_jurisdiction')),
    sa.ForeignKeyConstraint(['paper_batch_id'], ['claims_paper_batch.id'], name=op.f('fk_claims_paper_keying_paper_batch_id_claims_paper_batch')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_claims_paper_keying')),
    sa.UniqueConstraint('paper_batch_id', 'code', name=op.f('uq_claims_paper_keying_paper_batch_id_code'))
    )
    with op.batch_alter_table('claims_paper_keying', schema=None) as batch_op:
        batch_op.create_index('ix_claims_paper_keying_claim_id', ['claim_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_claims_paper_keying_jurisdiction_id'), ['jurisdiction_id'], unique=False)

    op.create_table('claims_query',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('jurisdiction_id', sa.Uuid(), nullable=False),
    sa.Column('claim_id', sa.Uuid(), nullable=False),
    sa.Column('question', sa.String(length=1000), nullable=False),
    sa.Column('asked_at', msingi.types.UtcDateTime(), nullable=False),
    sa.Column('asked_by', sa.Uuid(), nullable=True),
    sa.Column('answer', sa.String(length=1000), nullable=False),
    sa.Column('answered_at', msingi.types.UtcDateTime(), nullable=True),
    sa.Column('answered_by', sa.Uuid(), nullable=True),
    sa.ForeignKeyConstraint(['claim_id'], ['claims_claim.id'], name=op.f('fk_claims_query_claim_id_claims_claim')),
    sa.ForeignKeyConstraint(['jurisdiction_id'], ['rbac_jurisdiction.id'], name=op.f('fk_claims_query_jurisdiction_id_rbac_jurisdiction')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_claims_query'))
    )
    with op.batch_alter_table('claims_query', schema=None) as batch_op:
        batch_op.create_index('ix_claims_query_claim_id', ['claim_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_claims_query_jurisdiction_id'), ['jurisdiction_id'], unique=False)

    op.create_table('claims_review_task',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('jurisdiction_id', sa.Uuid(), nullable=False),
    sa.Column('claim_id', sa.Uuid(), nullable=False),
    sa.Column('selection_id', sa.Uuid(), nullable=True),
    sa.Column('reason', sa.Enum('random', 'variance', 'value', 'risk', 'manual', name='selectionrule', native_enum=False, length=32), nullable=False),
    sa.Column('assignee_id', sa.Uuid(), nullable=True),
    sa.Column('due_at', msingi.types.UtcDateTime(), nullable=False),
    sa.Column('escalated_at', msingi.types.UtcDateTime(), nullable=True),
    sa.Column('state', sa.Enum('open', 'waiting', 'done', name='taskstate', native_enum=False, length=32), nullable=False),
    sa.Column('done_at', msingi.types.UtcDateTime(), nullable=True),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['claim_id'], ['claims_claim.id'], name=op.f('fk_claims_review_task_claim_id_claims_claim')),
    sa.ForeignKeyConstraint(['jurisdiction_id'], ['rbac_jurisdiction.id'], name=op.f('fk_claims_review_task_jurisdiction_id_rbac_jurisdiction')),
    sa.ForeignKeyConstraint(['selection_id'], ['claims_selection.id'], name=op.f('fk_claims_review_task_selection_id_claims_selection')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_claims_review_task')),
    sa.UniqueConstraint('claim_id', name=op.f('uq_claims_review_task_claim_id'))
    )
    with op.batch_alter_table('claims_review_task', schema=None) as batch_op:
        batch_op.create_index('ix_claims_review_task_assignee_id_state', ['assignee_id', 'state'], unique=False)
        batch_op.create_index(batch_op.f('ix_claims_review_task_jurisdiction_id'), ['jurisdiction_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_claims_review_task_selection_id'), ['selection_id'], unique=False)
        batch_op.create_index('ix_claims_review_task_state_due_at', ['state', 'due_at'], unique=False)


def downgrade() -> None:
    with op.batch_alter_table('claims_review_task', schema=None) as batch_op:
        batch_op.drop_index('ix_claims_review_task_state_due_at')
        batch_op.drop_index(batch_op.f('ix_claims_review_task_selection_id'))
        batch_op.drop_index(batch_op.f('ix_claims_review_task_jurisdiction_id'))
        batch_op.drop_index('ix_claims_review_task_assignee_id_state')

    op.drop_table('claims_review_task')
    with op.batch_alter_table('claims_query', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_claims_query_jurisdiction_id'))
        batch_op.drop_index('ix_claims_query_claim_id')

    op.drop_table('claims_query')
    with op.batch_alter_table('claims_paper_keying', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_claims_paper_keying_jurisdiction_id'))
        batch_op.drop_index('ix_claims_paper_keying_claim_id')

    op.drop_table('claims_paper_keying')
    with op.batch_alter_table('claims_line', schema=None) as batch_op:
        batch_op.drop_index('ix_claims_line_product_id')
        batch_op.drop_index(batch_op.f('ix_claims_line_policy_id'))

    op.drop_table('claims_line')
    with op.batch_alter_table('claims_feedback_prompt', schema=None) as batch_op:
        batch_op.drop_index('ix_claims_feedback_prompt_officer_id')
        batch_op.drop_index(batch_op.f('ix_claims_feedback_prompt_jurisdiction_id'))

    op.drop_table('claims_feedback_prompt')
    with op.batch_alter_table('claims_feedback', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_claims_feedback_officer_id'))
        batch_op.drop_index(batch_op.f('ix_claims_feedback_jurisdiction_id'))

    op.drop_table('claims_feedback')
    op.drop_table('claims_decision')
    with op.batch_alter_table('claims_consumption', schema=None) as batch_op:
        batch_op.drop_index('ix_claims_consumption_policy_id_insuree_id')
        batch_op.drop_index('ix_claims_consumption_claim_id_sequence')

    op.drop_table('claims_consumption')
    with op.batch_alter_table('claims_bill_line', schema=None) as batch_op:
        batch_op.drop_index('ix_claims_bill_line_bill_id')

    op.drop_table('claims_bill_line')
    with op.batch_alter_table('claims_attachment', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_claims_attachment_jurisdiction_id'))
        batch_op.drop_index('ix_claims_attachment_claim_id')

    op.drop_table('claims_attachment')
    with op.batch_alter_table('claims_claim', schema=None) as batch_op:
        batch_op.drop_index('ix_claims_claim_status_processed_at')
        batch_op.drop_index(batch_op.f('ix_claims_claim_sample_id'))
        batch_op.drop_index(batch_op.f('ix_claims_claim_restored_from_id'))
        batch_op.drop_index(batch_op.f('ix_claims_claim_pre_authorisation_id'))
        batch_op.drop_index(batch_op.f('ix_claims_claim_jurisdiction_id'))
        batch_op.drop_index('ix_claims_claim_insuree_id_target_date')
        batch_op.drop_index('ix_claims_claim_diagnosis_id_target_date')
        batch_op.drop_index('ix_claims_claim_date_claimed_id')
        batch_op.drop_index('ix_claims_claim_batch_id')
        batch_op.drop_index(batch_op.f('ix_claims_claim_administrator_id'))

    op.drop_table('claims_claim')
    with op.batch_alter_table('claims_pre_authorisation', schema=None) as batch_op:
        batch_op.drop_index('ix_claims_pre_authorisation_state')
        batch_op.drop_index(batch_op.f('ix_claims_pre_authorisation_jurisdiction_id'))
        batch_op.drop_index('ix_claims_pre_authorisation_insuree_id')
        batch_op.drop_index(batch_op.f('ix_claims_pre_authorisation_facility_id'))

    op.drop_table('claims_pre_authorisation')
    with op.batch_alter_table('claims_bill', schema=None) as batch_op:
        batch_op.drop_index('ix_claims_bill_state_facility_id')
        batch_op.drop_index(batch_op.f('ix_claims_bill_product_id'))
        batch_op.drop_index(batch_op.f('ix_claims_bill_order_id'))
        batch_op.drop_index(batch_op.f('ix_claims_bill_jurisdiction_id'))
        batch_op.drop_index(batch_op.f('ix_claims_bill_facility_id'))
        batch_op.drop_index(batch_op.f('ix_claims_bill_batch_id'))

    op.drop_table('claims_bill')
    with op.batch_alter_table('claims_payment_order', schema=None) as batch_op:
        batch_op.drop_index('ix_claims_payment_order_payment_id')
        batch_op.drop_index(batch_op.f('ix_claims_payment_order_jurisdiction_id'))
        batch_op.drop_index(batch_op.f('ix_claims_payment_order_facility_id'))
        batch_op.drop_index(batch_op.f('ix_claims_payment_order_account_id'))

    op.drop_table('claims_payment_order')
    with op.batch_alter_table('claims_sample', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_claims_sample_jurisdiction_id'))
        batch_op.drop_index(batch_op.f('ix_claims_sample_facility_id'))

    op.drop_table('claims_sample')
    with op.batch_alter_table('claims_relative_index', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_claims_relative_index_jurisdiction_id'))
        batch_op.drop_index(batch_op.f('ix_claims_relative_index_batch_id'))

    op.drop_table('claims_relative_index')
    with op.batch_alter_table('claims_paper_batch', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_claims_paper_batch_jurisdiction_id'))
        batch_op.drop_index(batch_op.f('ix_claims_paper_batch_facility_id'))

    op.drop_table('claims_paper_batch')
    with op.batch_alter_table('claims_facility_account', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_claims_facility_account_jurisdiction_id'))
        batch_op.drop_index('ix_claims_facility_account_facility_id')

    op.drop_table('claims_facility_account')
    with op.batch_alter_table('claims_catchment', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_claims_catchment_place_id'))
        batch_op.drop_index(batch_op.f('ix_claims_catchment_jurisdiction_id'))

    op.drop_table('claims_catchment')
    with op.batch_alter_table('claims_capitation_share', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_claims_capitation_share_product_id'))
        batch_op.drop_index(batch_op.f('ix_claims_capitation_share_jurisdiction_id'))
        batch_op.drop_index(batch_op.f('ix_claims_capitation_share_facility_id'))

    op.drop_table('claims_capitation_share')
    with op.batch_alter_table('claims_capitation_pool', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_claims_capitation_pool_product_id'))
        batch_op.drop_index(batch_op.f('ix_claims_capitation_pool_jurisdiction_id'))

    op.drop_table('claims_capitation_pool')
    with op.batch_alter_table('claims_administrator', schema=None) as batch_op:
        batch_op.drop_index('ix_claims_administrator_user_id')
        batch_op.drop_index(batch_op.f('ix_claims_administrator_jurisdiction_id'))
        batch_op.drop_index(batch_op.f('ix_claims_administrator_facility_id'))

    op.drop_table('claims_administrator')
    with op.batch_alter_table('claims_selection', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_claims_selection_jurisdiction_id'))

    op.drop_table('claims_selection')
    with op.batch_alter_table('claims_place_figures', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_claims_place_figures_jurisdiction_id'))

    op.drop_table('claims_place_figures')
    with op.batch_alter_table('claims_payment', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_claims_payment_jurisdiction_id'))

    op.drop_table('claims_payment')
    with op.batch_alter_table('claims_batch_run', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_claims_batch_run_jurisdiction_id'))

    op.drop_table('claims_batch_run')
