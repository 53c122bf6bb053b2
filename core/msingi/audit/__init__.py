"""The audit trail: every change and sensitive read, sealed in a hash chain."""
