"""Holds AWS infrastructure against the runbooks that describe it."""
