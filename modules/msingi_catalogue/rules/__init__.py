"""Pure decisions of the catalogue: values in, values out, no database."""
