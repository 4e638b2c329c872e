"""The doors of talk: the page, what can be done on it, the care card."""
