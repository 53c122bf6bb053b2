"""Base45 of RFC 9285: bytes as text that fits the alphanumeric mode of a QR code."""

from typing import Final

_ALPHABET: Final = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:"
_VALUE_OF: Final = {character: value for value, character in enumerate(_ALPHABET)}
_BASE: Final = len(_ALPHABET)
_PAIR: Final = 2
_TRIPLE: Final = 3


def encode_base45(data: bytes) -> str:
    """Write each two bytes as three characters, and a last single byte as two."""
    return "".join(_encode_chunk(data[at : at + _PAIR]) for at in range(0, len(data), _PAIR))


def decode_base45(text: str) -> bytes:
    """Read what encode_base45 wrote; raises ValueError for anything that it cannot have written."""
    return b"".join(_decode_chunk(text[at : at + _TRIPLE]) for at in range(0, len(text), _TRIPLE))


def _encode_chunk(chunk: bytes) -> str:
    value = int.from_bytes(chunk, "big")
    high, middle = divmod(value, _BASE)
    if len(chunk) == 1:
        return _ALPHABET[middle] + _ALPHABET[high]
    top, high = divmod(high, _BASE)
    return _ALPHABET[middle] + _ALPHABET[high] + _ALPHABET[top]


def _decode_chunk(chunk: str) -> bytes:
    if len(chunk) == 1 or not set(chunk) <= _VALUE_OF.keys():
        message = "not a base45 text"
        raise ValueError(message)
    value: int = sum(_VALUE_OF[character] * _BASE**power for power, character in enumerate(chunk))
    try:
        return value.to_bytes(len(chunk) - 1, "big")
    except OverflowError as error:
        message = "a base45 group is too large"
        raise ValueError(message) from error
