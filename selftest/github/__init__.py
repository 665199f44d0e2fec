"""GitHub: workflow files as people write them, and its REST API as it documents its replies."""
