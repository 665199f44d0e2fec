"""Where evidence is read: source, plans and states, moto, deployed accounts, repositories, what was saved."""
