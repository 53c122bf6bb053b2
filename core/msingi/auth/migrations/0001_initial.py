"""initial."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy import Text
from sqlalchemy.dialects import postgresql

import msingi.types

revision = "0001"
down_revision = None


def upgrade() -> None:
    op.create_table(
        "auth_attempt",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("key", sa.String(length=40), nullable=False),
        sa.Column("failures", sa.Integer(), nullable=False),
        sa.Column("first_at", msingi.types.UtcDateTime(), nullable=False),
        sa.Column("last_at", msingi.types.UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_auth_attempt")),
        sa.UniqueConstraint("key", name=op.f("uq_auth_attempt_key")),
    )
    with op.batch_alter_table("auth_attempt", schema=None) as batch_op:
        batch_op.create_index("ix_auth_attempt_last_at", ["last_at"], unique=False)

    op.create_table(
        "auth_user",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("jurisdiction_id", sa.Uuid(), nullable=False),
        sa.Column("username", sa.String(length=100), nullable=False),
        sa.Column("display_name", sa.String(length=200), nullable=False),
        sa.Column("email", msingi.types.SealedText(), nullable=True),
        sa.Column("email_index", sa.String(length=32), nullable=True),
        sa.Column("phone", msingi.types.SealedText(), nullable=True),
        sa.Column("phone_index", sa.String(length=32), nullable=True),
        sa.Column(
            "status",
            sa.Enum(
                "invited",
                "active",
                "suspended",
                "expired",
                "transferred",
                name="userstatus",
                native_enum=False,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("language", sa.String(length=3), nullable=True),
        sa.Column("valid_to", sa.Date(), nullable=True),
        sa.Column("password_hash", sa.String(length=200), nullable=True),
        sa.Column("password_until", msingi.types.UtcDateTime(), nullable=True),
        sa.Column("must_change_password", sa.Boolean(), nullable=False),
        sa.Column("generation", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["jurisdiction_id"],
            ["rbac_jurisdiction.id"],
            name=op.f("fk_auth_user_jurisdiction_id_rbac_jurisdiction"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_auth_user")),
        sa.UniqueConstraint("username", name=op.f("uq_auth_user_username")),
    )
    with op.batch_alter_table("auth_user", schema=None) as batch_op:
        batch_op.create_index("ix_auth_user_email_index", ["email_index"], unique=False)
        batch_op.create_index(batch_op.f("ix_auth_user_jurisdiction_id"), ["jurisdiction_id"], unique=False)
        batch_op.create_index("ix_auth_user_phone_index", ["phone_index"], unique=False)

    op.create_table(
        "auth_api_token",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("generation", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=100), nullable=False),
        sa.Column(
            "permissions",
            sa.JSON().with_variant(postgresql.JSONB(astext_type=Text()), "postgresql"),
            nullable=False,
        ),
        sa.Column(
            "addresses",
            sa.JSON().with_variant(postgresql.JSONB(astext_type=Text()), "postgresql"),
            nullable=False,
        ),
        sa.Column("created_at", msingi.types.UtcDateTime(), nullable=False),
        sa.Column("expires_at", msingi.types.UtcDateTime(), nullable=False),
        sa.Column("revoked_at", msingi.types.UtcDateTime(), nullable=True),
        sa.ForeignKeyConstraint(
            ["user_id"], ["auth_user.id"], name=op.f("fk_auth_api_token_user_id_auth_user")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_auth_api_token")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_auth_api_token_token_hash")),
    )
    with op.batch_alter_table("auth_api_token", schema=None) as batch_op:
        batch_op.create_index("ix_auth_api_token_user_id", ["user_id"], unique=False)

    op.create_table(
        "auth_backup_code",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("code_hash", sa.String(length=32), nullable=False),
        sa.Column("used_at", msingi.types.UtcDateTime(), nullable=True),
        sa.ForeignKeyConstraint(
            ["user_id"], ["auth_user.id"], name=op.f("fk_auth_backup_code_user_id_auth_user")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_auth_backup_code")),
        sa.UniqueConstraint("user_id", "code_hash", name=op.f("uq_auth_backup_code_user_id_code_hash")),
    )
    op.create_table(
        "auth_identity",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("issuer", sa.String(length=300), nullable=False),
        sa.Column("subject", sa.String(length=255), nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("created_at", msingi.types.UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["user_id"], ["auth_user.id"], name=op.f("fk_auth_identity_user_id_auth_user")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_auth_identity")),
        sa.UniqueConstraint("issuer", "subject", name=op.f("uq_auth_identity_issuer_subject")),
    )
    with op.batch_alter_table("auth_identity", schema=None) as batch_op:
        batch_op.create_index("ix_auth_identity_user_id", ["user_id"], unique=False)

    op.create_table(
        "auth_known_address",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("address_hash", sa.String(length=32), nullable=False),
        sa.Column("last_at", msingi.types.UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["user_id"], ["auth_user.id"], name=op.f("fk_auth_known_address_user_id_auth_user")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_auth_known_address")),
        sa.UniqueConstraint(
            "user_id", "address_hash", name=op.f("uq_auth_known_address_user_id_address_hash")
        ),
    )
    with op.batch_alter_table("auth_known_address", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_auth_known_address_last_at"), ["last_at"], unique=False)

    op.create_table(
        "auth_session",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("generation", sa.Integer(), nullable=False),
        sa.Column("second_factor", sa.Boolean(), nullable=False),
        sa.Column("created_at", msingi.types.UtcDateTime(), nullable=False),
        sa.Column("used_at", msingi.types.UtcDateTime(), nullable=False),
        sa.Column("expires_at", msingi.types.UtcDateTime(), nullable=False),
        sa.Column("revoked_at", msingi.types.UtcDateTime(), nullable=True),
        sa.ForeignKeyConstraint(
            ["user_id"], ["auth_user.id"], name=op.f("fk_auth_session_user_id_auth_user")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_auth_session")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_auth_session_token_hash")),
    )
    with op.batch_alter_table("auth_session", schema=None) as batch_op:
        batch_op.create_index("ix_auth_session_expires_at", ["expires_at"], unique=False)
        batch_op.create_index("ix_auth_session_user_id", ["user_id"], unique=False)

    op.create_table(
        "auth_totp",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("secret", msingi.types.SealedText(), nullable=False),
        sa.Column("last_step", sa.Integer(), nullable=False),
        sa.Column("confirmed_at", msingi.types.UtcDateTime(), nullable=True),
        sa.ForeignKeyConstraint(["user_id"], ["auth_user.id"], name=op.f("fk_auth_totp_user_id_auth_user")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_auth_totp")),
        sa.UniqueConstraint("user_id", name=op.f("uq_auth_totp_user_id")),
    )


def downgrade() -> None:
    op.drop_table("auth_totp")
    with op.batch_alter_table("auth_session", schema=None) as batch_op:
        batch_op.drop_index("ix_auth_session_user_id")
        batch_op.drop_index("ix_auth_session_expires_at")

    op.drop_table("auth_session")
    with op.batch_alter_table("auth_known_address", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_auth_known_address_last_at"))

    op.drop_table("auth_known_address")
    with op.batch_alter_table("auth_identity", schema=None) as batch_op:
        batch_op.drop_index("ix_auth_identity_user_id")

    op.drop_table("auth_identity")
    op.drop_table("auth_backup_code")
    with op.batch_alter_table("auth_api_token", schema=None) as batch_op:
        batch_op.drop_index("ix_auth_api_token_user_id")

    op.drop_table("auth_api_token")
    with op.batch_alter_table("auth_user", schema=None) as batch_op:
        batch_op.drop_index("ix_auth_user_phone_index")
        batch_op.drop_index(batch_op.f("ix_auth_user_jurisdiction_id"))
        batch_op.drop_index("ix_auth_user_email_index")

    op.drop_table("auth_user")
    with op.batch_alter_table("auth_attempt", schema=None) as batch_op:
        batch_op.drop_index("ix_auth_attempt_last_at")

    op.drop_table("auth_attempt")
