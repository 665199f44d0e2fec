"""Applications of Amplify Hosting, and the branches that they are built from and serve."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Annotated, Any, ClassVar

from pydantic import WrapValidator

from plumbline.kinds.by_name import asked_of_moto, id_among
from plumbline.kinds.call import Asked, Call
from plumbline.kinds.facet import Facet, Fields, Found, Requests, request
from plumbline.kinds.in_remedies import known_texts
from plumbline.kinds.kind import Kind
from plumbline.kinds.listing import Listing
from plumbline.terraform.declared import Beside, Declaration, as_chosen, known
from plumbline.values.model import Model, Text, keep_placeholder
from plumbline.values.unknown import Placeholder, Unexamined, Unknown

if TYPE_CHECKING:
    from plumbline.aws.reads import Answer

APPS = Call("amplify:ListApps", of="applications of Amplify in {region}", on="*")
ARN = "arn:aws:amplify:{region}:{account}:apps/{id}"
ANY = "arn:aws:amplify:{region}:{account}:apps/*"
_ON = "true"
"""How the value of a variable says that something is to be done."""
_NOT_KNOWN = "(known only after apply)"
"""What moto is given for a value that nobody knows, and what no account has: it is not known there, too."""
_OF_APP = ("name", "appId", "appArn", "platform")
_OF_BRANCH = ("branchName", "framework")

Switches = dict[Text, Annotated[bool, WrapValidator(keep_placeholder)]]
"""Of each environment variable whether it is `true`. No other value is kept: a secret may stand there."""


def id_of_app(asked: Asked) -> str:
    """Return the id of the application of this name: Amplify chooses it, and lets several have one name.

    Raises `Missing` where there is none, and `Undetermined` where there are several.
    """
    return str(_app(_apps(asked).at("@").value(), asked)["appId"])


def _apps(asked: Asked) -> Any:
    return asked.ask(APPS, kept=lambda answer: {"apps": [_kept(it, _OF_APP) for it in answer["apps"]]})


def _app(answer: Answer, asked: Asked) -> Mapping[str, Any]:
    listed = {it["appId"]: it for it in answer["apps"]}
    pairs = ((it["name"], identifier) for identifier, it in listed.items())
    found: Mapping[str, Any] = listed[id_among(pairs, asked, APPS, "application")]
    return found


def _kept(described: Mapping[str, Any], members: Sequence[str]) -> dict[str, Any]:
    """Return these members of what is described, and of its variables nothing but whether each is `true`."""
    values = described.get("environmentVariables") or {}
    switches = {name: it if it in (_ON, _NOT_KNOWN) else "" for name, it in values.items()}
    return {**{it: described[it] for it in members}, "environmentVariables": switches}


class Branch(Model):
    """A branch of the repository, as it is built."""

    framework: str = ""
    """As Amplify calls it: `React`, `Web`, ..."""
    environment_variables: Switches = {}
    """Its own: those of the application are given to it, too, where it does not replace them."""


class Branches(Facet):
    """The branches that it is built from."""

    call = Call("amplify:ListBranches", {"appId": "{id}"}, of=ARN, on=ANY)
    further_calls: ClassVar[tuple[Call, ...]] = (APPS,)
    beside = Beside("aws_amplify_branch", "app_id", many=True)
    arguments: ClassVar = {
        "branches": "branch_name",
        "branches_missing": "branch_name",
        "built_otherwise": "framework",
        "other_variables": "environment_variables",
        "switched_on": "environment_variables",
    }

    if TYPE_CHECKING:
        environment_variables: Switches

    branches: dict[Text, Branch] = {}

    def branches_missing(self, names: Sequence[str]) -> list[str]:
        """Return which of these branches it is not built from."""
        return [it for it in names if it not in self.branches]

    def built_otherwise(self, frameworks: Mapping[str, str]) -> list[str]:
        """Return the branches that are not built by the framework which is said of each."""
        return [
            told
            for name, framework in frameworks.items()
            for branch in [self.branches.get(name)]
            for told in _built_otherwise(name, branch, framework)
        ]

    def other_variables(self, variables: Mapping[str, Sequence[str]]) -> list[str]:
        """Return the variables that a branch lacks, or has besides those that are said of it."""
        return [
            told
            for name, names in variables.items()
            for branch in [self.branches.get(name)]
            for told in _other_variables(name, branch, names)
        ]

    def switched_on(self, names: Sequence[str]) -> list[str]:
        """Return which of these variables are `true`, of the application or of any of its branches.

        Raises `Undetermined` where one is there whose value nobody knows, and none is known to be.
        """
        every: dict[str, Any] = {"": self.environment_variables}
        if isinstance(self.branches, Placeholder):
            every["every branch"] = self.branches
        else:
            every |= {f"{name}: ": it.environment_variables for name, it in self.branches.items()}
        told = [(f"{of}{name}", on) for of, own in every.items() for name, on in _among(own, names)]
        found = [it for it, on in told if on is True]
        for _, on in told if not found else ():
            known(on)
        return found

    @classmethod
    def declared(cls, declaration: Declaration) -> Fields:
        return {
            "branches": {
                known(it.values["branch_name"]): {
                    "framework": it.values.get("framework") or Unknown(f"{it.address}.framework"),
                    "environment_variables": _declared_switches(it.values.get("environment_variables")),
                }
                for it in declaration.parts
            }
        }

    @classmethod
    def read(cls, asked: Asked) -> Found:
        assert cls.call is not None
        reply = asked.ask(cls.call, id=id_of_app(asked), kept=_kept_branches)
        return Found(reply.at("@").map(lambda answer: cls.described(answer, asked)), reply.call)

    @classmethod
    def described(cls, answer: Answer, asked: Asked) -> Fields:
        return {
            "branches": {
                it["branchName"]: {
                    "framework": it["framework"],
                    "environment_variables": _described_switches(it),
                }
                for it in answer["branches"]
            }
        }

    def requested(self) -> Requests:
        for name, branch in self.branches.items():
            framework = {"framework": branch.framework} if isinstance(branch.framework, str) else {}
            yield request(
                "amplify:CreateBranch",
                appId=(yield from asked_of_moto(APPS, "apps", "appId", name=self.name)),
                branchName=name,
                environmentVariables=_requested_switches(branch.environment_variables),
                **framework,
            )


def _kept_branches(answer: Answer) -> Answer:
    return {"branches": [_kept(it, _OF_BRANCH) for it in answer["branches"]]}


class AmplifyAppLimits(Model):
    """What can be expected of an application besides its fields."""

    platform_one_of: list[str]
    """The platforms of which it has one: WEB_COMPUTE renders on the server."""
    has_branches: list[str]
    """Branches that it is built from."""
    frameworks: dict[str, str]
    """The framework of each of these branches."""
    variables: dict[str, list[str]]
    """The names of all environment variables that each of these branches has of its own."""
    never_switched_on: list[str]
    """Environment variables of which none may be `true`, wherever it is set."""


class AmplifyApp(Branches, Kind):
    """An application, by its name; its id is Amplify's to choose."""

    noun = "amplify_app"
    plural = "amplify_apps"
    expects_some = ("platform_one_of", "has_branches", "frameworks", "variables", "never_switched_on")
    terraform_type = "aws_amplify_app"
    limits = AmplifyAppLimits
    call = APPS
    listing = Listing(APPS, "apps[].name")
    remedy_names = ("app_id",)
    chosen: ClassVar = {"id": "app.appId", "arn": "app.appArn"}

    id: str = ""
    arn: str = ""
    platform: str = "WEB"
    """WEB (files alone), WEB_COMPUTE (rendered on the server), WEB_DYNAMIC (so, as Amplify did it first)."""
    environment_variables: Switches = {}
    """Those that each of its branches is given."""

    @property
    def measured_by(self) -> dict[str, Any]:
        """The dimensions of its metrics. Source: Amplify user guide, "Monitoring an application"."""
        return {"App": self.id}

    def named_in_remedies(self) -> dict[str, str]:
        """Return its id: every command takes that."""
        return known_texts(app_id=self.id)

    @classmethod
    def declared(cls, declaration: Declaration) -> Fields:
        return {
            **{it: as_chosen(declaration.resource, it) for it in ("id", "arn")},
            "platform": declaration.at("platform", default="WEB"),
            "environment_variables": _declared_switches(declaration.at("environment_variables")),
        }

    @classmethod
    def read(cls, asked: Asked) -> Found:
        reply = _apps(asked)
        return Found(reply.at("@").map(lambda answer: cls.described(answer, asked)), reply.call)

    @classmethod
    def described(cls, answer: Answer, asked: Asked) -> Fields:
        it = _app(answer, asked)
        return {
            "id": it["appId"],
            "arn": it["appArn"],
            "platform": it["platform"],
            "environment_variables": _described_switches(it),
        }

    def requested(self) -> Requests:
        yield request(
            "amplify:CreateApp",
            name=self.name,
            platform=self.platform,
            environmentVariables=_requested_switches(self.environment_variables),
        )


