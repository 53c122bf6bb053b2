"""Secrets at rest: sealed columns and blind indexes from one keyring with rotation (attacks 98, 99)."""

import base64
import hashlib
import hmac
import secrets
from collections.abc import Sequence
from dataclasses import dataclass

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from msingi.sayings import Saying

KEY_BYTES = 32
_COMMAND = "msingi key"
_NONCE_BYTES = 12


class KeyringError(Exception):
    """A key is malformed, or a sealed value was written with a key that this installation does not hold."""

    def __init__(self, text: str, **values: object) -> None:
        self.saying = Saying(text, values)
        super().__init__(str(self.saying))


def generate_key() -> str:
    """A new random key, as text for the secret file."""
    return base64.urlsafe_b64encode(secrets.token_bytes(KEY_BYTES)).decode()


@dataclass(frozen=True, slots=True)
class Keyring:
    """The installation's keys: the first seals, all of them open; ``index_key`` never rotates.

    A sealed value is ``key id (4 bytes) | nonce (12) | AES-256-GCM ciphertext``. The blind index is a keyed
    hash of the normalised value: equal values can be found, nothing can be read.
    """

    keys: tuple[bytes, ...]
    index_key: bytes

    @classmethod
    def from_text(cls, keys: Sequence[str], index_key: str) -> "Keyring":
        """Build from the base64 texts of the secret settings.

        Raises:
            KeyringError: a key is not 32 bytes of base64, or there is none.

        """
        if not keys:
            raise _not_set("security.keys")
        return cls(
            tuple(_decode(key, "security.keys") for key in keys), _decode(index_key, "security.index_key")
        )

    def seal(self, value: str) -> bytes:
        """Encrypt with the newest key."""
        key = self.keys[0]
        nonce = secrets.token_bytes(_NONCE_BYTES)
        return _key_id(key) + nonce + AESGCM(key).encrypt(nonce, value.encode(), None)

    def open(self, sealed: bytes) -> str:
        """Decrypt with the key that sealed it.

        Raises:
            KeyringError: that key is not on the ring, or the value was altered.

        """
        key_id, nonce, body = sealed[:4], sealed[4 : 4 + _NONCE_BYTES], sealed[4 + _NONCE_BYTES :]
        for key in self.keys:
            if hmac.compare_digest(_key_id(key), key_id):
                try:
                    return AESGCM(key).decrypt(nonce, body, None).decode()
                except InvalidTag as error:
                    raise KeyringError("a sealed value was altered") from error
        raise KeyringError("a sealed value needs a key that is not in security.keys")

    @property
    def newest(self) -> bytes:
        """What every value begins with that the newest key sealed."""
        return _key_id(self.keys[0])

    def blind_index(self, purpose: str, value: str) -> str:
        """32 hexadecimal digits that stand for the value in an index; the purpose keeps columns apart."""
        return hmac.new(self.index_key, f"{purpose}\x00{value}".encode(), hashlib.sha256).hexdigest()[:32]

    def sign(self, purpose: str, value: bytes) -> bytes:
        """32 bytes that only a holder of the index key can make for this value; the purpose keeps uses apart."""
        return hmac.digest(self.index_key, purpose.encode() + b"\x00" + value, "sha256")


def _decode(text: str, setting: str) -> bytes:
    if not text:
        raise _not_set(setting)
    try:
        key = base64.urlsafe_b64decode(text)
    except ValueError as error:
        raise KeyringError(
            "{setting}: this key is not base64. Make one with `{command}`.", setting=setting, command=_COMMAND
        ) from error
    if len(key) != KEY_BYTES:
        raise KeyringError(
            "{setting}: this key has {length} bytes, {needed} are needed. Make one with `{command}`.",
            setting=setting,
            length=len(key),
            needed=KEY_BYTES,
            command=_COMMAND,
        )
    return key


def _not_set(setting: str) -> KeyringError:
    return KeyringError(
        "{setting}: not set. Make a key with `{command}` and put it into the file {file} of the folder that "
        "{folder} names, or into the environment variable {variable}.",
        setting=setting,
        command=_COMMAND,
        file=setting.replace(".", "__"),
        folder="MSINGI_SECRETS_DIR",
        variable=f"MSINGI__{setting.replace('.', '__').upper()}",
    )


def _key_id(key: bytes) -> bytes:
    return hashlib.sha256(b"msingi key id" + key).digest()[:4]
