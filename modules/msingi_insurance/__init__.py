"""Insurance: who is covered, by what, until when, and who paid."""
