"""What the functions share: the cache, the sources' keys, the statistics of queries."""
