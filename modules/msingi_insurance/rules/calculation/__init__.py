"""Calculation rules: pricing as data and plugin; those shipped, and the book that finds one by its id."""
