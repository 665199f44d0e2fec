"""A kind and facets from outside the package, and what is wrong with others."""
