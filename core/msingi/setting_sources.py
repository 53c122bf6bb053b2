"""Settings written as text: in environment variables and in secret files, where a list may be bare words."""

import re
from typing import TYPE_CHECKING, Any, get_origin

from pydantic.fields import FieldInfo
from pydantic_settings import EnvSettingsSource, NestedSecretsSettingsSource

from msingi.errors import ConfigurationError

if TYPE_CHECKING:
    from pydantic_settings import PydanticBaseSettingsSource


class _PlainText(EnvSettingsSource):
    """Reads a list as JSON, or as words between commas, spaces and line ends; other values as JSON alone."""

    def decode_complex_value(self, field_name: str, field: FieldInfo, value: Any) -> Any:
        """The value of a setting that is no single text.

        Raises:
            ConfigurationError: it can be read in no way; the setting is named, its value is not: it may be secret.

        """
        is_list = isinstance(field, FieldInfo) and get_origin(field.annotation) is list
        try:
            return super().decode_complex_value(field_name, field, value)
        except ValueError:
            if is_list and not str(value).lstrip().startswith("["):
                return [word for word in re.split(r"[,\s]+", str(value)) if word]
            if isinstance(field, FieldInfo):
                raise ConfigurationError(
                    '{name}: this is neither JSON nor a plain list. Write for example ["fr", "en"].',
                    name=self._dotted(value) or field_name,
                ) from None
            raise

    def _dotted(self, value: Any) -> str:
        """The path of the setting that has this text."""
        names = (name for name, text in self.env_vars.items() if text == value)
        return next(names, "").removeprefix(self.env_prefix.lower()).replace("__", ".")


class EnvironmentSource(_PlainText):
    """Environment variables, such as ``MSINGI__SECURITY__KEYS``."""


class SecretFilesSource(_PlainText, NestedSecretsSettingsSource):
    """Secret files, one per setting, such as ``security__keys``."""

    def __init__(self, others: "PydanticBaseSettingsSource", folder: str) -> None:
        super().__init__(others, secrets_dir=folder, secrets_prefix="", secrets_nested_delimiter="__")
