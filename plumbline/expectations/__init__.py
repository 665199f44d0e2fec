"""What should be: stacks and runbooks, and their YAML."""
