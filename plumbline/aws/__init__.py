"""Reading AWS: sessions, the account and read-only guards, parallel reads, and moto."""
