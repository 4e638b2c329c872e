"""The doors of accounts. Cut by what a member comes for."""
