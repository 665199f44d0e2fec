"""The wheel, installed where somebody else's repository is: what it adds there, and what it leaves alone."""
