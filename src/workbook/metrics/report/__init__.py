"""How numbers are told: words, rows of figures, findings, and the one long table of values."""
