"""Pages of safety. Cut by noun: concerns, reports, helplines, set-up."""
