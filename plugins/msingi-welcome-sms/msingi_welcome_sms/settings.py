"""Settings of the welcome_sms plugin."""

from pydantic import Field, field_validator

from msingi import PluginSettings
from msingi_welcome_sms.rules import PLACEHOLDER

LONGEST_SMS = 160


class Settings(PluginSettings):
    """What a country decides about its welcome messages."""

    texts: dict[str, str] = Field(
        default={
            "fr": "Bienvenue. Votre ménage est enregistré sous le code {code}. Gardez ce message.",
            "en": "Welcome. Your household is registered under the code {code}. Keep this message.",
        },
        min_length=1,
        description="Text by language, at most 140 characters; {code} stands for the household's code",
    )

    @field_validator("texts")
    @classmethod
    def _fit_one_sms(cls, texts: dict[str, str]) -> dict[str, str]:
        for language, text in texts.items():
            if PLACEHOLDER not in text:
                raise ValueError(f"the text in {language!r} does not say {PLACEHOLDER}")
            if len(text) > LONGEST_SMS - 20:
                raise ValueError(f"the text in {language!r} does not fit into one SMS")
        return texts
