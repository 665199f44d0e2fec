"""What `plumbline init` writes: green at once on what it was made of, and red when one thing is broken."""
