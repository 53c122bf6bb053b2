"""Pure decisions of the auth plugin: values in, values out, no database."""
