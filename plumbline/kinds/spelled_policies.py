"""Policies of Terraform in which names are not known yet: what stands for each of them, and for what."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import PurePath
from typing import Any

from plumbline.policy import Policy, Sort, Statement
from plumbline.policy.matching import resource_matches
from plumbline.terraform.drafts import marked, put_back
from plumbline.terraform.values import Drafted, is_derived, parts_of
from plumbline.values.unknown import Identity, Placeholder, ReadError, Spelled, Unknown

_MEANS_SOMETHING = re.compile(r"[:/*?${}]")
_SYMBOL = re.compile(r"\{([^{}]*)\}")
_NAME_OF_BUCKET = re.compile(r"(?:.*[ .])?aws_s3_bucket\.[^.]+\.(?:arn|bucket|id)")
"""What stands for a bucket of Terraform: two of them are never one bucket."""
_IN_LISTS = ("resources", "not_resources")
_BY_SORT = ("principals", "not_principals")
_IN_ACTIONS = ("actions", "not_actions")


def drafted(value: Drafted, where: str, of: Sort, root: str) -> Policy | Placeholder:
    """Return the policy that a text says of which single values are unknown; else the text as it is."""
    marks: dict[str, Unknown] = {}
    try:
        policy = Policy.read(marked(value.draft, marks), where, of)
    except ReadError:  # what is wrong may be what stands for an unknown value
        return value
    if any(
        it in marks
        for statement in policy.statements
        for name in _IN_ACTIONS
        for it in getattr(statement, name)
    ):
        return value
    named = {text: spelled(it, root) for text, it in marks.items()}
    return Policy(statements=[_named(it, named) for it in policy.statements])


def _named(statement: Statement, marks: Mapping[str, Any]) -> Statement:
    fields = (*_IN_LISTS, *_BY_SORT, "conditions")
    return statement.model_copy(update={it: put_back(getattr(statement, it), dict(marks)) for it in fields})


def spelled(value: Unknown, root: str) -> Placeholder:
    """Return an unknown text with what stands for each name of AWS's in it, if nothing else is unknown."""
    if isinstance(value, Identity):
        return value
    parts = parts_of(value)
    if any(isinstance(it, Unknown) and is_derived(it) for it in parts):
        return Unknown(value.origin)
    texts = [it if isinstance(it, str) else stands_for(root, it.origin) for it in parts]
    return Spelled(value.origin, "".join(texts))


def stands_for(root: str, origin: str) -> str:
    """Return what stands for a resource of a root, or an attribute; no pattern matches it by chance."""
    place = "/".join(PurePath(root).parts[-2:])
    return "{" + _MEANS_SOMETHING.sub("_", f"{place} {origin}".strip()) + "}"


def about_bucket(policy: Policy | Placeholder, arn: str) -> Policy | Placeholder:
    """Return a policy in which a bucket goes by an ARN, in which something may stand for its name."""
    if isinstance(policy, Placeholder):
        return policy
    return Policy(statements=[_about(it, arn) for it in policy.statements])


def _about(statement: Statement, arn: str) -> Statement:
    in_part = statement.effect == "Deny"
    found = {
        name: [_of_bucket(it, arn, in_part=in_part) for it in getattr(statement, name)] for name in _IN_LISTS
    }
    return statement.model_copy(update=found)


def _of_bucket(named: Any, arn: str, *, in_part: bool) -> Any:
    """Return what a policy names, where that is a bucket or lies in one; else as it is.

    What may be the bucket, once its name is chosen, is not known.
    """
    own = _SYMBOL.search(arn)
    if isinstance(named, str):
        may_be = own is not None and _may_be(named, arn[: own.start()], in_part=in_part)
        return Unknown(f"whether {named} is the bucket") if may_be and not _is_whole(named, arn) else named
    if not isinstance(named, Spelled):
        return named
    symbols = _SYMBOL.findall(named.text)
    if not all(map(_NAME_OF_BUCKET.fullmatch, symbols)):
        return named
    names = {"arn": arn, "bucket": arn.rpartition(":")[2], "id": arn.rpartition(":")[2]}
    told = {f"{{{own[1]}.{attribute}}}": it for attribute, it in names.items()} if own else {}
    text = named.text
    for symbol in symbols:
        text = text.replace(f"{{{symbol}}}", told.get(f"{{{symbol}}}", f"{{{symbol}}}"))
    return text


def _is_whole(pattern: str, arn: str) -> bool:
    """Return whether a pattern covers all objects of a bucket, whatever its name will be."""
    return resource_matches(pattern, f"{arn}/*") is True


def _may_be(pattern: str, beginning: str, *, in_part: bool) -> bool:
    """Return whether a pattern may cover all objects, or a part, of a bucket whose ARN begins so."""
    bucket, slash, objects = pattern.partition("/")
    if not in_part and (objects != "*" if slash else not bucket.endswith("*")):
        return False
    literal = re.split(r"[*?]", bucket, maxsplit=1)[0]
    return literal.startswith(beginning) or (literal != bucket and beginning.startswith(literal))
