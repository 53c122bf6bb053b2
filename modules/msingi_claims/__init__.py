"""Claims: from the care given to the money paid, every amount explained."""
