"""The audit trail: every change, refusal and sensitive read, sealed in a hash chain."""
