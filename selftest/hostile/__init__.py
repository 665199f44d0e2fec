"""What is examined may be hostile: names, values and files that would do something where they are shown."""
