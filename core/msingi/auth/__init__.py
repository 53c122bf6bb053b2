"""Users, sessions, second factors, API tokens and trusted issuers: who is it."""
