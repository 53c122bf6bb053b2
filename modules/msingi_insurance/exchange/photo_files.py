"""Packages of devices: one enrolment file and photos named ``number_officer_date_latitude_longitude`` (CLM-F3, attacks 64, 67)."""

import io
import re
import zipfile
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import PurePosixPath
from typing import Final

from msingi.sayings import Saying
from msingi_insurance.payment_errors import FileRefused

MOST_FILES: Final = 5_000
MOST_UNPACKED: Final = 200 * 1024 * 1024
MOST_PHOTO: Final = 2 * 1024 * 1024
_NAME: Final = re.compile(
    r"(?P<number>[^_/]{1,50})_(?P<officer>[^_/]{1,20})_(?P<day>[0-9]{8})"
    r"(?:_(?P<latitude>-?[0-9.]{0,20})_(?P<longitude>-?[0-9.]{0,20}))?",
)
_SUFFIXES: Final = frozenset({".jpg", ".jpeg", ".png"})
_ENCRYPTED: Final = 0x1


@dataclass(frozen=True, slots=True)
class FiledPhoto:
    """A photo with what its name says."""

    number: str
    officer_code: str
    taken_on: date
    content: bytes
    name: str
    """Name without the coordinates."""


@dataclass(frozen=True, slots=True)
class Package:
    """What a device sent: the enrolment file, its photos, and what other files are called, as far as it may be told."""

    document: bytes
    photos: tuple[FiledPhoto, ...] = ()
    ignored: tuple[str, ...] = ()


def open_package(content: bytes) -> Package:
    """The parts of a package; a plain XML file is a package without photos.

    Raises:
        FileRefused: the archive is damaged, too large when unpacked, encrypted, or has not exactly one XML file.

    """
    if not content.startswith(b"PK"):
        return Package(content)
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            return _read(archive)
    except (zipfile.BadZipFile, EOFError, NotImplementedError, ValueError):
        raise FileRefused(why=Saying("the archive is damaged")) from None


def read_photo_name(name: str) -> tuple[str, str, date] | None:
    """The number, the officer and the day that the name of a photo says; None when it says none."""
    path = PurePosixPath(name)
    found = _NAME.fullmatch(path.stem)
    if found is None or path.suffix.casefold() not in _SUFFIXES:
        return None
    try:
        day = datetime.strptime(found["day"], "%Y%m%d").date()  # noqa: DTZ007 - a calendar day has no zone
    except ValueError:
        return None
    return found["number"], found["officer"], day


def _read(archive: zipfile.ZipFile) -> Package:
    parts = [part for part in archive.infolist() if not part.is_dir()]
    _check(parts)
    documents = [part for part in parts if part.filename.casefold().endswith(".xml")]
    if len(documents) != 1:
        raise FileRefused(why=Saying("an archive holds exactly one XML file"))
    photos: list[FiledPhoto] = []
    ignored: list[str] = []
    for part in parts:
        name = PurePosixPath(part.filename.replace("\\", "/")).name
        said = read_photo_name(name)
        if said is not None and part.file_size <= MOST_PHOTO:
            photos.append(FiledPhoto(*said, archive.read(part), _told(name)))
        elif part is not documents[0]:
            ignored.append(_told(name))
    return Package(archive.read(documents[0]), tuple(photos), tuple(ignored))


def _told(name: str) -> str:
    """What is told of a file: number, officer and day, never where a photo was taken; else only the kind of file."""
    path = PurePosixPath(name)
    found = _NAME.fullmatch(path.stem)
    stem = f"{found['number']}_{found['officer']}_{found['day']}" if found else "*"
    return f"{stem}{path.suffix[:10]}"


def _check(parts: list[zipfile.ZipInfo]) -> None:
    """The sizes of the directory can be trusted: reading stops at the declared size, and the checksum then fails."""
    if len(parts) > MOST_FILES or sum(part.file_size for part in parts) > MOST_UNPACKED:
        raise FileRefused(why=Saying("the archive holds too many files or too large ones"))
    if any(part.flag_bits & _ENCRYPTED for part in parts):
        raise FileRefused(why=Saying("the archive is encrypted"))
