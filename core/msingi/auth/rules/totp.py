"""Codes of the second factor: time-based codes that never work twice, and backup codes (attack 46)."""

import hmac
import re
import secrets
from datetime import datetime

import pyotp

STEP_SECONDS = 30
BACKUP_CODES = 10
_LEEWAY_STEPS = 1
_CODE = re.compile(r"[0-9]{6}", re.ASCII)
_BACKUP = re.compile(r"[a-z2-9]{5}-[a-z2-9]{5}")
_BACKUP_SIGNS = "abcdefghjkmnpqrstuvwxyz23456789"


def new_secret() -> str:
    """A fresh secret of 160 bits in base32."""
    return pyotp.random_base32()


def enrolment_address(secret: str, *, account: str, issuer: str) -> str:
    """The ``otpauth://`` address that authenticator applications read from a QR code."""
    return pyotp.TOTP(secret, interval=STEP_SECONDS).provisioning_uri(name=account, issuer_name=issuer)


def matching_step(secret: str, code: str, *, now: datetime, last_step: int) -> int | None:
    """The time step that a code proves, or None.

    One step of leeway on both sides; a step at or before ``last_step`` is dead, so that no code works twice
    and none of an earlier window works after a later one was used.
    """
    if not _CODE.fullmatch(code):
        return None
    generator = pyotp.TOTP(secret, interval=STEP_SECONDS)
    present = generator.timecode(now)
    found = None
    for step in range(present - _LEEWAY_STEPS, present + _LEEWAY_STEPS + 1):
        if hmac.compare_digest(generator.generate_otp(step), code) and step > last_step:
            found = step
    return found


def new_backup_codes() -> list[str]:
    """Ten codes of ten signs (49 bits each), shown once."""
    return [f"{_piece()}-{_piece()}" for _ in range(BACKUP_CODES)]


def normal_backup_code(typed: str) -> str | None:
    """The normal form of a typed backup code, or None when it cannot be one."""
    code = typed.strip().lower() if len(typed) <= len("abcde-abcde") + 4 else ""
    return code if _BACKUP.fullmatch(code) else None


def _piece() -> str:
    return "".join(secrets.choice(_BACKUP_SIGNS) for _ in range(5))
