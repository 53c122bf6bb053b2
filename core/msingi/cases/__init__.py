"""Case files: a decision's whole input as strict JSON, read exactly; every mistake is told by its place."""

from msingi.cases.apart import told_apart
from msingi.cases.problems import OTHER_VALUE, Problem, WrongCase, problem_of, problems_of, sayings_in
from msingi.cases.reading import PLAIN_DIGITS, Day, WrittenDay, part_of, read_case_file

__all__ = [
    "OTHER_VALUE",
    "PLAIN_DIGITS",
    "Day",
    "Problem",
    "WrittenDay",
    "WrongCase",
    "part_of",
    "problem_of",
    "problems_of",
    "read_case_file",
    "sayings_in",
    "told_apart",
]
