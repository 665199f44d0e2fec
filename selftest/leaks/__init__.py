"""What a run must not let out: secrets of the account and of its caller, and with moto any request at all."""
