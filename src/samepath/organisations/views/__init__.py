"""Pages of the organisation. Cut by noun: set-up, invitations, team, duty."""
