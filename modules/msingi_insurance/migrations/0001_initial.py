"""initial."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy import Text
from sqlalchemy.dialects import postgresql

import msingi.types

revision = "0001"
down_revision = None


def upgrade() -> None:
    op.create_table('insurance_enrolment_finding',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('jurisdiction_id', sa.Uuid(), nullable=False),
    sa.Column('sign', sa.Enum('receipt_repeated', 'back_dated', 'photo_shared', 'phone_shared', name='fraudsign', native_enum=False, length=32), nullable=False),
    sa.Column('officers', sa.JSON().with_variant(postgresql.JSONB(astext_type=Text()), 'postgresql'), nullable=False),
    sa.Column('records', sa.JSON().with_variant(postgresql.JSONB(astext_type=Text()), 'postgresql'), nullable=False),
    sa.Column('found_at', msingi.types.UtcDateTime(), nullable=False),
    sa.ForeignKeyConstraint(['jurisdiction_id'], ['rbac_jurisdiction.id'], name=op.f('fk_insurance_enrolment_finding_jurisdiction_id_rbac_jurisdiction')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_insurance_enrolment_finding'))
    )
    with op.batch_alter_table('insurance_enrolment_finding', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_insurance_enrolment_finding_jurisdiction_id'), ['jurisdiction_id'], unique=False)
        batch_op.create_index('ix_insurance_enrolment_finding_sign_id', ['sign', 'id'], unique=False)

    op.create_table('insurance_field_upload',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('jurisdiction_id', sa.Uuid(), nullable=False),
    sa.Column('officer_code', sa.String(length=20), nullable=False),
    sa.Column('digest', sa.String(length=64), nullable=False),
    sa.Column('content', msingi.types.SealedText(), nullable=True),
    sa.Column('dry_run', sa.Boolean(), nullable=False),
    sa.Column('families', sa.Integer(), nullable=False),
    sa.Column('outcomes', sa.JSON().with_variant(postgresql.JSONB(astext_type=Text()), 'postgresql'), nullable=False),
    sa.Column('sent_by', sa.Uuid(), nullable=True),
    sa.Column('sent_at', msingi.types.UtcDateTime(), nullable=False),
    sa.Column('read_at', msingi.types.UtcDateTime(), nullable=True),
    sa.Column('job_id', sa.Uuid(), nullable=True),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['jurisdiction_id'], ['rbac_jurisdiction.id'], name=op.f('fk_insurance_field_upload_jurisdiction_id_rbac_jurisdiction')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_insurance_field_upload'))
    )
    with op.batch_alter_table('insurance_field_upload', schema=None) as batch_op:
        batch_op.create_index('ix_insurance_field_upload_digest', ['digest'], unique=False)
        batch_op.create_index(batch_op.f('ix_insurance_field_upload_jurisdiction_id'), ['jurisdiction_id'], unique=False)

    op.create_table('insurance_officer',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('jurisdiction_id', sa.Uuid(), nullable=False),
    sa.Column('code', sa.String(length=20), nullable=False),
    sa.Column('name', sa.String(length=100), nullable=False),
    sa.Column('user_id', sa.Uuid(), nullable=True),
    sa.Column('phone', msingi.types.SealedText(), nullable=True),
    sa.Column('works_to', sa.Date(), nullable=True),
    sa.Column('substitution_officer_id', sa.Uuid(), nullable=True),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['jurisdiction_id'], ['rbac_jurisdiction.id'], name=op.f('fk_insurance_officer_jurisdiction_id_rbac_jurisdiction')),
    sa.ForeignKeyConstraint(['substitution_officer_id'], ['insurance_officer.id'], name=op.f('fk_insurance_officer_substitution_officer_id_insurance_officer')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_insurance_officer')),
    sa.UniqueConstraint('code', name=op.f('uq_insurance_officer_code'))
    )
    with op.batch_alter_table('insurance_officer', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_insurance_officer_jurisdiction_id'), ['jurisdiction_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_insurance_officer_substitution_officer_id'), ['substitution_officer_id'], unique=False)
        batch_op.create_index('ix_insurance_officer_user_id', ['user_id'], unique=False)

    op.create_table('insurance_payer',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('jurisdiction_id', sa.Uuid(), nullable=False),
    sa.Column('type', sa.Enum('C', 'D', 'G', 'L', 'O', 'P', name='payertype', native_enum=False, length=32), nullable=False),
    sa.Column('name', sa.String(length=100), nullable=False),
    sa.Column('address', sa.String(length=200), nullable=False),
    sa.Column('phone', msingi.types.SealedText(), nullable=True),
    sa.Column('email', msingi.types.SealedText(), nullable=True),
    sa.Column('made_by', sa.Uuid(), nullable=True),
    sa.Column('closed_on', sa.Date(), nullable=True),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['jurisdiction_id'], ['rbac_jurisdiction.id'], name=op.f('fk_insurance_payer_jurisdiction_id_rbac_jurisdiction')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_insurance_payer'))
    )
    with op.batch_alter_table('insurance_payer', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_insurance_payer_jurisdiction_id'), ['jurisdiction_id'], unique=False)
        batch_op.create_index('ix_insurance_payer_name_id', ['name', 'id'], unique=False)

    op.create_table('insurance_plan_bundle',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('jurisdiction_id', sa.Uuid(), nullable=False),
    sa.Column('code', sa.String(length=32), nullable=False),
    sa.Column('name', sa.String(length=100), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['jurisdiction_id'], ['rbac_jurisdiction.id'], name=op.f('fk_insurance_plan_bundle_jurisdiction_id_rbac_jurisdiction')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_insurance_plan_bundle')),
    sa.UniqueConstraint('code', name=op.f('uq_insurance_plan_bundle_code'))
    )
    with op.batch_alter_table('insurance_plan_bundle', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_insurance_plan_bundle_jurisdiction_id'), ['jurisdiction_id'], unique=False)

    op.create_table('insurance_policy_holder',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('jurisdiction_id', sa.Uuid(), nullable=False),
    sa.Column('code', sa.String(length=32), nullable=False),
    sa.Column('name', sa.String(length=200), nullable=False),
    sa.Column('legal_form', sa.String(length=20), nullable=False),
    sa.Column('activity_code', sa.String(length=20), nullable=False),
    sa.Column('address', sa.String(length=200), nullable=False),
    sa.Column('phone', msingi.types.SealedText(), nullable=True),
    sa.Column('bank_account', msingi.types.SealedText(), nullable=True),
    sa.Column('closed_on', sa.Date(), nullable=True),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['jurisdiction_id'], ['rbac_jurisdiction.id'], name=op.f('fk_insurance_policy_holder_jurisdiction_id_rbac_jurisdiction')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_insurance_policy_holder')),
    sa.UniqueConstraint('code', name=op.f('uq_insurance_policy_holder_code'))
    )
    with op.batch_alter_table('insurance_policy_holder', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_insurance_policy_holder_jurisdiction_id'), ['jurisdiction_id'], unique=False)
        batch_op.create_index('ix_insurance_policy_holder_name_id', ['name', 'id'], unique=False)

    op.create_table('insurance_product',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('jurisdiction_id', sa.Uuid(), nullable=False),
    sa.Column('code', sa.String(length=8), nullable=False),
    sa.Column('name', sa.String(length=100), nullable=False),
    sa.Column('currency', sa.String(length=3), nullable=False),
    sa.Column('date_from', sa.Date(), nullable=False),
    sa.Column('date_to', sa.Date(), nullable=True),
    sa.Column('closed_on', sa.Date(), nullable=True),
    sa.Column('conversion_product_id', sa.Uuid(), nullable=True),
    sa.Column('current_version_id', sa.Uuid(), nullable=True),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['conversion_product_id'], ['insurance_product.id'], name=op.f('fk_insurance_product_conversion_product_id_insurance_product')),
    sa.ForeignKeyConstraint(['current_version_id'], ['insurance_product_version.id'], name=op.f('fk_insurance_product_current_version_id_insurance_product_version'), use_alter=True),
    sa.ForeignKeyConstraint(['jurisdiction_id'], ['rbac_jurisdiction.id'], name=op.f('fk_insurance_product_jurisdiction_id_rbac_jurisdiction')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_insurance_product'))
    )
    with op.batch_alter_table('insurance_product', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_insurance_product_conversion_product_id'), ['conversion_product_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_insurance_product_jurisdiction_id'), ['jurisdiction_id'], unique=False)
        batch_op.create_index('uq_insurance_product_live_code', ['code'], unique=True, sqlite_where=sa.text('closed_on IS NULL'), postgresql_where=sa.text('closed_on IS NULL'))

    op.create_table('insurance_statement',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('jurisdiction_id', sa.Uuid(), nullable=False),
    sa.Column('gateway', sa.String(length=32), nullable=False),
    sa.Column('day', sa.Date(), nullable=False),
    sa.Column('made_at', msingi.types.UtcDateTime(), nullable=False),
    sa.Column('made_by', sa.Uuid(), nullable=True),
    sa.Column('listed', sa.Integer(), nullable=False),
    sa.Column('matched', sa.Integer(), nullable=False),
    sa.Column('missing', sa.Integer(), nullable=False),
    sa.Column('extra', sa.Integer(), nullable=False),
    sa.Column('different', sa.Integer(), nullable=False),
    sa.Column('lines', sa.JSON().with_variant(postgresql.JSONB(astext_type=Text()), 'postgresql'), nullable=False),
    sa.Column('approved_by', sa.Uuid(), nullable=True),
    sa.Column('approved_at', msingi.types.UtcDateTime(), nullable=True),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['jurisdiction_id'], ['rbac_jurisdiction.id'], name=op.f('fk_insurance_statement_jurisdiction_id_rbac_jurisdiction')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_insurance_statement'))
    )
    with op.batch_alter_table('insurance_statement', schema=None) as batch_op:
        batch_op.create_index('ix_insurance_statement_gateway_day', ['gateway', 'day'], unique=False)
        batch_op.create_index(batch_op.f('ix_insurance_statement_jurisdiction_id'), ['jurisdiction_id'], unique=False)

    op.create_table('insurance_cash_count',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('jurisdiction_id', sa.Uuid(), nullable=False),
    sa.Column('officer_id', sa.Uuid(), nullable=False),
    sa.Column('until', sa.Date(), nullable=False),
    sa.Column('state', sa.Enum('open', 'counted', 'confirmed', name='cashstate', native_enum=False, length=32), nullable=False),
    sa.Column('currency', sa.String(length=3), nullable=False),
    sa.Column('expected_minor', sa.BigInteger(), nullable=False),
    sa.Column('counted_minor', sa.BigInteger(), nullable=True),
    sa.Column('difference_minor', sa.BigInteger(), nullable=True),
    sa.Column('handed_to', sa.String(length=100), nullable=False),
    sa.Column('slip', sa.String(length=50), nullable=False),
    sa.Column('note', sa.String(length=500), nullable=False),
    sa.Column('opened_at', msingi.types.UtcDateTime(), nullable=False),
    sa.Column('counted_by', sa.Uuid(), nullable=True),
    sa.Column('counted_at', msingi.types.UtcDateTime(), nullable=True),
    sa.Column('confirmed_by', sa.Uuid(), nullable=True),
    sa.Column('confirmed_at', msingi.types.UtcDateTime(), nullable=True),
    sa.Column('transaction_id', sa.Uuid(), nullable=True),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.CheckConstraint('counted_minor >= 0', name=op.f('ck_insurance_cash_count_counted')),
    sa.ForeignKeyConstraint(['jurisdiction_id'], ['rbac_jurisdiction.id'], name=op.f('fk_insurance_cash_count_jurisdiction_id_rbac_jurisdiction')),
    sa.ForeignKeyConstraint(['officer_id'], ['insurance_officer.id'], name=op.f('fk_insurance_cash_count_officer_id_insurance_officer')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_insurance_cash_count'))
    )
    with op.batch_alter_table('insurance_cash_count', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_insurance_cash_count_jurisdiction_id'), ['jurisdiction_id'], unique=False)
        batch_op.create_index('ix_insurance_cash_count_officer_id_state', ['officer_id', 'state'], unique=False)

    op.create_table('insurance_contract',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('jurisdiction_id', sa.Uuid(), nullable=False),
    sa.Column('code', sa.String(length=32), nullable=False),
    sa.Column('amendment', sa.Integer(), nullable=False),
    sa.Column('amends_id', sa.Uuid(), nullable=True),
    sa.Column('holder_id', sa.Uuid(), nullable=False),
    sa.Column('state', sa.Enum('information_request', 'draft', 'offer', 'negotiable', 'executable', 'addendum', 'effective', 'executed', 'disputed', 'terminated', 'counter', name='contractstate', native_enum=False, length=32), nullable=False),
    sa.Column('date_from', sa.Date(), nullable=False),
    sa.Column('date_to', sa.Date(), nullable=False),
    sa.Column('currency', sa.String(length=3), nullable=False),
    sa.Column('notified_minor', sa.BigInteger(), nullable=True),
    sa.Column('rectified_minor', sa.BigInteger(), nullable=True),
    sa.Column('due_minor', sa.BigInteger(), nullable=True),
    sa.Column('payment_due', sa.Date(), nullable=True),
    sa.Column('submitted_by', sa.Uuid(), nullable=True),
    sa.Column('approved_by', sa.Uuid(), nullable=True),
    sa.Column('approved_at', msingi.types.UtcDateTime(), nullable=True),
    sa.Column('reason', sa.String(length=500), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.CheckConstraint('date_to >= date_from', name=op.f('ck_insurance_contract_period')),
    sa.ForeignKeyConstraint(['amends_id'], ['insurance_contract.id'], name=op.f('fk_insurance_contract_amends_id_insurance_contract')),
    sa.ForeignKeyConstraint(['holder_id'], ['insurance_policy_holder.id'], name=op.f('fk_insurance_contract_holder_id_insurance_policy_holder')),
    sa.ForeignKeyConstraint(['jurisdiction_id'], ['rbac_jurisdiction.id'], name=op.f('fk_insurance_contract_jurisdiction_id_rbac_jurisdiction')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_insurance_contract')),
    sa.UniqueConstraint('code', 'amendment', name=op.f('uq_insurance_contract_code_amendment'))
    )
    with op.batch_alter_table('insurance_contract', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_insurance_contract_amends_id'), ['amends_id'], unique=False)
        batch_op.create_index('ix_insurance_contract_holder_id', ['holder_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_insurance_contract_jurisdiction_id'), ['jurisdiction_id'], unique=False)

    op.create_table('insurance_family',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('jurisdiction_id', sa.Uuid(), nullable=False),
    sa.Column('household_id', sa.Uuid(), nullable=False),
    sa.Column('family_type', sa.String(length=20), nullable=False),
    sa.Column('poverty', sa.Boolean(), nullable=False),
    sa.Column('confirmation_type', sa.String(length=20), nullable=False),
    sa.Column('confirmation_number', sa.String(length=50), nullable=False),
    sa.Column('ethnicity', sa.String(length=50), nullable=False),
    sa.Column('valid_from', sa.Date(), nullable=False),
    sa.Column('valid_to', sa.Date(), nullable=True),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['household_id'], ['registry_household.id'], name=op.f('fk_insurance_family_household_id_registry_household')),
    sa.ForeignKeyConstraint(['jurisdiction_id'], ['rbac_jurisdiction.id'], name=op.f('fk_insurance_family_jurisdiction_id_rbac_jurisdiction')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_insurance_family'))
    )
    with op.batch_alter_table('insurance_family', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_insurance_family_jurisdiction_id'), ['jurisdiction_id'], unique=False)
        batch_op.create_index('uq_insurance_family_valid_household', ['household_id'], unique=True, sqlite_where=sa.text('valid_to IS NULL'), postgresql_where=sa.text('valid_to IS NULL'))

    op.create_table('insurance_funding',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('jurisdiction_id', sa.Uuid(), nullable=False),
    sa.Column('product_id', sa.Uuid(), nullable=False),
    sa.Column('payer_id', sa.Uuid(), nullable=False),
    sa.Column('pay_date', sa.Date(), nullable=False),
    sa.Column('amount_minor', sa.BigInteger(), nullable=False),
    sa.Column('currency', sa.String(length=3), nullable=False),
    sa.Column('receipt', sa.String(length=50), nullable=False),
    sa.Column('status', sa.Enum('N', 'P', 'A', 'R', name='fundingstatus', native_enum=False, length=32), nullable=False),
    sa.Column('recorded_by', sa.Uuid(), nullable=True),
    sa.Column('decided_by', sa.Uuid(), nullable=True),
    sa.Column('decided_at', msingi.types.UtcDateTime(), nullable=True),
    sa.Column('reason', sa.String(length=500), nullable=False),
    sa.Column('transaction_id', sa.Uuid(), nullable=True),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.CheckConstraint('amount_minor > 0', name=op.f('ck_insurance_funding_amount')),
    sa.ForeignKeyConstraint(['jurisdiction_id'], ['rbac_jurisdiction.id'], name=op.f('fk_insurance_funding_jurisdiction_id_rbac_jurisdiction')),
    sa.ForeignKeyConstraint(['payer_id'], ['insurance_payer.id'], name=op.f('fk_insurance_funding_payer_id_insurance_payer')),
    sa.ForeignKeyConstraint(['product_id'], ['insurance_product.id'], name=op.f('fk_insurance_funding_product_id_insurance_product')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_insurance_funding')),
    sa.UniqueConstraint('product_id', 'receipt', name=op.f('uq_insurance_funding_product_id_receipt'))
    )
    with op.batch_alter_table('insurance_funding', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_insurance_funding_jurisdiction_id'), ['jurisdiction_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_insurance_funding_payer_id'), ['payer_id'], unique=False)

    op.create_table('insurance_officer_village',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('jurisdiction_id', sa.Uuid(), nullable=False),
    sa.Column('officer_id', sa.Uuid(), nullable=False),
    sa.ForeignKeyConstraint(['jurisdiction_id'], ['rbac_jurisdiction.id'], name=op.f('fk_insurance_officer_village_jurisdiction_id_rbac_jurisdiction')),
    sa.ForeignKeyConstraint(['officer_id'], ['insurance_officer.id'], name=op.f('fk_insurance_officer_village_officer_id_insurance_officer')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_insurance_officer_village')),
    sa.UniqueConstraint('officer_id', 'jurisdiction_id', name=op.f('uq_insurance_officer_village_officer_id_jurisdiction_id'))
    )
    with op.batch_alter_table('insurance_officer_village', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_insurance_officer_village_jurisdiction_id'), ['jurisdiction_id'], unique=False)

    op.create_table('insurance_plan',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('jurisdiction_id', sa.Uuid(), nullable=False),
    sa.Column('kind', sa.Enum('contribution', 'payment', name='plankind', native_enum=False, length=32), nullable=False),
    sa.Column('code', sa.String(length=32), nullable=False),
    sa.Column('name', sa.String(length=100), nullable=False),
    sa.Column('rule', sa.String(length=64), nullable=False),
    sa.Column('parameters', sa.JSON().with_variant(postgresql.JSONB(astext_type=Text()), 'postgresql'), nullable=False),
    sa.Column('product_id', sa.Uuid(), nullable=False),
    sa.Column('periodicity', sa.Integer(), nullable=False),
    sa.Column('valid_from', sa.Date(), nullable=False),
    sa.Column('valid_to', sa.Date(), nullable=True),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.CheckConstraint('periodicity > 0', name=op.f('ck_insurance_plan_periodicity')),
    sa.ForeignKeyConstraint(['jurisdiction_id'], ['rbac_jurisdiction.id'], name=op.f('fk_insurance_plan_jurisdiction_id_rbac_jurisdiction')),
    sa.ForeignKeyConstraint(['product_id'], ['insurance_product.id'], name=op.f('fk_insurance_plan_product_id_insurance_product')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_insurance_plan')),
    sa.UniqueConstraint('kind', 'code', name=op.f('uq_insurance_plan_kind_code'))
    )
    with op.batch_alter_table('insurance_plan', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_insurance_plan_jurisdiction_id'), ['jurisdiction_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_insurance_plan_product_id'), ['product_id'], unique=False)

    op.create_table('insurance_policy_holder_user',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('jurisdiction_id', sa.Uuid(), nullable=False),
    sa.Column('holder_id', sa.Uuid(), nullable=False),
    sa.Column('user_id', sa.Uuid(), nullable=False),
    sa.ForeignKeyConstraint(['holder_id'], ['insurance_policy_holder.id'], name=op.f('fk_insurance_policy_holder_user_holder_id_insurance_policy_holder')),
    sa.ForeignKeyConstraint(['jurisdiction_id'], ['rbac_jurisdiction.id'], name=op.f('fk_insurance_policy_holder_user_jurisdiction_id_rbac_jurisdiction')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_insurance_policy_holder_user')),
    sa.UniqueConstraint('holder_id', 'user_id', name=op.f('uq_insurance_policy_holder_user_holder_id_user_id'))
    )
    with op.batch_alter_table('insurance_policy_holder_user', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_insurance_policy_holder_user_jurisdiction_id'), ['jurisdiction_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_insurance_policy_holder_user_user_id'), ['user_id'], unique=False)

    op.create_table('insurance_product_version',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('product_id', sa.Uuid(), nullable=False),
    sa.Column('number', sa.Integer(), nullable=False),
    sa.Column('valid_from', sa.Date(), nullable=False),
    sa.Column('terms', sa.JSON().with_variant(postgresql.JSONB(astext_type=Text()), 'postgresql'), nullable=False),
    sa.Column('digest', sa.String(length=64), nullable=False),
    sa.Column('reason', sa.String(length=500), nullable=False),
    sa.Column('made_at', msingi.types.UtcDateTime(), nullable=False),
    sa.Column('made_by', sa.Uuid(), nullable=True),
    sa.ForeignKeyConstraint(['product_id'], ['insurance_product.id'], name=op.f('fk_insurance_product_version_product_id_insurance_product')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_insurance_product_version')),
    sa.UniqueConstraint('product_id', 'number', name=op.f('uq_insurance_product_version_product_id_number'))
    )
    op.create_table('insurance_receipt_sequence',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('jurisdiction_id', sa.Uuid(), nullable=False),
    sa.Column('product_id', sa.Uuid(), nullable=False),
    sa.Column('day', sa.Date(), nullable=False),
    sa.Column('last', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['jurisdiction_id'], ['rbac_jurisdiction.id'], name=op.f('fk_insurance_receipt_sequence_jurisdiction_id_rbac_jurisdiction')),
    sa.ForeignKeyConstraint(['product_id'], ['insurance_product.id'], name=op.f('fk_insurance_receipt_sequence_product_id_insurance_product')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_insurance_receipt_sequence')),
    sa.UniqueConstraint('product_id', 'day', name=op.f('uq_insurance_receipt_sequence_product_id_day'))
    )
    with op.batch_alter_table('insurance_receipt_sequence', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_insurance_receipt_sequence_jurisdiction_id'), ['jurisdiction_id'], unique=False)

    op.create_table('insurance_reference',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('jurisdiction_id', sa.Uuid(), nullable=False),
    sa.Column('gateway', sa.String(length=32), nullable=False),
    sa.Column('product_id', sa.Uuid(), nullable=True),
    sa.Column('number', sa.String(length=40), nullable=True),
    sa.Column('state', sa.Enum('requested', 'sent', 'acknowledged', 'issued', 'paid', 'rejected', 'expired', 'cancelled', name='referencestate', native_enum=False, length=32), nullable=False),
    sa.Column('code', sa.String(length=40), nullable=False),
    sa.Column('amount_minor', sa.BigInteger(), nullable=True),
    sa.Column('currency', sa.String(length=3), nullable=False),
    sa.Column('officer_id', sa.Uuid(), nullable=True),
    sa.Column('insuree_number', sa.String(length=50), nullable=False),
    sa.Column('assigned_on', sa.Date(), nullable=True),
    sa.Column('requested_at', msingi.types.UtcDateTime(), nullable=False),
    sa.Column('sent_at', msingi.types.UtcDateTime(), nullable=True),
    sa.Column('asked_at', msingi.types.UtcDateTime(), nullable=True),
    sa.Column('issued_at', msingi.types.UtcDateTime(), nullable=True),
    sa.Column('expires_on', sa.Date(), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['jurisdiction_id'], ['rbac_jurisdiction.id'], name=op.f('fk_insurance_reference_jurisdiction_id_rbac_jurisdiction')),
    sa.ForeignKeyConstraint(['officer_id'], ['insurance_officer.id'], name=op.f('fk_insurance_reference_officer_id_insurance_officer')),
    sa.ForeignKeyConstraint(['product_id'], ['insurance_product.id'], name=op.f('fk_insurance_reference_product_id_insurance_product')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_insurance_reference')),
    sa.UniqueConstraint('gateway', 'number', name=op.f('uq_insurance_reference_gateway_number'))
    )
    with op.batch_alter_table('insurance_reference', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_insurance_reference_jurisdiction_id'), ['jurisdiction_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_insurance_reference_officer_id'), ['officer_id'], unique=False)
        batch_op.create_index('ix_insurance_reference_pool', ['product_id', 'state', 'officer_id', 'assigned_on'], unique=False)
        batch_op.create_index('ix_insurance_reference_state_expires_on', ['state', 'expires_on'], unique=False)

    op.create_table('insurance_rollout',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('jurisdiction_id', sa.Uuid(), nullable=False),
    sa.Column('product_id', sa.Uuid(), nullable=False),
    sa.Column('wave', sa.Integer(), nullable=False),
    sa.Column('starts_on', sa.Date(), nullable=True),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['jurisdiction_id'], ['rbac_jurisdiction.id'], name=op.f('fk_insurance_rollout_jurisdiction_id_rbac_jurisdiction')),
    sa.ForeignKeyConstraint(['product_id'], ['insurance_product.id'], name=op.f('fk_insurance_rollout_product_id_insurance_product')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_insurance_rollout')),
    sa.UniqueConstraint('product_id', 'jurisdiction_id', name=op.f('uq_insurance_rollout_product_id_jurisdiction_id'))
    )
    with op.batch_alter_table('insurance_rollout', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_insurance_rollout_jurisdiction_id'), ['jurisdiction_id'], unique=False)

    op.create_table('insurance_contract_invoice',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('jurisdiction_id', sa.Uuid(), nullable=False),
    sa.Column('contract_id', sa.Uuid(), nullable=False),
    sa.Column('code', sa.String(length=40), nullable=False),
    sa.Column('amount_minor', sa.BigInteger(), nullable=False),
    sa.Column('currency', sa.String(length=3), nullable=False),
    sa.Column('issued_on', sa.Date(), nullable=False),
    sa.Column('due_on', sa.Date(), nullable=False),
    sa.Column('paid_on', sa.Date(), nullable=True),
    sa.Column('receipt', sa.String(length=40), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['contract_id'], ['insurance_contract.id'], name=op.f('fk_insurance_contract_invoice_contract_id_insurance_contract')),
    sa.ForeignKeyConstraint(['jurisdiction_id'], ['rbac_jurisdiction.id'], name=op.f('fk_insurance_contract_invoice_jurisdiction_id_rbac_jurisdiction')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_insurance_contract_invoice')),
    sa.UniqueConstraint('code', name=op.f('uq_insurance_contract_invoice_code')),
    sa.UniqueConstraint('contract_id', name=op.f('uq_insurance_contract_invoice_contract_id'))
    )
    with op.batch_alter_table('insurance_contract_invoice', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_insurance_contract_invoice_jurisdiction_id'), ['jurisdiction_id'], unique=False)

    op.create_table('insurance_insuree',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('jurisdiction_id', sa.Uuid(), nullable=False),
    sa.Column('person_id', sa.Uuid(), nullable=False),
    sa.Column('number', sa.String(length=50), nullable=False),
    sa.Column('is_pseudonymous', sa.Boolean(), nullable=False),
    sa.Column('family_id', sa.Uuid(), nullable=True),
    sa.Column('is_head', sa.Boolean(), nullable=False),
    sa.Column('relationship_to_head', sa.Enum('spouse', 'child', 'parent', 'sibling', 'grandparent', 'employee', 'other_relative', name='relationship', native_enum=False, length=32), nullable=True),
    sa.Column('marital_status', sa.String(length=20), nullable=False),
    sa.Column('profession', sa.String(length=50), nullable=False),
    sa.Column('education', sa.String(length=50), nullable=False),
    sa.Column('first_service_point_id', sa.Uuid(), nullable=True),
    sa.Column('card_issued', sa.Boolean(), nullable=False),
    sa.Column('status', sa.Enum('AC', 'IN', 'DE', name='insureestatus', native_enum=False, length=32), nullable=False),
    sa.Column('status_on', sa.Date(), nullable=True),
    sa.Column('status_reason', sa.String(length=50), nullable=False),
    sa.Column('photo_on', sa.Date(), nullable=True),
    sa.Column('valid_from', sa.Date(), nullable=False),
    sa.Column('valid_to', sa.Date(), nullable=True),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['family_id'], ['insurance_family.id'], name=op.f('fk_insurance_insuree_family_id_insurance_family')),
    sa.ForeignKeyConstraint(['first_service_point_id'], ['registry_facility.id'], name=op.f('fk_insurance_insuree_first_service_point_id_registry_facility')),
    sa.ForeignKeyConstraint(['jurisdiction_id'], ['rbac_jurisdiction.id'], name=op.f('fk_insurance_insuree_jurisdiction_id_rbac_jurisdiction')),
    sa.ForeignKeyConstraint(['person_id'], ['registry_person.id'], name=op.f('fk_insurance_insuree_person_id_registry_person')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_insurance_insuree')),
    sa.UniqueConstraint('number', name=op.f('uq_insurance_insuree_number'))
    )
    with op.batch_alter_table('insurance_insuree', schema=None) as batch_op:
        batch_op.create_index('ix_insurance_insuree_family_id', ['family_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_insurance_insuree_first_service_point_id'), ['first_service_point_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_insurance_insuree_jurisdiction_id'), ['jurisdiction_id'], unique=False)
        batch_op.create_index('ix_insurance_insuree_number_id', ['number', 'id'], unique=False)
        batch_op.create_index('uq_insurance_insuree_valid_person', ['person_id'], unique=True, sqlite_where=sa.text('valid_to IS NULL'), postgresql_where=sa.text('valid_to IS NULL'))

    op.create_table('insurance_payment',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('jurisdiction_id', sa.Uuid(), nullable=False),
    sa.Column('state', sa.Enum('wrong_format', 'unknown_reference', 'wrong_amount', 'not_confirmed', 'posted', 'reference_assigned', 'unmatched', 'matched', name='paymentstate', native_enum=False, length=32), nullable=False),
    sa.Column('gateway', sa.String(length=32), nullable=False),
    sa.Column('transaction', sa.String(length=64), nullable=True),
    sa.Column('digest', sa.String(length=64), nullable=False),
    sa.Column('reference_id', sa.Uuid(), nullable=True),
    sa.Column('reference_number', sa.String(length=40), nullable=False),
    sa.Column('officer_id', sa.Uuid(), nullable=True),
    sa.Column('currency', sa.String(length=3), nullable=False),
    sa.Column('expected_minor', sa.BigInteger(), nullable=True),
    sa.Column('received_minor', sa.BigInteger(), nullable=True),
    sa.Column('pay_date', sa.Date(), nullable=True),
    sa.Column('pay_type', sa.Enum('B', 'C', 'M', 'F', 'K', name='paytype', native_enum=False, length=32), nullable=False),
    sa.Column('result', sa.Integer(), nullable=False),
    sa.Column('received_at', msingi.types.UtcDateTime(), nullable=True),
    sa.Column('matched_at', msingi.types.UtcDateTime(), nullable=True),
    sa.Column('matched_by', sa.Uuid(), nullable=True),
    sa.Column('transaction_id', sa.Uuid(), nullable=True),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.CheckConstraint('received_minor > 0', name=op.f('ck_insurance_payment_received')),
    sa.ForeignKeyConstraint(['jurisdiction_id'], ['rbac_jurisdiction.id'], name=op.f('fk_insurance_payment_jurisdiction_id_rbac_jurisdiction')),
    sa.ForeignKeyConstraint(['officer_id'], ['insurance_officer.id'], name=op.f('fk_insurance_payment_officer_id_insurance_officer')),
    sa.ForeignKeyConstraint(['reference_id'], ['insurance_reference.id'], name=op.f('fk_insurance_payment_reference_id_insurance_reference')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_insurance_payment')),
    sa.UniqueConstraint('gateway', 'transaction', name=op.f('uq_insurance_payment_gateway_transaction'))
    )
    with op.batch_alter_table('insurance_payment', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_insurance_payment_jurisdiction_id'), ['jurisdiction_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_insurance_payment_officer_id'), ['officer_id'], unique=False)
        batch_op.create_index('ix_insurance_payment_pay_date', ['pay_date'], unique=False)
        batch_op.create_index('ix_insurance_payment_reference_id', ['reference_id'], unique=False)
        batch_op.create_index('ix_insurance_payment_state_id', ['state', 'id'], unique=False)

    op.create_table('insurance_plan_bundle_item',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('jurisdiction_id', sa.Uuid(), nullable=False),
    sa.Column('bundle_id', sa.Uuid(), nullable=False),
    sa.Column('plan_id', sa.Uuid(), nullable=False),
    sa.ForeignKeyConstraint(['bundle_id'], ['insurance_plan_bundle.id'], name=op.f('fk_insurance_plan_bundle_item_bundle_id_insurance_plan_bundle')),
    sa.ForeignKeyConstraint(['jurisdiction_id'], ['rbac_jurisdiction.id'], name=op.f('fk_insurance_plan_bundle_item_jurisdiction_id_rbac_jurisdiction')),
    sa.ForeignKeyConstraint(['plan_id'], ['insurance_plan.id'], name=op.f('fk_insurance_plan_bundle_item_plan_id_insurance_plan')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_insurance_plan_bundle_item')),
    sa.UniqueConstraint('bundle_id', 'plan_id', name=op.f('uq_insurance_plan_bundle_item_bundle_id_plan_id'))
    )
    with op.batch_alter_table('insurance_plan_bundle_item', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_insurance_plan_bundle_item_jurisdiction_id'), ['jurisdiction_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_insurance_plan_bundle_item_plan_id'), ['plan_id'], unique=False)

    op.create_table('insurance_policy',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('jurisdiction_id', sa.Uuid(), nullable=False),
    sa.Column('code', sa.String(length=20), nullable=False),
    sa.Column('family_id', sa.Uuid(), nullable=False),
    sa.Column('product_id', sa.Uuid(), nullable=False),
    sa.Column('product_version_id', sa.Uuid(), nullable=False),
    sa.Column('stage', sa.Enum('N', 'R', name='stage', native_enum=False, length=32), nullable=False),
    sa.Column('status', sa.Enum('idle', 'active', 'suspended', 'expired', 'ready', name='policystatus', native_enum=False, length=32), nullable=False),
    sa.Column('status_before', sa.Enum('idle', 'active', 'suspended', 'expired', 'ready', name='policystatus', native_enum=False, length=32), nullable=True),
    sa.Column('status_reason', sa.String(length=500), nullable=False),
    sa.Column('enrol_date', sa.Date(), nullable=False),
    sa.Column('start_date', sa.Date(), nullable=False),
    sa.Column('effective_date', sa.Date(), nullable=True),
    sa.Column('expiry_date', sa.Date(), nullable=False),
    sa.Column('value_minor', sa.BigInteger(), nullable=False),
    sa.Column('currency', sa.String(length=3), nullable=False),
    sa.Column('value_rule', sa.String(length=64), nullable=False),
    sa.Column('officer_id', sa.Uuid(), nullable=True),
    sa.Column('plan_id', sa.Uuid(), nullable=True),
    sa.Column('previous_policy_id', sa.Uuid(), nullable=True),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.CheckConstraint('value_minor >= 0', name=op.f('ck_insurance_policy_value')),
    sa.ForeignKeyConstraint(['family_id'], ['insurance_family.id'], name=op.f('fk_insurance_policy_family_id_insurance_family')),
    sa.ForeignKeyConstraint(['jurisdiction_id'], ['rbac_jurisdiction.id'], name=op.f('fk_insurance_policy_jurisdiction_id_rbac_jurisdiction')),
    sa.ForeignKeyConstraint(['officer_id'], ['insurance_officer.id'], name=op.f('fk_insurance_policy_officer_id_insurance_officer')),
    sa.ForeignKeyConstraint(['previous_policy_id'], ['insurance_policy.id'], name=op.f('fk_insurance_policy_previous_policy_id_insurance_policy')),
    sa.ForeignKeyConstraint(['product_id'], ['insurance_product.id'], name=op.f('fk_insurance_policy_product_id_insurance_product')),
    sa.ForeignKeyConstraint(['product_version_id'], ['insurance_product_version.id'], name=op.f('fk_insurance_policy_product_version_id_insurance_product_version')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_insurance_policy')),
    sa.UniqueConstraint('code', name=op.f('uq_insurance_policy_code'))
    )
    with op.batch_alter_table('insurance_policy', schema=None) as batch_op:
        batch_op.create_index('ix_insurance_policy_family_id_expiry_date', ['family_id', 'expiry_date'], unique=False)
        batch_op.create_index(batch_op.f('ix_insurance_policy_jurisdiction_id'), ['jurisdiction_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_insurance_policy_officer_id'), ['officer_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_insurance_policy_previous_policy_id'), ['previous_policy_id'], unique=False)
        batch_op.create_index('ix_insurance_policy_product_id', ['product_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_insurance_policy_product_version_id'), ['product_version_id'], unique=False)
        batch_op.create_index('ix_insurance_policy_status_expiry_date', ['status', 'expiry_date'], unique=False)

    op.create_table('insurance_contract_line',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('jurisdiction_id', sa.Uuid(), nullable=False),
    sa.Column('contract_id', sa.Uuid(), nullable=False),
    sa.Column('insuree_id', sa.Uuid(), nullable=False),
    sa.Column('plan_id', sa.Uuid(), nullable=False),
    sa.Column('income_minor', sa.BigInteger(), nullable=True),
    sa.Column('amount_minor', sa.BigInteger(), nullable=True),
    sa.Column('currency', sa.String(length=3), nullable=False),
    sa.Column('rule', sa.String(length=64), nullable=False),
    sa.Column('policy_id', sa.Uuid(), nullable=True),
    sa.ForeignKeyConstraint(['contract_id'], ['insurance_contract.id'], name=op.f('fk_insurance_contract_line_contract_id_insurance_contract')),
    sa.ForeignKeyConstraint(['insuree_id'], ['insurance_insuree.id'], name=op.f('fk_insurance_contract_line_insuree_id_insurance_insuree')),
    sa.ForeignKeyConstraint(['jurisdiction_id'], ['rbac_jurisdiction.id'], name=op.f('fk_insurance_contract_line_jurisdiction_id_rbac_jurisdiction')),
    sa.ForeignKeyConstraint(['plan_id'], ['insurance_plan.id'], name=op.f('fk_insurance_contract_line_plan_id_insurance_plan')),
    sa.ForeignKeyConstraint(['policy_id'], ['insurance_policy.id'], name=op.f('fk_insurance_contract_line_policy_id_insurance_policy')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_insurance_contract_line')),
    sa.UniqueConstraint('contract_id', 'insuree_id', 'plan_id', name=op.f('uq_insurance_contract_line_contract_id_insuree_id_plan_id'))
    )
    with op.batch_alter_table('insurance_contract_line', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_insurance_contract_line_insuree_id'), ['insuree_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_insurance_contract_line_jurisdiction_id'), ['jurisdiction_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_insurance_contract_line_plan_id'), ['plan_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_insurance_contract_line_policy_id'), ['policy_id'], unique=False)

    op.create_table('insurance_former_number',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('jurisdiction_id', sa.Uuid(), nullable=False),
    sa.Column('number', sa.String(length=50), nullable=False),
    sa.Column('insuree_id', sa.Uuid(), nullable=False),
    sa.Column('replaced_on', sa.Date(), nullable=False),
    sa.Column('reason', sa.String(length=200), nullable=False),
    sa.ForeignKeyConstraint(['insuree_id'], ['insurance_insuree.id'], name=op.f('fk_insurance_former_number_insuree_id_insurance_insuree')),
    sa.ForeignKeyConstraint(['jurisdiction_id'], ['rbac_jurisdiction.id'], name=op.f('fk_insurance_former_number_jurisdiction_id_rbac_jurisdiction')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_insurance_former_number')),
    sa.UniqueConstraint('number', name=op.f('uq_insurance_former_number_number'))
    )
    with op.batch_alter_table('insurance_former_number', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_insurance_former_number_insuree_id'), ['insuree_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_insurance_former_number_jurisdiction_id'), ['jurisdiction_id'], unique=False)

    op.create_table('insurance_insuree_policy',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('jurisdiction_id', sa.Uuid(), nullable=False),
    sa.Column('insuree_id', sa.Uuid(), nullable=False),
    sa.Column('policy_id', sa.Uuid(), nullable=False),
    sa.Column('enrolment_date', sa.Date(), nullable=False),
    sa.Column('start_date', sa.Date(), nullable=False),
    sa.Column('effective_date', sa.Date(), nullable=True),
    sa.Column('expiry_date', sa.Date(), nullable=False),
    sa.Column('valid_to', sa.Date(), nullable=True),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['insuree_id'], ['insurance_insuree.id'], name=op.f('fk_insurance_insuree_policy_insuree_id_insurance_insuree')),
    sa.ForeignKeyConstraint(['jurisdiction_id'], ['rbac_jurisdiction.id'], name=op.f('fk_insurance_insuree_policy_jurisdiction_id_rbac_jurisdiction')),
    sa.ForeignKeyConstraint(['policy_id'], ['insurance_policy.id'], name=op.f('fk_insurance_insuree_policy_policy_id_insurance_policy')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_insurance_insuree_policy'))
    )
    with op.batch_alter_table('insurance_insuree_policy', schema=None) as batch_op:
        batch_op.create_index('ix_insurance_insuree_policy_insuree_id_expiry_date', ['insuree_id', 'expiry_date'], unique=False)
        batch_op.create_index(batch_op.f('ix_insurance_insuree_policy_jurisdiction_id'), ['jurisdiction_id'], unique=False)
        batch_op.create_index('ix_insurance_insuree_policy_policy_id', ['policy_id'], unique=False)

    op.create_table('insurance_photo',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('jurisdiction_id', sa.Uuid(), nullable=False),
    sa.Column('insuree_id', sa.Uuid(), nullable=False),
    sa.Column('officer_id', sa.Uuid(), nullable=True),
    sa.Column('taken_on', sa.Date(), nullable=False),
    sa.Column('media_type', sa.String(length=20), nullable=False),
    sa.Column('digest', sa.String(length=64), nullable=False),
    sa.Column('content', msingi.types.SealedText(), nullable=False),
    sa.Column('rejected', sa.String(length=200), nullable=False),
    sa.ForeignKeyConstraint(['insuree_id'], ['insurance_insuree.id'], name=op.f('fk_insurance_photo_insuree_id_insurance_insuree')),
    sa.ForeignKeyConstraint(['jurisdiction_id'], ['rbac_jurisdiction.id'], name=op.f('fk_insurance_photo_jurisdiction_id_rbac_jurisdiction')),
    sa.ForeignKeyConstraint(['officer_id'], ['insurance_officer.id'], name=op.f('fk_insurance_photo_officer_id_insurance_officer')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_insurance_photo'))
    )
    with op.batch_alter_table('insurance_photo', schema=None) as batch_op:
        batch_op.create_index('ix_insurance_photo_digest', ['digest'], unique=False)
        batch_op.create_index('ix_insurance_photo_insuree_id_taken_on', ['insuree_id', 'taken_on'], unique=False)
        batch_op.create_index(batch_op.f('ix_insurance_photo_jurisdiction_id'), ['jurisdiction_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_insurance_photo_officer_id'), ['officer_id'], unique=False)

    op.create_table('insurance_policy_holder_member',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('jurisdiction_id', sa.Uuid(), nullable=False),
    sa.Column('holder_id', sa.Uuid(), nullable=False),
    sa.Column('insuree_id', sa.Uuid(), nullable=False),
    sa.Column('bundle_id', sa.Uuid(), nullable=False),
    sa.Column('income_minor', sa.BigInteger(), nullable=True),
    sa.Column('currency', sa.String(length=3), nullable=False),
    sa.Column('valid_to', sa.Date(), nullable=True),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['bundle_id'], ['insurance_plan_bundle.id'], name=op.f('fk_insurance_policy_holder_member_bundle_id_insurance_plan_bundle')),
    sa.ForeignKeyConstraint(['holder_id'], ['insurance_policy_holder.id'], name=op.f('fk_insurance_policy_holder_member_holder_id_insurance_policy_holder')),
    sa.ForeignKeyConstraint(['insuree_id'], ['insurance_insuree.id'], name=op.f('fk_insurance_policy_holder_member_insuree_id_insurance_insuree')),
    sa.ForeignKeyConstraint(['jurisdiction_id'], ['rbac_jurisdiction.id'], name=op.f('fk_insurance_policy_holder_member_jurisdiction_id_rbac_jurisdiction')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_insurance_policy_holder_member')),
    sa.UniqueConstraint('holder_id', 'insuree_id', name=op.f('uq_insurance_policy_holder_member_holder_id_insuree_id'))
    )
    with op.batch_alter_table('insurance_policy_holder_member', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_insurance_policy_holder_member_bundle_id'), ['bundle_id'], unique=False)
        batch_op.create_index('ix_insurance_policy_holder_member_insuree_id', ['insuree_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_insurance_policy_holder_member_jurisdiction_id'), ['jurisdiction_id'], unique=False)

    op.create_table('insurance_premium',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('jurisdiction_id', sa.Uuid(), nullable=False),
    sa.Column('policy_id', sa.Uuid(), nullable=False),
    sa.Column('product_id', sa.Uuid(), nullable=False),
    sa.Column('payer_id', sa.Uuid(), nullable=True),
    sa.Column('officer_id', sa.Uuid(), nullable=True),
    sa.Column('amount_minor', sa.BigInteger(), nullable=False),
    sa.Column('currency', sa.String(length=3), nullable=False),
    sa.Column('receipt', sa.String(length=50), nullable=False),
    sa.Column('pay_date', sa.Date(), nullable=False),
    sa.Column('pay_type', sa.Enum('B', 'C', 'M', 'F', 'K', name='paytype', native_enum=False, length=32), nullable=False),
    sa.Column('is_photo_fee', sa.Boolean(), nullable=False),
    sa.Column('reverses_id', sa.Uuid(), nullable=True),
    sa.Column('credit_minor', sa.BigInteger(), nullable=False),
    sa.Column('collected_by', sa.Uuid(), nullable=True),
    sa.Column('payment_id', sa.Uuid(), nullable=True),
    sa.Column('transaction_id', sa.Uuid(), nullable=True),
    sa.ForeignKeyConstraint(['jurisdiction_id'], ['rbac_jurisdiction.id'], name=op.f('fk_insurance_premium_jurisdiction_id_rbac_jurisdiction')),
    sa.ForeignKeyConstraint(['officer_id'], ['insurance_officer.id'], name=op.f('fk_insurance_premium_officer_id_insurance_officer')),
    sa.ForeignKeyConstraint(['policy_id'], ['insurance_policy.id'], name=op.f('fk_insurance_premium_policy_id_insurance_policy')),
    sa.ForeignKeyConstraint(['product_id'], ['insurance_product.id'], name=op.f('fk_insurance_premium_product_id_insurance_product')),
    sa.ForeignKeyConstraint(['reverses_id'], ['insurance_premium.id'], name=op.f('fk_insurance_premium_reverses_id_insurance_premium')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_insurance_premium')),
    sa.UniqueConstraint('product_id', 'receipt', name=op.f('uq_insurance_premium_product_id_receipt')),
    sa.UniqueConstraint('reverses_id', name=op.f('uq_insurance_premium_reverses_id'))
    )
    with op.batch_alter_table('insurance_premium', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_insurance_premium_jurisdiction_id'), ['jurisdiction_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_insurance_premium_officer_id'), ['officer_id'], unique=False)
        batch_op.create_index('ix_insurance_premium_pay_date', ['pay_date'], unique=False)
        batch_op.create_index(batch_op.f('ix_insurance_premium_payer_id'), ['payer_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_insurance_premium_payment_id'), ['payment_id'], unique=False)
        batch_op.create_index('ix_insurance_premium_policy_id', ['policy_id'], unique=False)

    op.create_table('insurance_renewal',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('jurisdiction_id', sa.Uuid(), nullable=False),
    sa.Column('policy_id', sa.Uuid(), nullable=False),
    sa.Column('officer_id', sa.Uuid(), nullable=True),
    sa.Column('product_id', sa.Uuid(), nullable=False),
    sa.Column('prompt_date', sa.Date(), nullable=False),
    sa.Column('renewal_date', sa.Date(), nullable=False),
    sa.Column('warnings', sa.Integer(), nullable=False),
    sa.Column('outdated_photos', sa.JSON().with_variant(postgresql.JSONB(astext_type=Text()), 'postgresql'), nullable=False),
    sa.Column('told_days', sa.Integer(), nullable=True),
    sa.Column('told_at', msingi.types.UtcDateTime(), nullable=True),
    sa.Column('response', sa.Integer(), nullable=True),
    sa.Column('response_on', sa.Date(), nullable=True),
    sa.Column('renewed_policy_id', sa.Uuid(), nullable=True),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['jurisdiction_id'], ['rbac_jurisdiction.id'], name=op.f('fk_insurance_renewal_jurisdiction_id_rbac_jurisdiction')),
    sa.ForeignKeyConstraint(['officer_id'], ['insurance_officer.id'], name=op.f('fk_insurance_renewal_officer_id_insurance_officer')),
    sa.ForeignKeyConstraint(['policy_id'], ['insurance_policy.id'], name=op.f('fk_insurance_renewal_policy_id_insurance_policy')),
    sa.ForeignKeyConstraint(['product_id'], ['insurance_product.id'], name=op.f('fk_insurance_renewal_product_id_insurance_product')),
    sa.ForeignKeyConstraint(['renewed_policy_id'], ['insurance_policy.id'], name=op.f('fk_insurance_renewal_renewed_policy_id_insurance_policy')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_insurance_renewal')),
    sa.UniqueConstraint('policy_id', name=op.f('uq_insurance_renewal_policy_id'))
    )
    with op.batch_alter_table('insurance_renewal', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_insurance_renewal_jurisdiction_id'), ['jurisdiction_id'], unique=False)
        batch_op.create_index('ix_insurance_renewal_officer_id_renewal_date', ['officer_id', 'renewal_date'], unique=False)
        batch_op.create_index(batch_op.f('ix_insurance_renewal_product_id'), ['product_id'], unique=False)
        batch_op.create_index('ix_insurance_renewal_renewal_date', ['renewal_date'], unique=False)
        batch_op.create_index(batch_op.f('ix_insurance_renewal_renewed_policy_id'), ['renewed_policy_id'], unique=False)

    op.create_table('insurance_suspension',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('jurisdiction_id', sa.Uuid(), nullable=False),
    sa.Column('policy_id', sa.Uuid(), nullable=False),
    sa.Column('suspended_on', sa.Date(), nullable=False),
    sa.ForeignKeyConstraint(['jurisdiction_id'], ['rbac_jurisdiction.id'], name=op.f('fk_insurance_suspension_jurisdiction_id_rbac_jurisdiction')),
    sa.ForeignKeyConstraint(['policy_id'], ['insurance_policy.id'], name=op.f('fk_insurance_suspension_policy_id_insurance_policy')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_insurance_suspension'))
    )
    with op.batch_alter_table('insurance_suspension', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_insurance_suspension_jurisdiction_id'), ['jurisdiction_id'], unique=False)
        batch_op.create_index('ix_insurance_suspension_policy_id', ['policy_id'], unique=False)
        batch_op.create_index('ix_insurance_suspension_suspended_on', ['suspended_on'], unique=False)

    op.create_table('insurance_cash_count_premium',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('jurisdiction_id', sa.Uuid(), nullable=False),
    sa.Column('count_id', sa.Uuid(), nullable=False),
    sa.Column('premium_id', sa.Uuid(), nullable=False),
    sa.ForeignKeyConstraint(['count_id'], ['insurance_cash_count.id'], name=op.f('fk_insurance_cash_count_premium_count_id_insurance_cash_count')),
    sa.ForeignKeyConstraint(['jurisdiction_id'], ['rbac_jurisdiction.id'], name=op.f('fk_insurance_cash_count_premium_jurisdiction_id_rbac_jurisdiction')),
    sa.ForeignKeyConstraint(['premium_id'], ['insurance_premium.id'], name=op.f('fk_insurance_cash_count_premium_premium_id_insurance_premium')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_insurance_cash_count_premium')),
    sa.UniqueConstraint('premium_id', name=op.f('uq_insurance_cash_count_premium_premium_id'))
    )
    with op.batch_alter_table('insurance_cash_count_premium', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_insurance_cash_count_premium_count_id'), ['count_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_insurance_cash_count_premium_jurisdiction_id'), ['jurisdiction_id'], unique=False)

    op.create_table('insurance_payment_detail',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('jurisdiction_id', sa.Uuid(), nullable=False),
    sa.Column('payment_id', sa.Uuid(), nullable=False),
    sa.Column('position', sa.Integer(), nullable=False),
    sa.Column('insuree_number', sa.String(length=50), nullable=False),
    sa.Column('product_code', sa.String(length=8), nullable=False),
    sa.Column('stage', sa.Enum('N', 'R', name='stage', native_enum=False, length=32), nullable=False),
    sa.Column('expected_minor', sa.BigInteger(), nullable=True),
    sa.Column('currency', sa.String(length=3), nullable=False),
    sa.Column('policy_id', sa.Uuid(), nullable=True),
    sa.Column('premium_id', sa.Uuid(), nullable=True),
    sa.Column('error', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['jurisdiction_id'], ['rbac_jurisdiction.id'], name=op.f('fk_insurance_payment_detail_jurisdiction_id_rbac_jurisdiction')),
    sa.ForeignKeyConstraint(['payment_id'], ['insurance_payment.id'], name=op.f('fk_insurance_payment_detail_payment_id_insurance_payment')),
    sa.ForeignKeyConstraint(['policy_id'], ['insurance_policy.id'], name=op.f('fk_insurance_payment_detail_policy_id_insurance_policy')),
    sa.ForeignKeyConstraint(['premium_id'], ['insurance_premium.id'], name=op.f('fk_insurance_payment_detail_premium_id_insurance_premium')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_insurance_payment_detail'))
    )
    with op.batch_alter_table('insurance_payment_detail', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_insurance_payment_detail_jurisdiction_id'), ['jurisdiction_id'], unique=False)
        batch_op.create_index('ix_insurance_payment_detail_payment_id', ['payment_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_insurance_payment_detail_policy_id'), ['policy_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_insurance_payment_detail_premium_id'), ['premium_id'], unique=False)

    op.create_table('insurance_premium_return',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('jurisdiction_id', sa.Uuid(), nullable=False),
    sa.Column('premium_id', sa.Uuid(), nullable=False),
    sa.Column('kind', sa.Enum('reversal', 'refund', name='returnkind', native_enum=False, length=32), nullable=False),
    sa.Column('amount_minor', sa.BigInteger(), nullable=False),
    sa.Column('currency', sa.String(length=3), nullable=False),
    sa.Column('reason', sa.String(length=500), nullable=False),
    sa.Column('state', sa.Enum('requested', 'approved', 'refused', name='returnstate', native_enum=False, length=32), nullable=False),
    sa.Column('requested_by', sa.Uuid(), nullable=True),
    sa.Column('requested_at', msingi.types.UtcDateTime(), nullable=False),
    sa.Column('decided_by', sa.Uuid(), nullable=True),
    sa.Column('decided_at', msingi.types.UtcDateTime(), nullable=True),
    sa.Column('reversal_id', sa.Uuid(), nullable=True),
    sa.Column('transaction_id', sa.Uuid(), nullable=True),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.CheckConstraint('amount_minor > 0', name=op.f('ck_insurance_premium_return_amount')),
    sa.ForeignKeyConstraint(['jurisdiction_id'], ['rbac_jurisdiction.id'], name=op.f('fk_insurance_premium_return_jurisdiction_id_rbac_jurisdiction')),
    sa.ForeignKeyConstraint(['premium_id'], ['insurance_premium.id'], name=op.f('fk_insurance_premium_return_premium_id_insurance_premium')),
    sa.ForeignKeyConstraint(['reversal_id'], ['insurance_premium.id'], name=op.f('fk_insurance_premium_return_reversal_id_insurance_premium')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_insurance_premium_return'))
    )
    with op.batch_alter_table('insurance_premium_return', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_insurance_premium_return_jurisdiction_id'), ['jurisdiction_id'], unique=False)
        batch_op.create_index('ix_insurance_premium_return_premium_id', ['premium_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_insurance_premium_return_reversal_id'), ['reversal_id'], unique=False)
        batch_op.create_index('ix_insurance_premium_return_state_id', ['state', 'id'], unique=False)

    op.create_table('insurance_renewal_answer',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('jurisdiction_id', sa.Uuid(), nullable=False),
    sa.Column('renewal_id', sa.Uuid(), nullable=False),
    sa.Column('officer_code', sa.String(length=20), nullable=False),
    sa.Column('values', sa.JSON().with_variant(postgresql.JSONB(astext_type=Text()), 'postgresql'), nullable=False),
    sa.Column('result', sa.Integer(), nullable=False),
    sa.Column('answered_at', msingi.types.UtcDateTime(), nullable=False),
    sa.ForeignKeyConstraint(['jurisdiction_id'], ['rbac_jurisdiction.id'], name=op.f('fk_insurance_renewal_answer_jurisdiction_id_rbac_jurisdiction')),
    sa.ForeignKeyConstraint(['renewal_id'], ['insurance_renewal.id'], name=op.f('fk_insurance_renewal_answer_renewal_id_insurance_renewal')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_insurance_renewal_answer'))
    )
    with op.batch_alter_table('insurance_renewal_answer', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_insurance_renewal_answer_jurisdiction_id'), ['jurisdiction_id'], unique=False)
        batch_op.create_index('ix_insurance_renewal_answer_renewal_id', ['renewal_id'], unique=False)


def downgrade() -> None:
    with op.batch_alter_table('insurance_renewal_answer', schema=None) as batch_op:
        batch_op.drop_index('ix_insurance_renewal_answer_renewal_id')
        batch_op.drop_index(batch_op.f('ix_insurance_renewal_answer_jurisdiction_id'))

    op.drop_table('insurance_renewal_answer')
    with op.batch_alter_table('insurance_premium_return', schema=None) as batch_op:
        batch_op.drop_index('ix_insurance_premium_return_state_id')
        batch_op.drop_index(batch_op.f('ix_insurance_premium_return_reversal_id'))
        batch_op.drop_index('ix_insurance_premium_return_premium_id')
        batch_op.drop_index(batch_op.f('ix_insurance_premium_return_jurisdiction_id'))

    op.drop_table('insurance_premium_return')
    with op.batch_alter_table('insurance_payment_detail', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_insurance_payment_detail_premium_id'))
        batch_op.drop_index(batch_op.f('ix_insurance_payment_detail_policy_id'))
        batch_op.drop_index('ix_insurance_payment_detail_payment_id')
        batch_op.drop_index(batch_op.f('ix_insurance_payment_detail_jurisdiction_id'))

    op.drop_table('insurance_payment_detail')
    with op.batch_alter_table('insurance_cash_count_premium', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_insurance_cash_count_premium_jurisdiction_id'))
        batch_op.drop_index(batch_op.f('ix_insurance_cash_count_premium_count_id'))

    op.drop_table('insurance_cash_count_premium')
    with op.batch_alter_table('insurance_suspension', schema=None) as batch_op:
        batch_op.drop_index('ix_insurance_suspension_suspended_on')
        batch_op.drop_index('ix_insurance_suspension_policy_id')
        batch_op.drop_index(batch_op.f('ix_insurance_suspension_jurisdiction_id'))

    op.drop_table('insurance_suspension')
    with op.batch_alter_table('insurance_renewal', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_insurance_renewal_renewed_policy_id'))
        batch_op.drop_index('ix_insurance_renewal_renewal_date')
        batch_op.drop_index(batch_op.f('ix_insurance_renewal_product_id'))
        batch_op.drop_index('ix_insurance_renewal_officer_id_renewal_date')
        batch_op.drop_index(batch_op.f('ix_insurance_renewal_jurisdiction_id'))

    op.drop_table('insurance_renewal')
    with op.batch_alter_table('insurance_premium', schema=None) as batch_op:
        batch_op.drop_index('ix_insurance_premium_policy_id')
        batch_op.drop_index(batch_op.f('ix_insurance_premium_payment_id'))
        batch_op.drop_index(batch_op.f('ix_insurance_premium_payer_id'))
        batch_op.drop_index('ix_insurance_premium_pay_date')
        batch_op.drop_index(batch_op.f('ix_insurance_premium_officer_id'))
        batch_op.drop_index(batch_op.f('ix_insurance_premium_jurisdiction_id'))

    op.drop_table('insurance_premium')
    with op.batch_alter_table('insurance_policy_holder_member', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_insurance_policy_holder_member_jurisdiction_id'))
        batch_op.drop_index('ix_insurance_policy_holder_member_insuree_id')
        batch_op.drop_index(batch_op.f('ix_insurance_policy_holder_member_bundle_id'))

    op.drop_table('insurance_policy_holder_member')
    with op.batch_alter_table('insurance_photo', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_insurance_photo_officer_id'))
        batch_op.drop_index(batch_op.f('ix_insurance_photo_jurisdiction_id'))
        batch_op.drop_index('ix_insurance_photo_insuree_id_taken_on')
        batch_op.drop_index('ix_insurance_photo_digest')

    op.drop_table('insurance_photo')
    with op.batch_alter_table('insurance_insuree_policy', schema=None) as batch_op:
        batch_op.drop_index('ix_insurance_insuree_policy_policy_id')
        batch_op.drop_index(batch_op.f('ix_insurance_insuree_policy_jurisdiction_id'))
        batch_op.drop_index('ix_insurance_insuree_policy_insuree_id_expiry_date')

    op.drop_table('insurance_insuree_policy')
    with op.batch_alter_table('insurance_former_number', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_insurance_former_number_jurisdiction_id'))
        batch_op.drop_index(batch_op.f('ix_insurance_former_number_insuree_id'))

    op.drop_table('insurance_former_number')
    with op.batch_alter_table('insurance_contract_line', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_insurance_contract_line_policy_id'))
        batch_op.drop_index(batch_op.f('ix_insurance_contract_line_plan_id'))
        batch_op.drop_index(batch_op.f('ix_insurance_contract_line_jurisdiction_id'))
        batch_op.drop_index(batch_op.f('ix_insurance_contract_line_insuree_id'))

    op.drop_table('insurance_contract_line')
    with op.batch_alter_table('insurance_policy', schema=None) as batch_op:
        batch_op.drop_index('ix_insurance_policy_status_expiry_date')
        batch_op.drop_index(batch_op.f('ix_insurance_policy_product_version_id'))
        batch_op.drop_index('ix_insurance_policy_product_id')
        batch_op.drop_index(batch_op.f('ix_insurance_policy_previous_policy_id'))
        batch_op.drop_index(batch_op.f('ix_insurance_policy_officer_id'))
        batch_op.drop_index(batch_op.f('ix_insurance_policy_jurisdiction_id'))
        batch_op.drop_index('ix_insurance_policy_family_id_expiry_date')

    op.drop_table('insurance_policy')
    with op.batch_alter_table('insurance_plan_bundle_item', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_insurance_plan_bundle_item_plan_id'))
        batch_op.drop_index(batch_op.f('ix_insurance_plan_bundle_item_jurisdiction_id'))

    op.drop_table('insurance_plan_bundle_item')
    with op.batch_alter_table('insurance_payment', schema=None) as batch_op:
        batch_op.drop_index('ix_insurance_payment_state_id')
        batch_op.drop_index('ix_insurance_payment_reference_id')
        batch_op.drop_index('ix_insurance_payment_pay_date')
        batch_op.drop_index(batch_op.f('ix_insurance_payment_officer_id'))
        batch_op.drop_index(batch_op.f('ix_insurance_payment_jurisdiction_id'))

    op.drop_table('insurance_payment')
    with op.batch_alter_table('insurance_insuree', schema=None) as batch_op:
        batch_op.drop_index('uq_insurance_insuree_valid_person', sqlite_where=sa.text('valid_to IS NULL'), postgresql_where=sa.text('valid_to IS NULL'))
        batch_op.drop_index('ix_insurance_insuree_number_id')
        batch_op.drop_index(batch_op.f('ix_insurance_insuree_jurisdiction_id'))
        batch_op.drop_index(batch_op.f('ix_insurance_insuree_first_service_point_id'))
        batch_op.drop_index('ix_insurance_insuree_family_id')

    op.drop_table('insurance_insuree')
    with op.batch_alter_table('insurance_contract_invoice', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_insurance_contract_invoice_jurisdiction_id'))

    op.drop_table('insurance_contract_invoice')
    with op.batch_alter_table('insurance_rollout', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_insurance_rollout_jurisdiction_id'))

    op.drop_table('insurance_rollout')
    with op.batch_alter_table('insurance_reference', schema=None) as batch_op:
        batch_op.drop_index('ix_insurance_reference_state_expires_on')
        batch_op.drop_index('ix_insurance_reference_pool')
        batch_op.drop_index(batch_op.f('ix_insurance_reference_officer_id'))
        batch_op.drop_index(batch_op.f('ix_insurance_reference_jurisdiction_id'))

    op.drop_table('insurance_reference')
    with op.batch_alter_table('insurance_receipt_sequence', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_insurance_receipt_sequence_jurisdiction_id'))

    op.drop_table('insurance_receipt_sequence')
    op.drop_table('insurance_product_version')
    with op.batch_alter_table('insurance_policy_holder_user', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_insurance_policy_holder_user_user_id'))
        batch_op.drop_index(batch_op.f('ix_insurance_policy_holder_user_jurisdiction_id'))

    op.drop_table('insurance_policy_holder_user')
    with op.batch_alter_table('insurance_plan', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_insurance_plan_product_id'))
        batch_op.drop_index(batch_op.f('ix_insurance_plan_jurisdiction_id'))

    op.drop_table('insurance_plan')
    with op.batch_alter_table('insurance_officer_village', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_insurance_officer_village_jurisdiction_id'))

    op.drop_table('insurance_officer_village')
    with op.batch_alter_table('insurance_funding', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_insurance_funding_payer_id'))
        batch_op.drop_index(batch_op.f('ix_insurance_funding_jurisdiction_id'))

    op.drop_table('insurance_funding')
    with op.batch_alter_table('insurance_family', schema=None) as batch_op:
        batch_op.drop_index('uq_insurance_family_valid_household', sqlite_where=sa.text('valid_to IS NULL'), postgresql_where=sa.text('valid_to IS NULL'))
        batch_op.drop_index(batch_op.f('ix_insurance_family_jurisdiction_id'))

    op.drop_table('insurance_family')
    with op.batch_alter_table('insurance_contract', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_insurance_contract_jurisdiction_id'))
        batch_op.drop_index('ix_insurance_contract_holder_id')
        batch_op.drop_index(batch_op.f('ix_insurance_contract_amends_id'))

    op.drop_table('insurance_contract')
    with op.batch_alter_table('insurance_cash_count', schema=None) as batch_op:
        batch_op.drop_index('ix_insurance_cash_count_officer_id_state')
        batch_op.drop_index(batch_op.f('ix_insurance_cash_count_jurisdiction_id'))

    op.drop_table('insurance_cash_count')
    with op.batch_alter_table('insurance_statement', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_insurance_statement_jurisdiction_id'))
        batch_op.drop_index('ix_insurance_statement_gateway_day')

    op.drop_table('insurance_statement')
    with op.batch_alter_table('insurance_product', schema=None) as batch_op:
        batch_op.drop_index('uq_insurance_product_live_code', sqlite_where=sa.text('closed_on IS NULL'), postgresql_where=sa.text('closed_on IS NULL'))
        batch_op.drop_index(batch_op.f('ix_insurance_product_jurisdiction_id'))
        batch_op.drop_index(batch_op.f('ix_insurance_product_conversion_product_id'))

    op.drop_table('insurance_product')
    with op.batch_alter_table('insurance_policy_holder', schema=None) as batch_op:
        batch_op.drop_index('ix_insurance_policy_holder_name_id')
        batch_op.drop_index(batch_op.f('ix_insurance_policy_holder_jurisdiction_id'))

    op.drop_table('insurance_policy_holder')
    with op.batch_alter_table('insurance_plan_bundle', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_insurance_plan_bundle_jurisdiction_id'))

    op.drop_table('insurance_plan_bundle')
    with op.batch_alter_table('insurance_payer', schema=None) as batch_op:
        batch_op.drop_index('ix_insurance_payer_name_id')
        batch_op.drop_index(batch_op.f('ix_insurance_payer_jurisdiction_id'))

    op.drop_table('insurance_payer')
    with op.batch_alter_table('insurance_officer', schema=None) as batch_op:
        batch_op.drop_index('ix_insurance_officer_user_id')
        batch_op.drop_index(batch_op.f('ix_insurance_officer_substitution_officer_id'))
        batch_op.drop_index(batch_op.f('ix_insurance_officer_jurisdiction_id'))

    op.drop_table('insurance_officer')
    with op.batch_alter_table('insurance_field_upload', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_insurance_field_upload_jurisdiction_id'))
        batch_op.drop_index('ix_insurance_field_upload_digest')

    op.drop_table('insurance_field_upload')
    with op.batch_alter_table('insurance_enrolment_finding', schema=None) as batch_op:
        batch_op.drop_index('ix_insurance_enrolment_finding_sign_id')
        batch_op.drop_index(batch_op.f('ix_insurance_enrolment_finding_jurisdiction_id'))

    op.drop_table('insurance_enrolment_finding')
