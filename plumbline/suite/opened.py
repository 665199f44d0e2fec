"""The sources of a run, each opened when something is first read of it."""

from __future__ import annotations

from collections.abc import Callable

from plumbline.expectations.stack import Subject
from plumbline.sources.hcl import Hcl
from plumbline.sources.moto.source import Moto
from plumbline.sources.recorded import Recorded
from plumbline.sources.repository import Repository
from plumbline.sources.source import ReadSets, Source
from plumbline.suite.run import Run


class Opened:
    """What a run reads: its sources by name."""

    def __init__(self, run: Run, reads: Callable[[str], ReadSets], live: Callable[[], Source]) -> None:
        """Take the run, what is read of each subject on a source, and what reads the deployed accounts."""
        self._run, self._reads, self._live = run, reads, live
        self._open: dict[str, Source] = {}

    def source(self, name: str) -> Source:
        """Return a source; of a run that replays a file, as it was then."""
        if name not in self._open:
            saved = self._run.saved
            self._open[name] = (
                saved.replayed(name, self._run.stacks, self._reads(name))
                if saved
                else getattr(self, f"_{name}")()
            )
        return self._open[name]

    def of(self, name: str, subject: Subject) -> str:
        """Return the source that a subject is read from; a file of the repository lies beside every one."""
        return "beside" if subject.kind.lies_in_repository and name != "repository" else name

    def _hcl(self) -> Source:
        folder = self._run.terraform.get
        return Hcl(
            self._run.stacks,
            lambda *place: folder(place),
            self._reads("hcl"),
            lambda: self._run.neighbours().values(),
            self._run.tree,
        )

    def _moto(self) -> Source:
        declared = self._open.setdefault("hcl", self._hcl())
        assert isinstance(declared, Hcl)
        stacks = self._run.stacks
        return Moto(
            declared,
            lambda stack, environment: stacks[stack].home(environment),
            self._reads("moto"),
        )

    def _repository(self) -> Source:
        runbooks = self._run.runbooks.items()
        return Repository(self._run.checkouts, {stack: it.data(self._run.today) for stack, it in runbooks})

    _beside = _repository

    def _plan(self) -> Source:
        return Recorded(self._run.recorded["plan"], self._reads("plan"), self._run.stacks)

    def _state(self) -> Source:
        return Recorded(self._run.recorded["state"], self._reads("state"), self._run.stacks)
