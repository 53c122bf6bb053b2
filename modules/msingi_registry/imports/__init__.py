"""Lists in and out: uploads, dry runs, resumable imports with a report per line, and exports (FR-6, attack 74)."""
