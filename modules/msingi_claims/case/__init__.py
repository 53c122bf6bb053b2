"""Cases for the adjudicator: language-neutral files that say everything a decision depends on, and what it must be."""
