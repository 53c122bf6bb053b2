"""Tables of accounts and of the proofs that open them."""

from datetime import date, datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from msingi.db import Model, Scoped, Versioned
from msingi.types import Document, SealedText

SECRET = {"secret": True}
PERSONAL = {"personal": True}


class UserStatus(StrEnum):
    """Life of an account; only an active one has rights, whatever its roles (attack 23)."""

    INVITED = "invited"
    ACTIVE = "active"
    SUSPENDED = "suspended"
    EXPIRED = "expired"
    TRANSFERRED = "transferred"


class User(Scoped, Versioned, Model):
    """A person's account, at home in one jurisdiction."""

    __tablename__ = "auth_user"
    __table_args__ = (
        UniqueConstraint("username"),
        Index("ix_auth_user_email_index", "email_index"),
        Index("ix_auth_user_phone_index", "phone_index"),
    )

    username: Mapped[str] = mapped_column(String(100), doc="Unique name for signing in, in lower case.")
    display_name: Mapped[str] = mapped_column(
        String(200), info=PERSONAL, doc="Name of the person, as colleagues read it."
    )
    email: Mapped[str | None] = mapped_column(SealedText, info=PERSONAL, doc="E-mail address, encrypted.")
    email_index: Mapped[str | None] = mapped_column(String(32), info=SECRET)
    phone: Mapped[str | None] = mapped_column(SealedText, info=PERSONAL, doc="Telephone number, encrypted.")
    phone_index: Mapped[str | None] = mapped_column(String(32), info=SECRET)
    status: Mapped[UserStatus] = mapped_column(
        default=UserStatus.INVITED, doc="Where the account stands; only active ones have rights."
    )
    language: Mapped[str | None] = mapped_column(
        String(3), doc="Language of the person's screens and messages."
    )
    valid_to: Mapped[date | None] = mapped_column(
        doc="Last day on which the account opens, if it is limited."
    )
    password_hash: Mapped[str | None] = mapped_column(
        String(200), info=SECRET, doc="argon2id hash; empty for accounts that sign in elsewhere only."
    )
    password_until: Mapped[datetime | None] = mapped_column(doc="When a one-time password stops working.")
    must_change_password: Mapped[bool] = mapped_column(
        default=False, doc="Whether the password has to be changed before the account opens."
    )
    generation: Mapped[int] = mapped_column(
        default=1, doc="Rises with each password change or suspension; tokens of earlier ones are dead."
    )


class UserSession(Model):
    """One signed-in browser or application; only the hash of its token is known here."""

    __tablename__ = "auth_session"
    __audited__ = False
    __table_args__ = (
        UniqueConstraint("token_hash"),
        Index("ix_auth_session_user_id", "user_id"),
        Index("ix_auth_session_expires_at", "expires_at"),
    )

    token_hash: Mapped[str] = mapped_column(String(64), info=SECRET)
    user_id: Mapped[UUID] = mapped_column(ForeignKey("auth_user.id"))
    generation: Mapped[int]
    second_factor: Mapped[bool] = mapped_column(doc="Whether a second factor opened it.")
    created_at: Mapped[datetime]
    used_at: Mapped[datetime] = mapped_column(doc="Last use, exact to the minute.")
    expires_at: Mapped[datetime]
    revoked_at: Mapped[datetime | None]


class ApiToken(Model):
    """A token for programs: the rights of its owner cut down to the permissions named."""

    __tablename__ = "auth_api_token"
    __table_args__ = (UniqueConstraint("token_hash"), Index("ix_auth_api_token_user_id", "user_id"))

    token_hash: Mapped[str] = mapped_column(String(64), info=SECRET)
    user_id: Mapped[UUID] = mapped_column(ForeignKey("auth_user.id"))
    generation: Mapped[int] = mapped_column(info=SECRET)
    name: Mapped[str] = mapped_column(String(100), doc="What the token is for.")
    permissions: Mapped[list[str]] = mapped_column(Document, doc="Names of the permissions it carries.")
    addresses: Mapped[list[str]] = mapped_column(
        Document, doc="Networks it may be used from, e.g. 10.2.0.0/16; empty means everywhere."
    )
    created_at: Mapped[datetime] = mapped_column(doc="When it was created.")
    expires_at: Mapped[datetime] = mapped_column(doc="When it stops working.")
    revoked_at: Mapped[datetime | None] = mapped_column(doc="When it was revoked.")


class TotpSecret(Model):
    """The second factor of an account: a secret shared with the person's authenticator application."""

    __tablename__ = "auth_totp"
    __table_args__ = (UniqueConstraint("user_id"),)

    user_id: Mapped[UUID] = mapped_column(ForeignKey("auth_user.id"))
    secret: Mapped[str] = mapped_column(SealedText, info=SECRET)
    last_step: Mapped[int] = mapped_column(
        default=0, info=SECRET, doc="Newest time step used; older ones are dead."
    )
    confirmed_at: Mapped[datetime | None] = mapped_column(doc="When the first code proved the enrolment.")


class BackupCode(Model):
    """A code for the day on which the authenticator is lost; it works once."""

    __tablename__ = "auth_backup_code"
    __audited__ = False
    __table_args__ = (UniqueConstraint("user_id", "code_hash"),)

    user_id: Mapped[UUID] = mapped_column(ForeignKey("auth_user.id"))
    code_hash: Mapped[str] = mapped_column(String(32), info=SECRET)
    used_at: Mapped[datetime | None]


class Identity(Model):
    """The name of an account at an OpenID Connect issuer: issuer and subject, never an e-mail (attack 47)."""

    __tablename__ = "auth_identity"
    __table_args__ = (UniqueConstraint("issuer", "subject"), Index("ix_auth_identity_user_id", "user_id"))

    issuer: Mapped[str] = mapped_column(String(300), doc="The issuer's URL.")
    subject: Mapped[str] = mapped_column(
        String(255), info=PERSONAL, doc="The issuer's own name of the account."
    )
    user_id: Mapped[UUID] = mapped_column(ForeignKey("auth_user.id"))
    created_at: Mapped[datetime]


class AttemptCount(Model):
    """Wrong attempts against one key: an account, an address, or an account from an address it knows.

    Keys are keyed hashes: what was typed as a user name may have been a password.
    """

    __tablename__ = "auth_attempt"
    __audited__ = False
    __table_args__ = (UniqueConstraint("key"), Index("ix_auth_attempt_last_at", "last_at"))

    key: Mapped[str] = mapped_column(String(40))
    failures: Mapped[int]
    first_at: Mapped[datetime]
    last_at: Mapped[datetime]


class KnownAddress(Model):
    """An address from which an account was opened before: a lock made by strangers does not close it."""

    __tablename__ = "auth_known_address"
    __audited__ = False
    __table_args__ = (UniqueConstraint("user_id", "address_hash"),)

    user_id: Mapped[UUID] = mapped_column(ForeignKey("auth_user.id"))
    address_hash: Mapped[str] = mapped_column(String(32))
    last_at: Mapped[datetime] = mapped_column(index=True)
