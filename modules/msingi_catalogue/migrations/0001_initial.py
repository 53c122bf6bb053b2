"""initial."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy import Text
from sqlalchemy.dialects import postgresql

import msingi.types

revision = "0001"
down_revision = None


def upgrade() -> None:
    op.create_table('catalogue_diagnosis',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('code', sa.String(length=30), nullable=False),
    sa.Column('name_fr', sa.String(length=250), nullable=False),
    sa.Column('name_en', sa.String(length=250), nullable=False),
    sa.Column('search_text', sa.String(length=1000), nullable=False),
    sa.Column('classification', sa.String(length=30), nullable=False),
    sa.Column('classification_version', sa.String(length=30), nullable=False),
    sa.Column('source', sa.String(length=100), nullable=False),
    sa.Column('valid_from', sa.Date(), nullable=False),
    sa.Column('valid_to', sa.Date(), nullable=True),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_catalogue_diagnosis')),
    sa.UniqueConstraint('code', name=op.f('uq_catalogue_diagnosis_code'))
    )
    with op.batch_alter_table('catalogue_diagnosis', schema=None) as batch_op:
        batch_op.create_index('ix_catalogue_diagnosis_name_en', ['name_en'], unique=False)

    op.create_table('catalogue_item',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('code', sa.String(length=30), nullable=False),
    sa.Column('name_fr', sa.String(length=250), nullable=False),
    sa.Column('name_en', sa.String(length=250), nullable=False),
    sa.Column('search_text', sa.String(length=1000), nullable=False),
    sa.Column('type', sa.Enum('D', 'M', name='itemtype', native_enum=False, length=32), nullable=False),
    sa.Column('package', sa.String(length=250), nullable=False),
    sa.Column('currency', sa.String(length=3), nullable=False),
    sa.Column('price_minor', sa.BigInteger(), nullable=False),
    sa.Column('care_type', sa.Enum('I', 'O', 'B', name='caretype', native_enum=False, length=32), nullable=False),
    sa.Column('frequency_days', sa.Integer(), nullable=True),
    sa.Column('patient_mask', sa.Integer(), nullable=False),
    sa.Column('max_quantity', msingi.types.Scaled(places=2), nullable=True),
    sa.Column('source', sa.String(length=100), nullable=False),
    sa.Column('valid_from', sa.Date(), nullable=False),
    sa.Column('valid_to', sa.Date(), nullable=True),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.CheckConstraint('patient_mask BETWEEN 0 AND 15', name=op.f('ck_catalogue_item_patient_mask_known')),
    sa.CheckConstraint('price_minor >= 0', name=op.f('ck_catalogue_item_price_not_negative')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_catalogue_item')),
    sa.UniqueConstraint('code', name=op.f('uq_catalogue_item_code'))
    )
    with op.batch_alter_table('catalogue_item', schema=None) as batch_op:
        batch_op.create_index('ix_catalogue_item_name_en', ['name_en'], unique=False)

    op.create_table('catalogue_register',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('number', sa.BigInteger(), nullable=False),
    sa.Column('stamp', sa.Uuid(), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_catalogue_register'))
    )
    op.create_table('catalogue_service',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('code', sa.String(length=30), nullable=False),
    sa.Column('name_fr', sa.String(length=250), nullable=False),
    sa.Column('name_en', sa.String(length=250), nullable=False),
    sa.Column('search_text', sa.String(length=1000), nullable=False),
    sa.Column('type', sa.Enum('P', 'C', name='servicetype', native_enum=False, length=32), nullable=False),
    sa.Column('currency', sa.String(length=3), nullable=False),
    sa.Column('price_minor', sa.BigInteger(), nullable=False),
    sa.Column('care_type', sa.Enum('I', 'O', 'B', name='caretype', native_enum=False, length=32), nullable=False),
    sa.Column('frequency_days', sa.Integer(), nullable=True),
    sa.Column('patient_mask', sa.Integer(), nullable=False),
    sa.Column('package_type', sa.Enum('S', 'F', 'P', name='packagetype', native_enum=False, length=32), nullable=False),
    sa.Column('manual_price', sa.Boolean(), nullable=False),
    sa.Column('level', sa.Enum('S', 'V', 'D', 'H', name='servicelevel', native_enum=False, length=32), nullable=False),
    sa.Column('category', sa.Enum('S', 'D', 'A', 'H', 'C', 'V', 'O', name='servicecategory', native_enum=False, length=32), nullable=False),
    sa.Column('max_amount_minor', sa.BigInteger(), nullable=True),
    sa.Column('source', sa.String(length=100), nullable=False),
    sa.Column('valid_from', sa.Date(), nullable=False),
    sa.Column('valid_to', sa.Date(), nullable=True),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.CheckConstraint('patient_mask BETWEEN 0 AND 15', name=op.f('ck_catalogue_service_patient_mask_known')),
    sa.CheckConstraint('price_minor >= 0', name=op.f('ck_catalogue_service_price_not_negative')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_catalogue_service')),
    sa.UniqueConstraint('code', name=op.f('uq_catalogue_service_code'))
    )
    with op.batch_alter_table('catalogue_service', schema=None) as batch_op:
        batch_op.create_index('ix_catalogue_service_name_en', ['name_en'], unique=False)

    op.create_table('catalogue_past_diagnosis',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('diagnosis_id', sa.Uuid(), nullable=False),
    sa.Column('valid_from', sa.Date(), nullable=False),
    sa.Column('valid_to', sa.Date(), nullable=True),
    sa.ForeignKeyConstraint(['diagnosis_id'], ['catalogue_diagnosis.id'], name=op.f('fk_catalogue_past_diagnosis_diagnosis_id_catalogue_diagnosis')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_catalogue_past_diagnosis'))
    )
    with op.batch_alter_table('catalogue_past_diagnosis', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_catalogue_past_diagnosis_diagnosis_id'), ['diagnosis_id'], unique=False)

    op.create_table('catalogue_past_item',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('item_id', sa.Uuid(), nullable=False),
    sa.Column('currency', sa.String(length=3), nullable=False),
    sa.Column('price_minor', sa.BigInteger(), nullable=False),
    sa.Column('care_type', sa.Enum('I', 'O', 'B', name='caretype', native_enum=False, length=32), nullable=False),
    sa.Column('frequency_days', sa.Integer(), nullable=True),
    sa.Column('patient_mask', sa.Integer(), nullable=False),
    sa.Column('max_quantity', msingi.types.Scaled(places=2), nullable=True),
    sa.Column('valid_from', sa.Date(), nullable=False),
    sa.Column('valid_to', sa.Date(), nullable=True),
    sa.ForeignKeyConstraint(['item_id'], ['catalogue_item.id'], name=op.f('fk_catalogue_past_item_item_id_catalogue_item')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_catalogue_past_item')),
    sa.UniqueConstraint('item_id', 'valid_from', name=op.f('uq_catalogue_past_item_item_id_valid_from'))
    )
    op.create_table('catalogue_past_service',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('service_id', sa.Uuid(), nullable=False),
    sa.Column('currency', sa.String(length=3), nullable=False),
    sa.Column('price_minor', sa.BigInteger(), nullable=False),
    sa.Column('care_type', sa.Enum('I', 'O', 'B', name='caretype', native_enum=False, length=32), nullable=False),
    sa.Column('frequency_days', sa.Integer(), nullable=True),
    sa.Column('patient_mask', sa.Integer(), nullable=False),
    sa.Column('package_type', sa.Enum('S', 'F', 'P', name='packagetype', native_enum=False, length=32), nullable=False),
    sa.Column('manual_price', sa.Boolean(), nullable=False),
    sa.Column('level', sa.Enum('S', 'V', 'D', 'H', name='servicelevel', native_enum=False, length=32), nullable=False),
    sa.Column('category', sa.Enum('S', 'D', 'A', 'H', 'C', 'V', 'O', name='servicecategory', native_enum=False, length=32), nullable=False),
    sa.Column('max_amount_minor', sa.BigInteger(), nullable=True),
    sa.Column('valid_from', sa.Date(), nullable=False),
    sa.Column('valid_to', sa.Date(), nullable=True),
    sa.ForeignKeyConstraint(['service_id'], ['catalogue_service.id'], name=op.f('fk_catalogue_past_service_service_id_catalogue_service')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_catalogue_past_service')),
    sa.UniqueConstraint('service_id', 'valid_from', name=op.f('uq_catalogue_past_service_service_id_valid_from'))
    )
    op.create_table('catalogue_price_list',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('code', sa.String(length=30), nullable=False),
    sa.Column('name', sa.String(length=250), nullable=False),
    sa.Column('kind', sa.Enum('items', 'services', 'both', name='pricelistkind', native_enum=False, length=32), nullable=False),
    sa.Column('dated', sa.Date(), nullable=False),
    sa.Column('place_id', sa.Uuid(), nullable=False),
    sa.Column('currency', sa.String(length=3), nullable=False),
    sa.Column('source', sa.String(length=100), nullable=False),
    sa.Column('revision', sa.Integer(), nullable=False),
    sa.Column('stamp', sa.Uuid(), nullable=False),
    sa.Column('valid_from', sa.Date(), nullable=False),
    sa.Column('valid_to', sa.Date(), nullable=True),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['place_id'], ['rbac_jurisdiction.id'], name=op.f('fk_catalogue_price_list_place_id_rbac_jurisdiction')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_catalogue_price_list')),
    sa.UniqueConstraint('code', name=op.f('uq_catalogue_price_list_code'))
    )
    with op.batch_alter_table('catalogue_price_list', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_catalogue_price_list_place_id'), ['place_id'], unique=False)

    op.create_table('catalogue_service_content',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('service_id', sa.Uuid(), nullable=False),
    sa.Column('item_id', sa.Uuid(), nullable=True),
    sa.Column('sub_service_id', sa.Uuid(), nullable=True),
    sa.Column('quantity', msingi.types.Scaled(places=2), nullable=False),
    sa.Column('currency', sa.String(length=3), nullable=False),
    sa.Column('price_minor', sa.BigInteger(), nullable=False),
    sa.Column('valid_from', sa.Date(), nullable=False),
    sa.Column('valid_to', sa.Date(), nullable=True),
    sa.CheckConstraint('(item_id IS NULL) <> (sub_service_id IS NULL)', name=op.f('ck_catalogue_service_content_one_thing')),
    sa.CheckConstraint('price_minor >= 0', name=op.f('ck_catalogue_service_content_price_not_negative')),
    sa.CheckConstraint('quantity > 0', name=op.f('ck_catalogue_service_content_quantity_positive')),
    sa.ForeignKeyConstraint(['item_id'], ['catalogue_item.id'], name=op.f('fk_catalogue_service_content_item_id_catalogue_item')),
    sa.ForeignKeyConstraint(['service_id'], ['catalogue_service.id'], name=op.f('fk_catalogue_service_content_service_id_catalogue_service')),
    sa.ForeignKeyConstraint(['sub_service_id'], ['catalogue_service.id'], name=op.f('fk_catalogue_service_content_sub_service_id_catalogue_service')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_catalogue_service_content')),
    sa.UniqueConstraint('service_id', 'item_id', 'valid_from', name=op.f('uq_catalogue_service_content_service_id_item_id_valid_from')),
    sa.UniqueConstraint('service_id', 'sub_service_id', 'valid_from', name=op.f('uq_catalogue_service_content_service_id_sub_service_id_valid_from'))
    )
    with op.batch_alter_table('catalogue_service_content', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_catalogue_service_content_item_id'), ['item_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_catalogue_service_content_sub_service_id'), ['sub_service_id'], unique=False)

    op.create_table('catalogue_price_list_assignment',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('jurisdiction_id', sa.Uuid(), nullable=False),
    sa.Column('price_list_id', sa.Uuid(), nullable=False),
    sa.Column('valid_from', sa.Date(), nullable=False),
    sa.Column('valid_to', sa.Date(), nullable=True),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['jurisdiction_id'], ['rbac_jurisdiction.id'], name=op.f('fk_catalogue_price_list_assignment_jurisdiction_id_rbac_jurisdiction')),
    sa.ForeignKeyConstraint(['price_list_id'], ['catalogue_price_list.id'], name=op.f('fk_catalogue_price_list_assignment_price_list_id_catalogue_price_list')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_catalogue_price_list_assignment')),
    sa.UniqueConstraint('jurisdiction_id', 'price_list_id', 'valid_from', name=op.f('uq_catalogue_price_list_assignment_jurisdiction_id_price_list_id_valid_from'))
    )
    with op.batch_alter_table('catalogue_price_list_assignment', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_catalogue_price_list_assignment_jurisdiction_id'), ['jurisdiction_id'], unique=False)
        batch_op.create_index('ix_catalogue_price_list_assignment_price_list_id', ['price_list_id'], unique=False)

    op.create_table('catalogue_price_list_line',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('price_list_id', sa.Uuid(), nullable=False),
    sa.Column('item_id', sa.Uuid(), nullable=True),
    sa.Column('service_id', sa.Uuid(), nullable=True),
    sa.Column('currency', sa.String(length=3), nullable=False),
    sa.Column('price_override_minor', sa.BigInteger(), nullable=True),
    sa.Column('valid_from', sa.Date(), nullable=False),
    sa.Column('valid_to', sa.Date(), nullable=True),
    sa.CheckConstraint('(item_id IS NULL) <> (service_id IS NULL)', name=op.f('ck_catalogue_price_list_line_one_thing')),
    sa.CheckConstraint('price_override_minor >= 0', name=op.f('ck_catalogue_price_list_line_price_not_negative')),
    sa.ForeignKeyConstraint(['item_id'], ['catalogue_item.id'], name=op.f('fk_catalogue_price_list_line_item_id_catalogue_item')),
    sa.ForeignKeyConstraint(['price_list_id'], ['catalogue_price_list.id'], name=op.f('fk_catalogue_price_list_line_price_list_id_catalogue_price_list')),
    sa.ForeignKeyConstraint(['service_id'], ['catalogue_service.id'], name=op.f('fk_catalogue_price_list_line_service_id_catalogue_service')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_catalogue_price_list_line')),
    sa.UniqueConstraint('price_list_id', 'item_id', 'valid_from', name=op.f('uq_catalogue_price_list_line_price_list_id_item_id_valid_from')),
    sa.UniqueConstraint('price_list_id', 'service_id', 'valid_from', name=op.f('uq_catalogue_price_list_line_price_list_id_service_id_valid_from'))
    )
    with op.batch_alter_table('catalogue_price_list_line', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_catalogue_price_list_line_item_id'), ['item_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_catalogue_price_list_line_service_id'), ['service_id'], unique=False)


def downgrade() -> None:
    with op.batch_alter_table('catalogue_price_list_line', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_catalogue_price_list_line_service_id'))
        batch_op.drop_index(batch_op.f('ix_catalogue_price_list_line_item_id'))

    op.drop_table('catalogue_price_list_line')
    with op.batch_alter_table('catalogue_price_list_assignment', schema=None) as batch_op:
        batch_op.drop_index('ix_catalogue_price_list_assignment_price_list_id')
        batch_op.drop_index(batch_op.f('ix_catalogue_price_list_assignment_jurisdiction_id'))

    op.drop_table('catalogue_price_list_assignment')
    with op.batch_alter_table('catalogue_service_content', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_catalogue_service_content_sub_service_id'))
        batch_op.drop_index(batch_op.f('ix_catalogue_service_content_item_id'))

    op.drop_table('catalogue_service_content')
    with op.batch_alter_table('catalogue_price_list', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_catalogue_price_list_place_id'))

    op.drop_table('catalogue_price_list')
    op.drop_table('catalogue_past_service')
    op.drop_table('catalogue_past_item')
    with op.batch_alter_table('catalogue_past_diagnosis', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_catalogue_past_diagnosis_diagnosis_id'))

    op.drop_table('catalogue_past_diagnosis')
    with op.batch_alter_table('catalogue_service', schema=None) as batch_op:
        batch_op.drop_index('ix_catalogue_service_name_en')

    op.drop_table('catalogue_service')
    op.drop_table('catalogue_register')
    with op.batch_alter_table('catalogue_item', schema=None) as batch_op:
        batch_op.drop_index('ix_catalogue_item_name_en')

    op.drop_table('catalogue_item')
    with op.batch_alter_table('catalogue_diagnosis', schema=None) as batch_op:
        batch_op.drop_index('ix_catalogue_diagnosis_name_en')

    op.drop_table('catalogue_diagnosis')
