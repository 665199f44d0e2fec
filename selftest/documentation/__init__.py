"""The documentation: links that lead somewhere, generated pages that are not stale, commands that work."""
