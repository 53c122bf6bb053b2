"""What a command is told, as the record that a service takes."""

from collections.abc import Mapping
from typing import TypeVar

from pydantic import BaseModel, ValidationError

from msingi.errors import InvalidInput

_Wish = TypeVar("_Wish", bound=BaseModel)


def read_wish(record: type[_Wish], values: Mapping[str, object]) -> _Wish:
    """The record with these values.

    Raises:
        InvalidInput: some of them break their rule; all of these are listed.

    """
    from msingi.graphql.input_problems import problems_in

    try:
        return record.model_validate(dict(values))
    except ValidationError as error:
        raise InvalidInput(fields=problems_in(error)) from None
