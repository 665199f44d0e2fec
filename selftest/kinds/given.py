"""What moto answers whatever it is given: the source `moto` says of each that nothing declares it."""

BY_ITSELF = frozenset(
    {
        ("support_plan", "severity_levels"),
        ("table", "inactive_indexes"),
        ("table", "status"),
    }
)
