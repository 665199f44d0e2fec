"""What all of the engine speaks in: what is not known, models, windows, data files."""
