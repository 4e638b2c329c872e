"""Load, speed and size of the running product: `make bench`, or `python -m bench NAME`.

Nothing here is a test: the figures are of one machine at one moment, and each result says which.
"""
