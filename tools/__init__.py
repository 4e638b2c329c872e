"""What only developers run: set-up of the test services, lint, locks. Never part of the service."""
