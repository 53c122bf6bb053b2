"""What came from a device: its families, the photos that belong to them, and the names of what nobody reads (CLM-F3)."""

from dataclasses import dataclass

from msingi_insurance.exchange.elements import told
from msingi_insurance.exchange.enrolment_file import read_enrolment_file
from msingi_insurance.exchange.enrolment_records import EnrolmentFile
from msingi_insurance.exchange.photo_files import FiledPhoto, open_package


@dataclass(frozen=True, slots=True)
class Received:
    """A file of enrolments with its photos; ``not_kept`` names elements and pictures that belong to no family."""

    file: EnrolmentFile
    photos: tuple[FiledPhoto, ...]
    not_kept: tuple[str, ...]


def open_enrolments(content: bytes) -> Received:
    """The families and photos of a file, XML or an archive.

    Raises:
        FileRefused: it is no enrolment file.
        TabularError: it is unsafe or no XML.

    """
    package = open_package(content)
    file = read_enrolment_file(package.document)
    numbers = {insuree.number for family in file.families for insuree in family.insurees}
    last = {photo.number: photo for photo in package.photos if photo.number in numbers}
    left = [photo.name for photo in package.photos if last.get(photo.number) is not photo]
    return Received(file, tuple(last.values()), told([*file.not_kept, *package.ignored, *left]))
