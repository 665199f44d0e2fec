"""What may be different in the example alone: one line each."""

MAY_CHANGE = {
    "topic.subscriptions[email:notes@example.com]": "the runbook says that somebody hears it, not who",
}
"""What may be different in a field that tests read, by the field and the place inside it."""
