"""Pure decisions of the registry: values in, values out, no database and no platform."""
