"""The deployed accounts of a run: guarded before anything is read, asked only of what the stack names."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

from plumbline.expectations.calls import calls_of
from plumbline.kinds.permitted import Permitted
from plumbline.kinds.registry import operations
from plumbline.suite.run import Run

if TYPE_CHECKING:
    from plumbline.aws.reads import Answers, Aws


class Accounts:
    """The accounts of all environments of a run, and what they have answered so far."""

    def __init__(self, run: Run, answers: Answers, announce: Callable[[str], None] | None = None) -> None:
        """Connect to each; `announce` is told what probes write, where the run has any.

        Raises `GuardError` where the credentials in use are not those of the account that the stack says.
        """
        from plumbline.aws.everywhere import OF_READERS
        from plumbline.aws.probing import Probing
        from plumbline.aws.session import reach

        probing = Probing(announce) if run.writes and announce else None

        self.answers = answers
        calls = ThreadPoolExecutor(run.concurrency, thread_name_prefix=OF_READERS)
        reached = {
            (name, environment): reach(
                run.env(name, environment),
                run.stacks[name].environments[environment],
                run.stacks[name].placeholders(environment)["region"],
                answers,
                calls,
                operations(writes=run.writes, secrets=run.secrets),
                run.window,
                probing,
                run.endpoints,
                permitted(run, (name, environment)).refuses,
                reads_secrets=run.secrets,
            )
            for name, environments in run.environments.items()
            for environment in environments
        }
        with ThreadPoolExecutor(run.concurrency) as checks:  # each waits for an answer of its own
            for _ in checks.map(lambda it: it.check(), reached.values()):
                pass
        self.of: dict[tuple[str, str], Aws] = {place: it.aws for place, it in reached.items()}

    def told(self, run: Run) -> list[str]:
        """Return which accounts these are: `shop/sit is account 123456789012 in eu-west-1`.

        Other regions stand beside it in which something of the stack is looked for.
        """
        return [
            f"{stack}/{environment} is account {aws.account} in "
            + ", ".join(dict.fromkeys((aws.region, *_regions(run, stack, environment))))
            + (f", asked at {aws.endpoint}" if aws.endpoint else "")
            + "".join(
                f", {service} at {address}" for service, address in {**aws.apart, **run.endpoints}.items()
            )
            for (stack, environment), aws in self.of.items()
        ]


def _regions(run: Run, stack: str, environment: str) -> Iterator[str]:
    deployed = run.stacks[stack].subjects(environment).values()
    return (region for it in deployed if not it.kind.lies_in_repository for region in it.regions)


def permitted(run: Run, *places: tuple[str, str]) -> Permitted:
    """Return what may be called of the resources of some environments, by stack and name."""
    return Permitted(
        call
        for name, environment in places
        for subject in run.stacks[name].subjects(environment).values()
        for call in calls_of(subject, writes=run.writes, secrets=run.secrets)
    )
