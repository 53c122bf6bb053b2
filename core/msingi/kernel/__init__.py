"""The kernel plugin: durable jobs, idempotency keys, and what the platform says about itself."""
