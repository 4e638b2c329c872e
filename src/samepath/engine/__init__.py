"""Pure mathematics of matching and routing: imports nothing else of Samepath."""
