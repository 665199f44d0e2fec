"""What workflows do in an environment: what one deployment brings about, what is checked by a schedule."""

from __future__ import annotations

from plumbline.values.model import Model, Text


class Upload(Model):
    """Files that are brought into a bucket."""

    destination: Text
    """As it is written: `s3://mail-sit/receipts/`."""
    names: list[Text] = []
    """How the files' names end: `*.html`; `*` where only a run knows."""


class Deployment(Model):
    """What a workflow surely does where it deploys, and can fail on, for one choice of who starts it."""

    environment: Text
    """The environment that was chosen, or that the job deploys to; empty where nothing names one."""
    types: list[Text] = []
    """The types of the resources that it applies; at least these where there may be more."""
    uploads: list[Upload] = []
    """What it uploads; at least this where there may be more."""


class ScheduledCheck(Model):
    """A check that a workflow makes by a schedule, and can fail on."""

    workflow: Text
    environment: Text
    """The environment that it asks about; empty for all of them."""
    days: int
    """The most days between two of them."""
