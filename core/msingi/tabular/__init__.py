"""Files in and out: CSV, XLSX, JSON and XML read into typed records with errors per cell, written without formulas."""

from msingi.tabular import cells
from msingi.tabular.cells import Parser
from msingi.tabular.csv_reading import read_csv
from msingi.tabular.errors import (
    REASONS,
    CellRefused,
    LineError,
    MissingColumn,
    NoLines,
    TabularError,
    UnknownColumn,
)
from msingi.tabular.json_reading import read_json
from msingi.tabular.numerals import DecimalMark, ascii_digits, read_date, read_decimal
from msingi.tabular.parsing import Column, Mapping, Mode, Numbered, Parsed, RefusedLine, parse, parse_lines
from msingi.tabular.reading import read_table
from msingi.tabular.record_writing import write_json, write_xml
from msingi.tabular.table import Limits, Row, Table, Unusable, fold_header
from msingi.tabular.writing import Cell, csv_chunks, neutralise, write_csv, write_xlsx
from msingi.tabular.xlsx_reading import read_xlsx
from msingi.tabular.xml_reading import read_xml
from msingi.tabular.xml_tree import Node, read_xml_tree

__all__ = [
    "REASONS",
    "Cell",
    "CellRefused",
    "Column",
    "DecimalMark",
    "Limits",
    "LineError",
    "Mapping",
    "MissingColumn",
    "Mode",
    "NoLines",
    "Node",
    "Numbered",
    "Parsed",
    "Parser",
    "RefusedLine",
    "Row",
    "Table",
    "TabularError",
    "UnknownColumn",
    "Unusable",
    "ascii_digits",
    "cells",
    "csv_chunks",
    "fold_header",
    "neutralise",
    "parse",
    "parse_lines",
    "read_csv",
    "read_date",
    "read_decimal",
    "read_json",
    "read_table",
    "read_xlsx",
    "read_xml",
    "read_xml_tree",
    "write_csv",
    "write_json",
    "write_xlsx",
    "write_xml",
]
