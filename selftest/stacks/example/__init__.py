"""A service that keeps notes: a small whole stack of nobody's, so that every proof walks more than one."""
