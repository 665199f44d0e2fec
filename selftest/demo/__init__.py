"""`plumbline demo`: what it promises of a first minute."""
