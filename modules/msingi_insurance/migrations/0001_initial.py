"""initial."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy import Text
from sqlalchemy.dialects import postgresql

import msingi.types

revision = "0001"
down_revision = None


def upgrade() -> None:
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

    op.create_table('insurance_product_version',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('jurisdiction_id', sa.Uuid(), nullable=False),
    sa.Column('product_id', sa.Uuid(), nullable=False),
    sa.Column('number', sa.Integer(), nullable=False),
    sa.Column('valid_from', sa.Date(), nullable=False),
    sa.Column('terms', sa.JSON().with_variant(postgresql.JSONB(astext_type=Text()), 'postgresql'), nullable=False),
    sa.Column('digest', sa.String(length=64), nullable=False),
    sa.Column('reason', sa.String(length=500), nullable=False),
    sa.Column('made_at', msingi.types.UtcDateTime(), nullable=False),
    sa.Column('made_by', sa.Uuid(), nullable=True),
    sa.ForeignKeyConstraint(['jurisdiction_id'], ['rbac_jurisdiction.id'], name=op.f('fk_insurance_product_version_jurisdiction_id_rbac_jurisdiction')),
    sa.ForeignKeyConstraint(['product_id'], ['insurance_product.id'], name=op.f('fk_insurance_product_version_product_id_insurance_product')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_insurance_product_version')),
    sa.UniqueConstraint('product_id', 'number', name=op.f('uq_insurance_product_version_product_id_number'))
    )
    with op.batch_alter_table('insurance_product_version', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_insurance_product_version_jurisdiction_id'), ['jurisdiction_id'], unique=False)

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
    sa.Column('pay_type', sa.Enum('B', 'C', 'M', 'F', name='paytype', native_enum=False, length=32), nullable=False),
    sa.Column('is_photo_fee', sa.Boolean(), nullable=False),
    sa.Column('reverses_id', sa.Uuid(), nullable=True),
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
        batch_op.create_index('ix_insurance_premium_policy_id', ['policy_id'], unique=False)


def downgrade() -> None:
    with op.batch_alter_table('insurance_premium', schema=None) as batch_op:
        batch_op.drop_index('ix_insurance_premium_policy_id')
        batch_op.drop_index(batch_op.f('ix_insurance_premium_payer_id'))
        batch_op.drop_index('ix_insurance_premium_pay_date')
        batch_op.drop_index(batch_op.f('ix_insurance_premium_officer_id'))
        batch_op.drop_index(batch_op.f('ix_insurance_premium_jurisdiction_id'))

    op.drop_table('insurance_premium')
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
    with op.batch_alter_table('insurance_policy', schema=None) as batch_op:
        batch_op.drop_index('ix_insurance_policy_status_expiry_date')
        batch_op.drop_index(batch_op.f('ix_insurance_policy_product_version_id'))
        batch_op.drop_index('ix_insurance_policy_product_id')
        batch_op.drop_index(batch_op.f('ix_insurance_policy_previous_policy_id'))
        batch_op.drop_index(batch_op.f('ix_insurance_policy_officer_id'))
        batch_op.drop_index(batch_op.f('ix_insurance_policy_jurisdiction_id'))
        batch_op.drop_index('ix_insurance_policy_family_id_expiry_date')

    op.drop_table('insurance_policy')
    with op.batch_alter_table('insurance_insuree', schema=None) as batch_op:
        batch_op.drop_index('uq_insurance_insuree_valid_person', sqlite_where=sa.text('valid_to IS NULL'), postgresql_where=sa.text('valid_to IS NULL'))
        batch_op.drop_index('ix_insurance_insuree_number_id')
        batch_op.drop_index(batch_op.f('ix_insurance_insuree_jurisdiction_id'))
        batch_op.drop_index(batch_op.f('ix_insurance_insuree_first_service_point_id'))
        batch_op.drop_index('ix_insurance_insuree_family_id')

    op.drop_table('insurance_insuree')
    with op.batch_alter_table('insurance_product_version', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_insurance_product_version_jurisdiction_id'))

    op.drop_table('insurance_product_version')
    with op.batch_alter_table('insurance_officer_village', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_insurance_officer_village_jurisdiction_id'))

    op.drop_table('insurance_officer_village')
    with op.batch_alter_table('insurance_family', schema=None) as batch_op:
        batch_op.drop_index('uq_insurance_family_valid_household', sqlite_where=sa.text('valid_to IS NULL'), postgresql_where=sa.text('valid_to IS NULL'))
        batch_op.drop_index(batch_op.f('ix_insurance_family_jurisdiction_id'))

    op.drop_table('insurance_family')
    with op.batch_alter_table('insurance_product', schema=None) as batch_op:
        batch_op.drop_index('uq_insurance_product_live_code', sqlite_where=sa.text('closed_on IS NULL'), postgresql_where=sa.text('closed_on IS NULL'))
        batch_op.drop_index(batch_op.f('ix_insurance_product_jurisdiction_id'))
        batch_op.drop_index(batch_op.f('ix_insurance_product_conversion_product_id'))

    op.drop_table('insurance_product')
    with op.batch_alter_table('insurance_officer', schema=None) as batch_op:
        batch_op.drop_index('ix_insurance_officer_user_id')
        batch_op.drop_index(batch_op.f('ix_insurance_officer_substitution_officer_id'))
        batch_op.drop_index(batch_op.f('ix_insurance_officer_jurisdiction_id'))

    op.drop_table('insurance_officer')
