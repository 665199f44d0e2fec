"""A probe of a distribution: a request over HTTPS by each of its names, as a viewer sends it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated

from pydantic import Field

from plumbline.aws import anonymous
from plumbline.aws.anonymous import Untrusted
from plumbline.aws.places import is_at_its_usual_place
from plumbline.kinds.call import Asked
from plumbline.kinds.distributions import DISTRIBUTIONS, aliases_of, summary
from plumbline.kinds.facet import Found
from plumbline.kinds.kind import Kind
from plumbline.values.model import Model, Text
from plumbline.values.some_of import SomeOf, doubted
from plumbline.values.unknown import Undetermined

_ANY = "*"


class AskingOverHttps(Model):
    """What a viewer asks for."""

    path: Annotated[str, Field(pattern=r"^/[A-Za-z0-9._~/-]*$")]


class HttpsProbeLimits(Model):
    """What can be expected of the answers."""

    served_with: list[int]
    """The statuses of which each answer must have one: 200."""


class HttpsProbe(Kind):
    """A request of one path, over HTTPS, by every name of a distribution. Its name is the distribution's.

    No redirect is followed, and nothing of an answer but its status is kept.
    """

    noun = "https_probe"
    plural = "https_probes"
    expects_some = ("served_with",)
    writes = (DISTRIBUTIONS,)
    limits = HttpsProbeLimits
    question = AskingOverHttps

    statuses: dict[Text, int | Text] = {}
    """By each name the status that came, or why the certificate is not trusted."""
    unasked: list[Text] = []
    """The aliases that are no names, `*.example.com`."""

    def unserved(self, served_with: Sequence[int]) -> list[str] | SomeOf:
        """Return by which names it is not served, and what comes instead."""
        wrong = [f"{name}: {it}" for name, it in self.statuses.items() if it not in served_with]
        return doubted(wrong, [f"{it} is no name that can be asked" for it in self.unasked])

    @classmethod
    def read(cls, asked: Asked) -> Found:
        """Ask for the path by each name. Raises `Missing` for the distribution, `ReadError` where nothing
        answers, and `Undetermined` where CloudFront is asked elsewhere than at AWS.
        """
        from plumbline.aws.probing import leave

        probing = leave(asked.aws.probing)
        client = asked.aws.client("cloudfront")
        if not is_at_its_usual_place(client):
            place = client.meta.endpoint_url
            raise Undetermined(f"CloudFront is asked at {place}, where no distribution of it serves")
        listed, path = summary(asked.now(DISTRIBUTIONS), asked), asked.question.path
        aliases = aliases_of(listed)
        unasked = [it for it in aliases if it.startswith(_ANY)]
        names = [str(listed["DomainName"]), *(it for it in aliases if it not in unasked)]
        probing.announce(f"asking {', '.join(names)} for {path} over HTTPS")
        statuses = {it: _status(it, path) for it in names}
        return Found({"statuses": statuses, "unasked": unasked}, f"GET https://{names[-1]}{path}")


def _status(name: str, path: str) -> int | str:
    try:
        return anonymous.ask(name, "GET", path).status
    except Untrusted as error:
        return error.cause
