"""What one deployment brings about, as a workflow says it."""

from __future__ import annotations

import re

from plumbline.values.model import Model, Text


class Upload(Model):
    """Files that are brought into a bucket."""

    destination: Text
    """As it is written: `s3://mail-sit/receipts/`."""
    names: list[Text]
    """How the files' names end: `*.html`; `*` where only a run knows."""


class Deployment(Model):
    """What a workflow surely does where it deploys, and can fail on, for one choice of who starts it."""

    environment: Text
    """The environment that was chosen, or that the job deploys to; empty where nothing names one."""
    types: list[Text]
    """The types of the resources that it applies; at least these where there may be more."""
    uploads: list[Upload]
    """What it uploads; at least this where there may be more."""

    def is_of(self, environment: str) -> bool:
        """Return whether it is one of an environment: of its name, or of one that has it as a part."""
        return environment in (self.environment, *re.split(r"[\W_]+", self.environment))
