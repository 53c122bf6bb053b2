"""Tables of diagnoses."""

from uuid import UUID

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from msingi.db import Model, Versioned
from msingi_catalogue.models.columns import Interval, Named


class Diagnosis(Named, Interval, Versioned, Model):
    """A diagnosis of a published classification."""

    __tablename__ = "catalogue_diagnosis"
    __table_args__ = (Index("ix_catalogue_diagnosis_name_en", "name_en"),)

    classification: Mapped[str] = mapped_column(String(30), doc="Classification, such as ICD-10.")
    classification_version: Mapped[str] = mapped_column(String(30), doc="Edition of the classification.")


class PastDiagnosis(Interval, Model):
    """A period in which a diagnosis held before it was ended and taken up again."""

    __tablename__ = "catalogue_past_diagnosis"

    diagnosis_id: Mapped[UUID] = mapped_column(
        ForeignKey("catalogue_diagnosis.id"), index=True, doc="The diagnosis."
    )
