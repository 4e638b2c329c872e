"""Pages of matching. Cut by noun: requests, desk, endings."""
