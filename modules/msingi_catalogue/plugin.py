"""Manifest of the catalogue plugin: what is given to patients, and what it costs."""

from msingi.plugin import Plugin

plugin = Plugin("catalogue", requires=["registry"])

READ_CATALOGUE = plugin.permission("read", "See diagnoses, items, services and their prices")
EDIT_CATALOGUE = plugin.permission("edit", "Add, change and end diagnoses, items and services of the country")
EDIT_PRICES = plugin.permission("edit_prices", "Write price lists and say for which facilities they hold")
IMPORT_CATALOGUE = plugin.permission("import", "Import lists of diagnoses, items, services and prices")
