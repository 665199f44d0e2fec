"""What may be different in the example alone: one line each."""

MAY_CHANGE = {
    "topic.subscriptions[email:notes@example.com]": "the runbook says that somebody hears it, not who",
}
"""What may be different in a field that tests read, by the field and the place inside it."""

UNREPAIRED = {
    "example-acct-01": "the user chooses other credentials",
    "example-inv-01": "the user names it in the stack, or deletes it",
}
"""What is red in moto whatever a card says to type, and why."""
