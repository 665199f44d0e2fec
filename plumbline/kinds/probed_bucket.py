"""A bucket that a probe puts an object into: no other probe's lies there before, and nothing of it after."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from shlex import quote

from plumbline.kinds.call import Asked, Call
from plumbline.values.unknown import ReadError


@dataclass(frozen=True)
class ProbedBucket:
    """A bucket of a probe, whose object is called as the question's `probe_key` says."""

    asked: Asked
    name: str
    versions: Call
    """Lists the versions of the object in `in_bucket`."""
    delete: Call
    """Deletes a `version` of it there."""
    region: str | None = None

    @property
    def key(self) -> str:
        """The key of the probe's object."""
        return str(self.asked.question.probe_key)

    def refuse_another(self) -> None:
        """Raise `ReadError` where a probe's object is in it: of another run, or left behind."""
        if any(self._versions()):
            there = f"s3://{self.name}/{self.key}"
            raise ReadError(
                f"{there} is there already: another probe runs, or one was left behind",
                cause=f"probe object in {self.name}",
                advice=f"If nobody else probes: aws s3 rm {quote(there)}, and delete its versions",
            )

    def remove(self) -> None:
        """Delete every version of the probe's object."""
        for version in list(self._versions()):
            self.asked.now(self.delete, region=self.region, in_bucket=self.name, version=version)

    def _versions(self) -> Iterator[str]:
        """Yield the id of each version of the probe's object, delete markers included."""
        listed = self.asked.now(self.versions, region=self.region, in_bucket=self.name)
        for entry in [*listed.get("Versions", []), *listed.get("DeleteMarkers", [])]:
            if entry["Key"] == self.key:
                yield entry["VersionId"]