def _built_otherwise(name: str, branch: Branch | None, framework: str) -> Iterator[str]:
    if branch is None:
        yield f"{name}: there is no such branch"
    elif branch.framework != framework:
        yield f"{name}: {branch.framework or 'no framework'}"


def _other_variables(name: str, branch: Branch | None, names: Sequence[str]) -> Iterator[str]:
    if branch is None:
        yield f"{name}: there is no such branch"
        return
    own = known(branch.environment_variables)
    yield from (f"{name}: no {it}" for it in sorted(names) if it not in own)
    yield from (f"{name}: also {it}" for it in sorted(own) if it not in names)


def _among(switches: Any, names: Sequence[str]) -> Iterator[tuple[str, Any]]:
    """Yield which of these variables there are, and whether each is `true`; what nobody knows may be any."""
    if isinstance(switches, Placeholder):
        yield "", switches
    else:
        yield from ((it, switches[it]) for it in names if it in switches)


def _declared_switches(variables: Any) -> Any:
    if isinstance(variables, Placeholder):
        return variables
    return {name: _declared_switch(name, it) for name, it in (variables or {}).items()}


def _declared_switch(name: str, value: Any) -> Any:
    """Return whether a variable is switched on. Of one that nobody knows the others are given to moto."""
    return _unknown(name) if isinstance(value, Placeholder) else value in (_ON, True)


def _described_switches(described: Mapping[str, Any]) -> dict[str, Any]:
    values = described["environmentVariables"].items()
    return {name: _unknown(name) if it == _NOT_KNOWN else it == _ON for name, it in values}


def _unknown(name: str) -> Unexamined:
    return Unexamined(f"known only after apply: the value of {name}")


def _requested_switches(switches: Switches) -> dict[str, str]:
    """Return values that say as much. Raises `Undetermined` where nobody knows which variables there are."""
    values = known(switches).items()
    return {name: _NOT_KNOWN if isinstance(it, Placeholder) else _ON if it else "no" for name, it in values}
