"""Operations and probes against a moto server in which something has happened."""
