"""initial."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy import Text
from sqlalchemy.dialects import postgresql

import msingi.types

revision = "0001"
down_revision = None


def upgrade() -> None:
    op.create_table('registry_import',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('kind', sa.String(length=64), nullable=False),
    sa.Column('owner_id', sa.Uuid(), nullable=True),
    sa.Column('uploaded_at', msingi.types.UtcDateTime(), nullable=False),
    sa.Column('columns', sa.JSON().with_variant(postgresql.JSONB(astext_type=Text()), 'postgresql'), nullable=False),
    sa.Column('job_id', sa.Uuid(), nullable=True),
    sa.Column('mode', sa.Enum('all_or_nothing', 'skip_and_report', name='mode', native_enum=False, length=32), nullable=False),
    sa.Column('dry_run', sa.Boolean(), nullable=False),
    sa.Column('mapping', sa.JSON().with_variant(postgresql.JSONB(astext_type=Text()), 'postgresql'), nullable=False),
    sa.Column('options', sa.JSON().with_variant(postgresql.JSONB(astext_type=Text()), 'postgresql'), nullable=False),
    sa.Column('created', sa.Integer(), nullable=False),
    sa.Column('updated', sa.Integer(), nullable=False),
    sa.Column('ended', sa.Integer(), nullable=False),
    sa.Column('unchanged', sa.Integer(), nullable=False),
    sa.Column('suspicious', sa.Integer(), nullable=False),
    sa.Column('refused', sa.Integer(), nullable=False),
    sa.Column('failure', sa.JSON().with_variant(postgresql.JSONB(astext_type=Text()), 'postgresql'), nullable=True),
    sa.Column('finished_at', msingi.types.UtcDateTime(), nullable=True),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_registry_import'))
    )
    with op.batch_alter_table('registry_import', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_registry_import_job_id'), ['job_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_registry_import_owner_id'), ['owner_id'], unique=False)

    op.create_table('registry_name_word',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('kind', sa.String(length=10), nullable=False),
    sa.Column('value', sa.String(length=100), nullable=False),
    sa.Column('word', sa.String(length=100), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_registry_name_word'))
    )
    with op.batch_alter_table('registry_name_word', schema=None) as batch_op:
        batch_op.create_index('ix_registry_name_word_lookup', ['kind', 'value', 'word'], unique=False)
        batch_op.create_index('ix_registry_name_word_word', ['word'], unique=False)

    op.create_table('registry_search_count',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('who', sa.String(length=40), nullable=False),
    sa.Column('full_at', msingi.types.UtcDateTime(), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_registry_search_count')),
    sa.UniqueConstraint('who', name=op.f('uq_registry_search_count_who'))
    )
    op.create_table('registry_facility',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('jurisdiction_id', sa.Uuid(), nullable=False),
    sa.Column('code', sa.String(length=16), nullable=False),
    sa.Column('name', sa.String(length=200), nullable=False),
    sa.Column('search_name', sa.String(length=1000), nullable=False),
    sa.Column('type', sa.String(length=100), nullable=False),
    sa.Column('standard_type', sa.String(length=100), nullable=True),
    sa.Column('tier', sa.Integer(), nullable=True),
    sa.Column('ownership', sa.Enum('public', 'faith_based', 'non_profit', 'private', 'community', name='ownership', native_enum=False, length=32), nullable=True),
    sa.Column('legal_form', sa.String(length=100), nullable=True),
    sa.Column('care_type', sa.Enum('I', 'O', 'B', name='caretype', native_enum=False, length=32), nullable=True),
    sa.Column('status', sa.Enum('proposed', 'verified', 'operational', 'suspended', 'closed', name='facilitystate', native_enum=False, length=32), nullable=False),
    sa.Column('latitude', sa.Integer(), nullable=True),
    sa.Column('longitude', sa.Integer(), nullable=True),
    sa.Column('coordinate_source', sa.String(length=100), nullable=True),
    sa.Column('beds', sa.Integer(), nullable=True),
    sa.Column('opened_on', sa.Date(), nullable=True),
    sa.Column('closed_on', sa.Date(), nullable=True),
    sa.Column('opening_hours', sa.JSON().with_variant(postgresql.JSONB(astext_type=Text()), 'postgresql'), nullable=True),
    sa.Column('verified_on', sa.Date(), nullable=True),
    sa.Column('replaced_by_id', sa.Uuid(), nullable=True),
    sa.Column('published', sa.JSON().with_variant(postgresql.JSONB(astext_type=Text()), 'postgresql'), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['jurisdiction_id'], ['rbac_jurisdiction.id'], name=op.f('fk_registry_facility_jurisdiction_id_rbac_jurisdiction')),
    sa.ForeignKeyConstraint(['replaced_by_id'], ['registry_facility.id'], name=op.f('fk_registry_facility_replaced_by_id_registry_facility')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_registry_facility')),
    sa.UniqueConstraint('code', name=op.f('uq_registry_facility_code')),
    sa.UniqueConstraint('jurisdiction_id', name='uq_registry_facility_leaf')
    )
    with op.batch_alter_table('registry_facility', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_registry_facility_jurisdiction_id'), ['jurisdiction_id'], unique=False)
        batch_op.create_index('ix_registry_facility_latitude_longitude', ['latitude', 'longitude'], unique=False)
        batch_op.create_index('ix_registry_facility_name', ['name'], unique=False)
        batch_op.create_index(batch_op.f('ix_registry_facility_replaced_by_id'), ['replaced_by_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_registry_facility_status'), ['status'], unique=False)

    op.create_table('registry_household',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('jurisdiction_id', sa.Uuid(), nullable=False),
    sa.Column('code', sa.String(length=20), nullable=False),
    sa.Column('address', sa.String(length=200), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['jurisdiction_id'], ['rbac_jurisdiction.id'], name=op.f('fk_registry_household_jurisdiction_id_rbac_jurisdiction')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_registry_household')),
    sa.UniqueConstraint('jurisdiction_id', 'code', name=op.f('uq_registry_household_jurisdiction_id_code'))
    )
    with op.batch_alter_table('registry_household', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_registry_household_code'), ['code'], unique=False)
        batch_op.create_index(batch_op.f('ix_registry_household_jurisdiction_id'), ['jurisdiction_id'], unique=False)

    op.create_table('registry_import_message',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('import_id', sa.Uuid(), nullable=False),
    sa.Column('position', sa.Integer(), nullable=False),
    sa.Column('line', sa.Integer(), nullable=False),
    sa.Column('column', sa.String(length=200), nullable=False),
    sa.Column('code', sa.String(length=100), nullable=False),
    sa.Column('params', sa.JSON().with_variant(postgresql.JSONB(astext_type=Text()), 'postgresql'), nullable=False),
    sa.Column('refuses', sa.Boolean(), nullable=False),
    sa.ForeignKeyConstraint(['import_id'], ['registry_import.id'], name=op.f('fk_registry_import_message_import_id_registry_import')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_registry_import_message'))
    )
    with op.batch_alter_table('registry_import_message', schema=None) as batch_op:
        batch_op.create_index('ix_registry_import_message_import_id_position', ['import_id', 'position'], unique=False)

    op.create_table('registry_import_part',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('import_id', sa.Uuid(), nullable=False),
    sa.Column('number', sa.Integer(), nullable=False),
    sa.Column('content', msingi.types.SealedText(), nullable=False),
    sa.ForeignKeyConstraint(['import_id'], ['registry_import.id'], name=op.f('fk_registry_import_part_import_id_registry_import')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_registry_import_part')),
    sa.UniqueConstraint('import_id', 'number', name=op.f('uq_registry_import_part_import_id_number'))
    )
    op.create_table('registry_practitioner',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('jurisdiction_id', sa.Uuid(), nullable=False),
    sa.Column('code', sa.String(length=16), nullable=False),
    sa.Column('family_name', sa.String(length=200), nullable=False),
    sa.Column('given_name', sa.String(length=200), nullable=False),
    sa.Column('search_name', sa.String(length=1000), nullable=False),
    sa.Column('category', sa.Enum('formal', 'traditional', name='practitionercategory', native_enum=False, length=32), nullable=False),
    sa.Column('profession', sa.String(length=64), nullable=False),
    sa.Column('specialty', sa.String(length=100), nullable=True),
    sa.Column('qualifications', sa.JSON().with_variant(postgresql.JSONB(astext_type=Text()), 'postgresql'), nullable=False),
    sa.Column('licence_number', sa.String(length=64), nullable=True),
    sa.Column('licence_state', sa.Enum('applied', 'verified', 'active', 'expiring', 'expired', 'suspended', 'revoked', name='licencestate', native_enum=False, length=32), nullable=False),
    sa.Column('licence_from', sa.Date(), nullable=True),
    sa.Column('licence_to', sa.Date(), nullable=True),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['jurisdiction_id'], ['rbac_jurisdiction.id'], name=op.f('fk_registry_practitioner_jurisdiction_id_rbac_jurisdiction')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_registry_practitioner')),
    sa.UniqueConstraint('code', name=op.f('uq_registry_practitioner_code'))
    )
    with op.batch_alter_table('registry_practitioner', schema=None) as batch_op:
        batch_op.create_index('ix_registry_practitioner_family_name', ['family_name'], unique=False)
        batch_op.create_index(batch_op.f('ix_registry_practitioner_jurisdiction_id'), ['jurisdiction_id'], unique=False)

    op.create_table('registry_uhid_block',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('jurisdiction_id', sa.Uuid(), nullable=False),
    sa.Column('device', sa.String(length=100), nullable=False),
    sa.Column('size', sa.Integer(), nullable=False),
    sa.Column('leased_at', msingi.types.UtcDateTime(), nullable=False),
    sa.Column('leased_by', sa.Uuid(), nullable=True),
    sa.ForeignKeyConstraint(['jurisdiction_id'], ['rbac_jurisdiction.id'], name=op.f('fk_registry_uhid_block_jurisdiction_id_rbac_jurisdiction')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_registry_uhid_block'))
    )
    with op.batch_alter_table('registry_uhid_block', schema=None) as batch_op:
        batch_op.create_index('ix_registry_uhid_block_device', ['device'], unique=False)
        batch_op.create_index(batch_op.f('ix_registry_uhid_block_jurisdiction_id'), ['jurisdiction_id'], unique=False)

    op.create_table('registry_facility_identifier',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('jurisdiction_id', sa.Uuid(), nullable=False),
    sa.Column('facility_id', sa.Uuid(), nullable=False),
    sa.Column('system', sa.String(length=100), nullable=False),
    sa.Column('value', sa.String(length=100), nullable=False),
    sa.Column('occurrence', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['facility_id'], ['registry_facility.id'], name=op.f('fk_registry_facility_identifier_facility_id_registry_facility')),
    sa.ForeignKeyConstraint(['jurisdiction_id'], ['rbac_jurisdiction.id'], name=op.f('fk_registry_facility_identifier_jurisdiction_id_rbac_jurisdiction')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_registry_facility_identifier')),
    sa.UniqueConstraint('system', 'value', 'occurrence', name=op.f('uq_registry_facility_identifier_system_value_occurrence'))
    )
    with op.batch_alter_table('registry_facility_identifier', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_registry_facility_identifier_facility_id'), ['facility_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_registry_facility_identifier_jurisdiction_id'), ['jurisdiction_id'], unique=False)

    op.create_table('registry_facility_service',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('jurisdiction_id', sa.Uuid(), nullable=False),
    sa.Column('facility_id', sa.Uuid(), nullable=False),
    sa.Column('service', sa.String(length=64), nullable=False),
    sa.Column('in_use_since', sa.Date(), nullable=True),
    sa.ForeignKeyConstraint(['facility_id'], ['registry_facility.id'], name=op.f('fk_registry_facility_service_facility_id_registry_facility')),
    sa.ForeignKeyConstraint(['jurisdiction_id'], ['rbac_jurisdiction.id'], name=op.f('fk_registry_facility_service_jurisdiction_id_rbac_jurisdiction')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_registry_facility_service')),
    sa.UniqueConstraint('facility_id', 'service', name=op.f('uq_registry_facility_service_facility_id_service'))
    )
    with op.batch_alter_table('registry_facility_service', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_registry_facility_service_jurisdiction_id'), ['jurisdiction_id'], unique=False)
        batch_op.create_index('ix_registry_facility_service_service', ['service'], unique=False)

    op.create_table('registry_person',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('jurisdiction_id', sa.Uuid(), nullable=False),
    sa.Column('given_name', sa.String(length=200), nullable=False),
    sa.Column('family_name', sa.String(length=200), nullable=False),
    sa.Column('other_names', sa.String(length=200), nullable=False),
    sa.Column('sex', sa.Enum('female', 'male', 'other', name='sex', native_enum=False, length=32), nullable=True),
    sa.Column('birth_date', sa.Date(), nullable=True),
    sa.Column('birth_precision', sa.Enum('day', 'month', 'year', 'estimated', name='dateprecision', native_enum=False, length=32), nullable=True),
    sa.Column('death_date', sa.Date(), nullable=True),
    sa.Column('phone', msingi.types.SealedText(), nullable=True),
    sa.Column('other_phone', msingi.types.SealedText(), nullable=True),
    sa.Column('languages', sa.JSON().with_variant(postgresql.JSONB(astext_type=Text()), 'postgresql'), nullable=False),
    sa.Column('residence', sa.String(length=200), nullable=False),
    sa.Column('household_id', sa.Uuid(), nullable=True),
    sa.Column('household_role', sa.Enum('head', 'spouse', 'child', 'relative', 'other', name='householdrole', native_enum=False, length=32), nullable=True),
    sa.Column('is_head', sa.Boolean(), nullable=False),
    sa.Column('mother_id', sa.Uuid(), nullable=True),
    sa.Column('birth_order', sa.Integer(), nullable=True),
    sa.Column('synthetic', sa.Boolean(), nullable=False),
    sa.Column('status', sa.Enum('active', 'merged', name='personstatus', native_enum=False, length=32), nullable=False),
    sa.Column('replaced_by_id', sa.Uuid(), nullable=True),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['household_id'], ['registry_household.id'], name=op.f('fk_registry_person_household_id_registry_household')),
    sa.ForeignKeyConstraint(['jurisdiction_id'], ['rbac_jurisdiction.id'], name=op.f('fk_registry_person_jurisdiction_id_rbac_jurisdiction')),
    sa.ForeignKeyConstraint(['mother_id'], ['registry_person.id'], name=op.f('fk_registry_person_mother_id_registry_person')),
    sa.ForeignKeyConstraint(['replaced_by_id'], ['registry_person.id'], name=op.f('fk_registry_person_replaced_by_id_registry_person')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_registry_person'))
    )
    with op.batch_alter_table('registry_person', schema=None) as batch_op:
        batch_op.create_index('ix_registry_person_family_name_id', ['family_name', 'id'], unique=False)
        batch_op.create_index('ix_registry_person_household_id', ['household_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_registry_person_jurisdiction_id'), ['jurisdiction_id'], unique=False)
        batch_op.create_index('ix_registry_person_mother_id', ['mother_id'], unique=False)

    op.create_table('registry_practitioner_licence',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('jurisdiction_id', sa.Uuid(), nullable=False),
    sa.Column('practitioner_id', sa.Uuid(), nullable=False),
    sa.Column('since', sa.Date(), nullable=False),
    sa.Column('state', sa.Enum('applied', 'verified', 'active', 'expiring', 'expired', 'suspended', 'revoked', name='licencestate', native_enum=False, length=32), nullable=False),
    sa.Column('valid_from', sa.Date(), nullable=True),
    sa.Column('valid_to', sa.Date(), nullable=True),
    sa.Column('reason', sa.String(length=500), nullable=False),
    sa.ForeignKeyConstraint(['jurisdiction_id'], ['rbac_jurisdiction.id'], name=op.f('fk_registry_practitioner_licence_jurisdiction_id_rbac_jurisdiction')),
    sa.ForeignKeyConstraint(['practitioner_id'], ['registry_practitioner.id'], name=op.f('fk_registry_practitioner_licence_practitioner_id_registry_practitioner')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_registry_practitioner_licence'))
    )
    with op.batch_alter_table('registry_practitioner_licence', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_registry_practitioner_licence_jurisdiction_id'), ['jurisdiction_id'], unique=False)
        batch_op.create_index('ix_registry_practitioner_licence_practitioner_id_since', ['practitioner_id', 'since'], unique=False)

    op.create_table('registry_practitioner_role',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('jurisdiction_id', sa.Uuid(), nullable=False),
    sa.Column('practitioner_id', sa.Uuid(), nullable=False),
    sa.Column('facility_id', sa.Uuid(), nullable=False),
    sa.Column('role', sa.String(length=64), nullable=False),
    sa.Column('valid_from', sa.Date(), nullable=False),
    sa.Column('valid_to', sa.Date(), nullable=True),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['facility_id'], ['registry_facility.id'], name=op.f('fk_registry_practitioner_role_facility_id_registry_facility')),
    sa.ForeignKeyConstraint(['jurisdiction_id'], ['rbac_jurisdiction.id'], name=op.f('fk_registry_practitioner_role_jurisdiction_id_rbac_jurisdiction')),
    sa.ForeignKeyConstraint(['practitioner_id'], ['registry_practitioner.id'], name=op.f('fk_registry_practitioner_role_practitioner_id_registry_practitioner')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_registry_practitioner_role'))
    )
    with op.batch_alter_table('registry_practitioner_role', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_registry_practitioner_role_facility_id'), ['facility_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_registry_practitioner_role_jurisdiction_id'), ['jurisdiction_id'], unique=False)
        batch_op.create_index('ix_registry_practitioner_role_practitioner_id', ['practitioner_id'], unique=False)

    op.create_table('registry_quality_finding',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('jurisdiction_id', sa.Uuid(), nullable=False),
    sa.Column('source', sa.String(length=100), nullable=False),
    sa.Column('kind', sa.String(length=64), nullable=False),
    sa.Column('line', sa.Integer(), nullable=False),
    sa.Column('source_id', sa.String(length=100), nullable=False),
    sa.Column('facility_id', sa.Uuid(), nullable=True),
    sa.Column('params', sa.JSON().with_variant(postgresql.JSONB(astext_type=Text()), 'postgresql'), nullable=False),
    sa.ForeignKeyConstraint(['facility_id'], ['registry_facility.id'], name=op.f('fk_registry_quality_finding_facility_id_registry_facility')),
    sa.ForeignKeyConstraint(['jurisdiction_id'], ['rbac_jurisdiction.id'], name=op.f('fk_registry_quality_finding_jurisdiction_id_rbac_jurisdiction')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_registry_quality_finding'))
    )
    with op.batch_alter_table('registry_quality_finding', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_registry_quality_finding_facility_id'), ['facility_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_registry_quality_finding_jurisdiction_id'), ['jurisdiction_id'], unique=False)
        batch_op.create_index('ix_registry_quality_finding_source_kind', ['source', 'kind'], unique=False)

    op.create_table('registry_card',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('jurisdiction_id', sa.Uuid(), nullable=False),
    sa.Column('person_id', sa.Uuid(), nullable=False),
    sa.Column('uhid', sa.String(length=12), nullable=False),
    sa.Column('serial', sa.Integer(), nullable=False),
    sa.Column('issued_on', sa.Date(), nullable=False),
    sa.Column('key_id', sa.String(length=8), nullable=False),
    sa.Column('code', sa.String(length=200), nullable=False),
    sa.Column('state', sa.Enum('valid', 'revoked', name='cardstate', native_enum=False, length=32), nullable=False),
    sa.Column('revoked_at', msingi.types.UtcDateTime(), nullable=True),
    sa.Column('revoked_reason', sa.String(length=200), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['jurisdiction_id'], ['rbac_jurisdiction.id'], name=op.f('fk_registry_card_jurisdiction_id_rbac_jurisdiction')),
    sa.ForeignKeyConstraint(['person_id'], ['registry_person.id'], name=op.f('fk_registry_card_person_id_registry_person')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_registry_card')),
    sa.UniqueConstraint('jurisdiction_id', 'person_id', 'serial', name=op.f('uq_registry_card_jurisdiction_id_person_id_serial'))
    )
    with op.batch_alter_table('registry_card', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_registry_card_jurisdiction_id'), ['jurisdiction_id'], unique=False)
        batch_op.create_index('ix_registry_card_person_id', ['person_id'], unique=False)
        batch_op.create_index('ix_registry_card_uhid', ['uhid'], unique=False)

    op.create_table('registry_duplicate_decision',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('jurisdiction_id', sa.Uuid(), nullable=False),
    sa.Column('person_id', sa.Uuid(), nullable=False),
    sa.Column('other_id', sa.Uuid(), nullable=False),
    sa.Column('grade', sa.String(length=20), nullable=False),
    sa.Column('points', sa.Integer(), nullable=False),
    sa.Column('reasons', sa.JSON().with_variant(postgresql.JSONB(astext_type=Text()), 'postgresql'), nullable=False),
    sa.Column('decided_at', msingi.types.UtcDateTime(), nullable=False),
    sa.Column('decided_by', sa.Uuid(), nullable=True),
    sa.ForeignKeyConstraint(['jurisdiction_id'], ['rbac_jurisdiction.id'], name=op.f('fk_registry_duplicate_decision_jurisdiction_id_rbac_jurisdiction')),
    sa.ForeignKeyConstraint(['other_id'], ['registry_person.id'], name=op.f('fk_registry_duplicate_decision_other_id_registry_person')),
    sa.ForeignKeyConstraint(['person_id'], ['registry_person.id'], name=op.f('fk_registry_duplicate_decision_person_id_registry_person')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_registry_duplicate_decision')),
    sa.UniqueConstraint('jurisdiction_id', 'person_id', 'other_id', name=op.f('uq_registry_duplicate_decision_jurisdiction_id_person_id_other_id'))
    )
    with op.batch_alter_table('registry_duplicate_decision', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_registry_duplicate_decision_jurisdiction_id'), ['jurisdiction_id'], unique=False)
        batch_op.create_index('ix_registry_duplicate_decision_other_id', ['other_id'], unique=False)

    op.create_table('registry_identifier',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('jurisdiction_id', sa.Uuid(), nullable=False),
    sa.Column('person_id', sa.Uuid(), nullable=False),
    sa.Column('type', sa.String(length=32), nullable=False),
    sa.Column('system', sa.String(length=200), nullable=False),
    sa.Column('value', msingi.types.SealedText(), nullable=False),
    sa.Column('value_index', sa.String(length=32), nullable=False),
    sa.Column('proves', sa.Enum('uhid', 'national', 'insurance', 'programme', name='identifierrole', native_enum=False, length=32), nullable=True),
    sa.Column('location_id', sa.Uuid(), nullable=True),
    sa.Column('assigner', sa.String(length=200), nullable=False),
    sa.Column('valid_from', sa.Date(), nullable=True),
    sa.Column('valid_to', sa.Date(), nullable=True),
    sa.Column('state', sa.Enum('active', 'ended', name='identifierstate', native_enum=False, length=32), nullable=False),
    sa.ForeignKeyConstraint(['jurisdiction_id'], ['rbac_jurisdiction.id'], name=op.f('fk_registry_identifier_jurisdiction_id_rbac_jurisdiction')),
    sa.ForeignKeyConstraint(['person_id'], ['registry_person.id'], name=op.f('fk_registry_identifier_person_id_registry_person')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_registry_identifier'))
    )
    with op.batch_alter_table('registry_identifier', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_registry_identifier_jurisdiction_id'), ['jurisdiction_id'], unique=False)
        batch_op.create_index('ix_registry_identifier_person_id', ['person_id'], unique=False)
        batch_op.create_index('ix_registry_identifier_value_index', ['value_index'], unique=False)

    op.create_table('registry_identifier_claim',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('key', sa.String(length=32), nullable=False),
    sa.Column('person_id', sa.Uuid(), nullable=False),
    sa.ForeignKeyConstraint(['person_id'], ['registry_person.id'], name=op.f('fk_registry_identifier_claim_person_id_registry_person')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_registry_identifier_claim')),
    sa.UniqueConstraint('key', name=op.f('uq_registry_identifier_claim_key'))
    )
    with op.batch_alter_table('registry_identifier_claim', schema=None) as batch_op:
        batch_op.create_index('ix_registry_identifier_claim_person_id', ['person_id'], unique=False)

    op.create_table('registry_search_key',
    sa.Column('person_id', sa.Uuid(), nullable=False),
    sa.Column('kind', sa.Enum('w', 'p', 'n', 'd', name='indexkind', native_enum=False, length=32), nullable=False),
    sa.Column('value', sa.String(length=100), nullable=False),
    sa.Column('birth_year', sa.Integer(), nullable=True),
    sa.Column('jurisdiction_id', sa.Uuid(), nullable=False),
    sa.ForeignKeyConstraint(['person_id'], ['registry_person.id'], name='fk_registry_search_key_person'),
    sa.PrimaryKeyConstraint('person_id', 'kind', 'value', name=op.f('pk_registry_search_key'))
    )
    with op.batch_alter_table('registry_search_key', schema=None) as batch_op:
        batch_op.create_index('ix_registry_search_key_lookup', ['kind', 'value', 'birth_year', 'jurisdiction_id', 'person_id'], unique=False)

    op.create_table('registry_uhid',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('value', sa.String(length=12), nullable=False),
    sa.Column('state', sa.Enum('reserved', 'issued', 'revoked', 'merged', name='uhidstate', native_enum=False, length=32), nullable=False),
    sa.Column('person_id', sa.Uuid(), nullable=True),
    sa.Column('block_id', sa.Uuid(), nullable=True),
    sa.ForeignKeyConstraint(['block_id'], ['registry_uhid_block.id'], name=op.f('fk_registry_uhid_block_id_registry_uhid_block')),
    sa.ForeignKeyConstraint(['person_id'], ['registry_person.id'], name=op.f('fk_registry_uhid_person_id_registry_person')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_registry_uhid')),
    sa.UniqueConstraint('value', name=op.f('uq_registry_uhid_value'))
    )
    with op.batch_alter_table('registry_uhid', schema=None) as batch_op:
        batch_op.create_index('ix_registry_uhid_block_id', ['block_id'], unique=False)
        batch_op.create_index('ix_registry_uhid_person_id', ['person_id'], unique=False)


def downgrade() -> None:
    with op.batch_alter_table('registry_uhid', schema=None) as batch_op:
        batch_op.drop_index('ix_registry_uhid_person_id')
        batch_op.drop_index('ix_registry_uhid_block_id')

    op.drop_table('registry_uhid')
    with op.batch_alter_table('registry_search_key', schema=None) as batch_op:
        batch_op.drop_index('ix_registry_search_key_lookup')

    op.drop_table('registry_search_key')
    with op.batch_alter_table('registry_identifier_claim', schema=None) as batch_op:
        batch_op.drop_index('ix_registry_identifier_claim_person_id')

    op.drop_table('registry_identifier_claim')
    with op.batch_alter_table('registry_identifier', schema=None) as batch_op:
        batch_op.drop_index('ix_registry_identifier_value_index')
        batch_op.drop_index('ix_registry_identifier_person_id')
        batch_op.drop_index(batch_op.f('ix_registry_identifier_jurisdiction_id'))

    op.drop_table('registry_identifier')
    with op.batch_alter_table('registry_duplicate_decision', schema=None) as batch_op:
        batch_op.drop_index('ix_registry_duplicate_decision_other_id')
        batch_op.drop_index(batch_op.f('ix_registry_duplicate_decision_jurisdiction_id'))

    op.drop_table('registry_duplicate_decision')
    with op.batch_alter_table('registry_card', schema=None) as batch_op:
        batch_op.drop_index('ix_registry_card_uhid')
        batch_op.drop_index('ix_registry_card_person_id')
        batch_op.drop_index(batch_op.f('ix_registry_card_jurisdiction_id'))

    op.drop_table('registry_card')
    with op.batch_alter_table('registry_quality_finding', schema=None) as batch_op:
        batch_op.drop_index('ix_registry_quality_finding_source_kind')
        batch_op.drop_index(batch_op.f('ix_registry_quality_finding_jurisdiction_id'))
        batch_op.drop_index(batch_op.f('ix_registry_quality_finding_facility_id'))

    op.drop_table('registry_quality_finding')
    with op.batch_alter_table('registry_practitioner_role', schema=None) as batch_op:
        batch_op.drop_index('ix_registry_practitioner_role_practitioner_id')
        batch_op.drop_index(batch_op.f('ix_registry_practitioner_role_jurisdiction_id'))
        batch_op.drop_index(batch_op.f('ix_registry_practitioner_role_facility_id'))

    op.drop_table('registry_practitioner_role')
    with op.batch_alter_table('registry_practitioner_licence', schema=None) as batch_op:
        batch_op.drop_index('ix_registry_practitioner_licence_practitioner_id_since')
        batch_op.drop_index(batch_op.f('ix_registry_practitioner_licence_jurisdiction_id'))

    op.drop_table('registry_practitioner_licence')
    with op.batch_alter_table('registry_person', schema=None) as batch_op:
        batch_op.drop_index('ix_registry_person_mother_id')
        batch_op.drop_index(batch_op.f('ix_registry_person_jurisdiction_id'))
        batch_op.drop_index('ix_registry_person_household_id')
        batch_op.drop_index('ix_registry_person_family_name_id')

    op.drop_table('registry_person')
    with op.batch_alter_table('registry_facility_service', schema=None) as batch_op:
        batch_op.drop_index('ix_registry_facility_service_service')
        batch_op.drop_index(batch_op.f('ix_registry_facility_service_jurisdiction_id'))

    op.drop_table('registry_facility_service')
    with op.batch_alter_table('registry_facility_identifier', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_registry_facility_identifier_jurisdiction_id'))
        batch_op.drop_index(batch_op.f('ix_registry_facility_identifier_facility_id'))

    op.drop_table('registry_facility_identifier')
    with op.batch_alter_table('registry_uhid_block', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_registry_uhid_block_jurisdiction_id'))
        batch_op.drop_index('ix_registry_uhid_block_device')

    op.drop_table('registry_uhid_block')
    with op.batch_alter_table('registry_practitioner', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_registry_practitioner_jurisdiction_id'))
        batch_op.drop_index('ix_registry_practitioner_family_name')

    op.drop_table('registry_practitioner')
    op.drop_table('registry_import_part')
    with op.batch_alter_table('registry_import_message', schema=None) as batch_op:
        batch_op.drop_index('ix_registry_import_message_import_id_position')

    op.drop_table('registry_import_message')
    with op.batch_alter_table('registry_household', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_registry_household_jurisdiction_id'))
        batch_op.drop_index(batch_op.f('ix_registry_household_code'))

    op.drop_table('registry_household')
    with op.batch_alter_table('registry_facility', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_registry_facility_status'))
        batch_op.drop_index(batch_op.f('ix_registry_facility_replaced_by_id'))
        batch_op.drop_index('ix_registry_facility_name')
        batch_op.drop_index('ix_registry_facility_latitude_longitude')
        batch_op.drop_index(batch_op.f('ix_registry_facility_jurisdiction_id'))

    op.drop_table('registry_facility')
    op.drop_table('registry_search_count')
    with op.batch_alter_table('registry_name_word', schema=None) as batch_op:
        batch_op.drop_index('ix_registry_name_word_word')
        batch_op.drop_index('ix_registry_name_word_lookup')

    op.drop_table('registry_name_word')
    with op.batch_alter_table('registry_import', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_registry_import_owner_id'))
        batch_op.drop_index(batch_op.f('ix_registry_import_job_id'))

    op.drop_table('registry_import')
