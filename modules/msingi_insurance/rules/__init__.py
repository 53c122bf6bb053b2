"""The law of insurance as functions of values: no database, no clock."""
