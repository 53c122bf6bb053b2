"""The catalogue: what is given to patients, and what it costs."""
