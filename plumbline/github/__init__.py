"""GitHub as it is configured: the workflow files of a checkout, and the settings behind its REST API."""
