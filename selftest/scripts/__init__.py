"""The scripts under scripts/, started as their users start them."""
