"""The kinds of resources, one module for each AWS service."""
