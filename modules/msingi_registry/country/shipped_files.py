"""Opens the shipped tables and shapes, packed or not."""

import gzip
import io
import json
from collections.abc import Iterator
from typing import TYPE_CHECKING

from msingi.tabular import Row, read_csv
from msingi_registry.country.description import data_folder

if TYPE_CHECKING:
    from shapely.geometry.base import BaseGeometry


def read_rows(folder: str, file: str) -> Iterator[Row]:
    """The lines of a shipped table, with the line numbers of the unpacked file."""
    return iter(read_csv(io.BytesIO(_read_bytes(folder, file)), delimiter=","))


def read_boundaries(iso3: str) -> "dict[str, BaseGeometry]":
    """The first-level boundaries of a country by their published name, in degrees (WGS 84)."""
    from shapely.geometry import shape

    collection = json.loads(_read_bytes(iso3.lower(), "admin1.geojson.gz"))
    return {feature["properties"]["name"]: shape(feature["geometry"]) for feature in collection["features"]}


def _read_bytes(folder: str, file: str) -> bytes:
    content = data_folder().joinpath(folder, file).read_bytes()
    return gzip.decompress(content) if file.endswith(".gz") else content
