"""The normal form of user names: ASCII, lower case, so that no two look alike (attack 57)."""

import re
import unicodedata

_FORM = re.compile(r"[a-z0-9][a-z0-9._@+-]{1,98}[a-z0-9]")
_LONGEST = 100


def normal_username(typed: str) -> str | None:
    """The normal form of a typed user name, or None when it cannot be one."""
    if len(typed) > _LONGEST:
        return None
    name = unicodedata.normalize("NFKC", typed).strip().lower()
    return name if _FORM.fullmatch(name) else None
