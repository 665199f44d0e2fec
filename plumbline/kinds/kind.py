"""What every kind of resource has in common: an identity, and facets."""

from __future__ import annotations

import functools
import inspect
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, Any, ClassVar, Self

from pydantic import PrivateAttr, ValidationError

from plumbline.kinds.agreement import agreed, parts_of
from plumbline.kinds.call import Asked, Call
from plumbline.kinds.facet import Facet, Found, Request, Requests, argument_of, own_fields
from plumbline.kinds.listing import Existing, Listing
from plumbline.kinds.settling import alone, of_facet, once_read, placeholder, settled
from plumbline.terraform.companions import belonging, is_counted, uncounted
from plumbline.terraform.declared import (
    Declaration,
    account,
    are_alike,
    given,
    identity,
    known,
    place,
    refuse_difference,
    refuse_of_another,
    region,
    settings_of,
)
from plumbline.terraform.values import known_prefix
from plumbline.terraform.whereabouts import refuses
from plumbline.values.arns import account_in
from plumbline.values.filling import fill
from plumbline.values.model import Model
from plumbline.values.names import read_in_source
from plumbline.values.some_of import SomeOf
from plumbline.values.unknown import (
    Missing,
    Placeholder,
    ReadError,
    Undetermined,
    Unexamined,
    Unknown,
    Unread,
    Unreadable,
)

if TYPE_CHECKING:
    from plumbline.aws.reads import Aws
    from plumbline.expectations.stack import Subject
    from plumbline.github.checkout import Checkout
    from plumbline.terraform.model import Configuration, Resource, Settings

NOT_DEPLOYED = Unexamined("only a deployed resource has this")
NOT_IN_AWS = Unexamined("Terraform source alone says this; it leaves no trace in the account")

ComputedAttribute = Callable[[Mapping[str, Any], "Settings"], Any]
Wanted = Collection[str] | None
"""The attributes of a resource that are read; None for all of them."""

_OF_A_FACET = (
    *("call", "further_calls", "beside", "arguments", "follows", "in_terraform", "in_answer"),
    *("seen_through", "seen_besides"),
    *("declared", "described", "requested", "read", "within"),
)


class Kind(Facet):
    """One kind of resource: its identity, its core facet, and the facets that it inherits from.

    `class Bucket(Versioning, Encryption, Kind)`: what it declares itself is its core. The fields of all are
    the schema of what a stack may expect. `None` or an empty collection means "not configured"; what the
    evidence does not give is a `Placeholder`.
    """

    noun: ClassVar[str]
    """The argument that tests receive it under: `table`."""
    plural: ClassVar[str]
    """Its section in a stack's YAML: `tables`."""
    terraform_type: ClassVar[str] = ""
    """The Terraform resource type that declares it; empty for what no single resource declares."""
    former_types: ClassVar[tuple[str, ...]] = ()
    """What `terraform_type` was called before, where the provider takes the older name, too."""
    regional: ClassVar[bool] = True
    """Whether it lies in a region; what IAM has, and what an account has once, does not."""
    name_argument: ClassVar[str] = "name"
    """The argument of `terraform_type` that holds its name; empty where `named` finds it elsewhere."""
    name_pattern: ClassVar[str] = ""
    """The regular expression that its names match, where they are more than a name."""
    writes: ClassVar[tuple[Call, ...]] = ()
    """The operations of a probe, which change something. They are allowed, and in the policy, only with
    --allow-writes."""
    secret_reads: ClassVar[tuple[Call, ...]] = ()
    """The calls whose answers are secret. They are allowed, and in the policy, only with
    --allow-secret-reads."""
    limits: ClassVar[type[Model] | None] = None
    """What a stack can expect of it besides the fields: bounds, and questions to ask."""
    expects_some: ClassVar[tuple[str, ...]] = ()
    """Of what can be expected, the lists and mappings of what must be there at least: everything holds where
    one is empty, so a stack may not leave it so."""
    implied: ClassVar[tuple[str, ...]] = ()
    """What is expected of it without its YAML saying so: the keys of `also_expected`."""
    question: ClassVar[type[Model] | None] = None
    """What its entry in a stack's YAML asks under `asks`: a metric, a pattern, a number of days."""
    may_ask_nothing: ClassVar[bool] = False
    """Whether a stack may leave the question out."""
    remedy_names: ClassVar[tuple[str, ...]] = ()
    """What a remedy can name besides the resource itself: the keys of `named_in_remedies`."""
    lies_in_repository: ClassVar[bool] = False
    """Whether a checkout of the repository says it, whatever other source a test is held against."""
    computed: ClassVar[dict[str, ComputedAttribute]] = {}
    """Attributes that the AWS provider fixes by rule, as `type.attribute`, from what is configured."""
    own_arn: ClassVar[tuple[Call, str] | None] = None
    """The call whose answer has its ARN, and where (JMESPath, with `{name}`), unless it has a field `arn`."""
    held_by: ClassVar[str] = ""
    """The noun of what it lies in, which must be there before it."""
    holder_call: ClassVar[Call | None] = None
    """The call that tells whether what it lies in exists, where a missing one may be due to that."""
    chosen: ClassVar[Mapping[str, str]] = {}
    """What AWS chooses when it creates one: Terraform's attribute, and where the answer has it (JMESPath)."""
    called_by: ClassVar[tuple[str, ...]] = ()
    """Which of these its calls take in place of the name: an output that is one of them names it, too."""
    in_every_account: ClassVar[bool] = False
    """Whether every account has it, so that moto has it without being given it."""
    as_written: ClassVar[tuple[str, ...]] = ()
    """The fields that say, by name, what the code has written out for whatever environment it is run for."""
    shows: ClassVar[tuple[str, ...]] = ()
    """The nouns of the resources that it is a view of, its own where each declares a part of it."""
    shows_besides: ClassVar[tuple[str, ...]] = ()
    """The Terraform types of what it shows and moto is not given."""
    listing: ClassVar[Listing | None] = None
    """How all of the kind that there are in an account are listed."""
    candidates: ClassVar[Listing | None] = None
    """How those that can be meant by what they are are listed, where that is another list."""
    further_candidates: ClassVar[Listing | None] = None
    """How those are listed that services of AWS made, and that are meant where nothing else is."""
    listed_with: ClassVar[Mapping[str, str]] = {}
    """Other Terraform types of what AWS lists among them, and the argument that each is named by."""
    made_by: ClassVar[tuple[str, ...]] = ()
    """Other Terraform types that make some, which Terraform does not show."""
    selected_by: ClassVar[Mapping[str, str]] = {}
    """What can be said of one to find it besides the values of its fields: a key of `limits`, or a field that
    need not be equal, and the method that tells whether it fits."""
    spans_roots: ClassVar[bool] = False
    """Whether it lies in no root of its own, and is made of what all roots of an environment declare."""
    arn_lists: ClassVar[tuple[str, ...]] = ()
    """Arguments that hold a list of ARNs of other resources, as `type.argument`.

    A plan calls such a list unknown where one ARN is; it is then made of what the configuration refers to.
    """

    def __init_subclass__(cls, **given: Any) -> None:
        """Keep what a kind does not say of its core from being said by one of its facets."""
        super().__init_subclass__(**given)
        if "noun" in cls.__dict__:
            kinds = [it for it in cls.__mro__ if issubclass(it, Kind) or it is Facet]
            for name in _OF_A_FACET:
                setattr(cls, name, next(it.__dict__[name] for it in kinds if name in it.__dict__))

    _where: dict[str, str] = PrivateAttr(default_factory=dict)
    _address: str = PrivateAttr(default="")
    _answers: dict[str, Any] = PrivateAttr(default_factory=dict)

    # Which facets there are, and which of them an attribute needs.

    @classmethod
    @functools.cache
    def facets(cls) -> tuple[type[Facet], ...]:
        """Return its facets, the core first."""
        bases = [it for it in cls.__mro__ if issubclass(it, Facet) and it not in (Facet, Kind)]
        core = next(it for it in bases if issubclass(it, Kind) and "noun" in it.__dict__)
        return (core, *(it for it in bases if not issubclass(it, Kind)))

    @classmethod
    def needed(cls, wanted: Wanted) -> tuple[type[Facet], ...]:
        """Return the core, which tells whether the resource exists, and the facets that attributes are in."""
        core, *others = cls.facets()
        if wanted is None:
            return cls.facets()
        asked = with_what_they_read(cls, frozenset(wanted))
        return (core, *(facet for facet in others if attributes_of(facet) & asked))

    @classmethod
    def calls_for(cls, wanted: Wanted = None, question: Model | None = None) -> Iterator[Call]:
        """Yield the calls that these attributes are read with in an account.

        A kind whose calls depend on what is asked for leaves those out that a given `question` does not need.
        """
        yield from ([cls.holder_call] if cls.holder_call else [])
        for facet in cls.needed(wanted):
            yield from facet.calls()

    @classmethod
    def further_regions(cls, question: Any) -> tuple[str, ...]:
        """Return the regions that it is read in besides its own."""
        return ()

    # How it is found and read.

    @classmethod
    def declared_in(cls, configuration: Configuration) -> list[Resource]:
        """Return the Terraform resources that declare one, in the order of their declaration."""
        return configuration.of_type(cls.terraform_type, *cls.former_types)

    @classmethod
    def find(cls, configuration: Configuration, name: str, where: str, wanted: Wanted = None) -> Self:
        """Return the resource of this name in `configuration`. Raises what `resource` raises."""
        return cls.from_terraform(cls.resource(configuration, name, where), configuration, wanted)

    @classmethod
    def find_in(
        cls, here: str, configuration: Configuration, name: str, where: str, wanted: Wanted = None
    ) -> Self:
        """Return the resource of this name in a region. Raises what `find` raises.

        One of the name that lies in another region, or is another account's, is not the resource: `Missing`
        says where it lies. Of two of the name that differ AWS holds what was applied last. Raises
        `Undetermined` for these, for what another resource makes there, and where only apply decides.
        """
        named = [it for it in cls.declared_in(configuration) if cls._is(name, it, configuration)]
        seen = [it for it in named if cls.is_seen_in(here, it, configuration)]
        if named and not seen:
            cls._refuse_copy(here, name, configuration)
            there = cls._elsewhere(here, named[0], configuration)
            told = f"in {here}: {named[0].location} declares it in {there}"
            raise Missing(f"{cls.noun.replace('_', ' ')} {name}", told)
        if seen and all(cls.regional and isinstance(region(it, configuration), Unknown) for it in seen):
            raise Undetermined(f"known only after apply: the region of {seen[0].address}")
        if seen:
            cls.refuse_namesakes(here, seen[0], configuration)
        if seen != named:
            others = (it for it in configuration.resources if it not in seen)
            configuration = replace(configuration, resources=(*seen, *others))
        return cls.find(configuration, name, where, wanted)

    @classmethod
    def _refuse_copy(cls, here: str, name: str, configuration: Configuration) -> None:
        """Raise `Undetermined` where a resource makes one of this name in a region besides, as a replica."""
        for resource in configuration.resources:
            for it in cls.copies(resource, configuration):
                if (it.name, it.region) == (name, here):
                    raise Undetermined(f"{it.where} makes {it.told}, and does not say all that it is")

    @classmethod
    def refuse_namesakes(cls, here: str, resource: Resource, configuration: Configuration) -> None:
        """Raise `Undetermined` where another resource of the name in a region differs, whichever root has it.

        AWS holds what was applied last, or refuses the second.
        """
        name = cls.named(resource, configuration)
        if isinstance(name, Unknown):
            return
        for root in (configuration, *configuration.others()):
            for it in cls.declared_in(root):
                is_there = it is not resource and cls._is(name, it, root) and cls.is_seen_in(here, it, root)
                if is_there and not cls.are_apart(resource, it) and not are_alike(resource, it):
                    refuse_difference(f"{cls.noun.replace('_', ' ')} {name}", resource, it)

    @classmethod
    def are_apart(cls, one: Resource, other: Resource) -> bool:
        """Return whether two of one name in one place are known to be two, as rules of two buses are."""
        return False

    @classmethod
    def _is(cls, name: str, resource: Resource, configuration: Configuration) -> bool:
        declared = cls.named(resource, configuration)
        return not isinstance(declared, Unknown) and declared == name and is_counted(resource)

    @classmethod
    def across(cls, configuration: Configuration, name: str, question: Any) -> Self:
        """Return what all roots of an environment declare together, where the kind spans them.

        `configuration` declares nothing itself: the roots are its `others`.
        """
        raise NotImplementedError

    @classmethod
    def from_terraform(cls, resource: Resource, configuration: Configuration, wanted: Wanted = None) -> Self:
        """Return the resource as Terraform source, a plan or a state declares it."""
        fields: dict[str, Any] = {"name": cls.named(resource, configuration)}
        located: dict[str, str] = {"name": place(resource, cls.name_argument)}
        for facet in cls.facets():
            if facet in cls.needed(wanted):
                found, places = _declared(cls, facet, resource, configuration)
                fields |= found
                located |= places
            else:
                fields |= {name: Unread(cls.noun, name) for name in own_fields(facet)}
        model = cls.of(str(resource.location), fields, located)
        model._address = resource.address
        return model

    @classmethod
    def from_aws(cls, aws: Aws, name: str, wanted: Wanted = None, question: Model | None = None) -> Self:
        """Return the resource as the AWS API describes it. Raises `Missing` and `ReadError`.

        The calls of all facets go out before the first answer is waited for.
        """
        asked = Asked(aws, name, cls.holder(name), question)
        try:
            model = cls._described(asked, wanted)
        except Missing as missing:
            raise cls._what_is_missing(asked, missing) from None
        refuse_another_account(cls.noun, asked, model.own_arns(asked))
        return model

    def own_arns(self, asked: Asked) -> list[str]:
        """Return the ARNs under which AWS knows it, where they were read; those it refers to are none."""
        arn = getattr(self, "arn", None)
        if self.own_arn is None:
            return [arn] if isinstance(arn, str) else []
        call, path = self.own_arn
        found = asked.ask(call).at(fill(path, asked.names)).value()
        return [it for it in found or [] if isinstance(it, str)]

    @classmethod
    def _described(cls, asked: Asked, wanted: Wanted) -> Self:
        started = {facet: alone(facet, partial(facet.read, asked)) for facet in cls.needed(wanted)}
        core = cls.facets()[0]
        exists = alone(core, lambda: once_read(started[core], asked.name))
        fields: dict[str, Any] = {"name": placeholder(exists) if isinstance(exists, Exception) else exists}
        located: dict[str, str] = {}
        for facet in cls.facets():
            if facet not in started:
                fields |= {name: Unread(cls.noun, name) for name in own_fields(facet)}
                continue
            found = started[facet]
            fields |= of_facet(facet, own_fields(facet), found)
            if isinstance(found, Found):
                located |= dict.fromkeys(attributes_of(facet), found.where) | dict(found.places)
        return cls.of(_place_of(started), fields, located)

    @classmethod
    def _what_is_missing(cls, asked: Asked, missing: Missing) -> Missing:
        """Return what does not exist: the resource, or what it lies in."""
        if cls.holder_call is None:
            return missing
        try:
            asked.ask(cls.holder_call).answer  # noqa: B018  # an answer says that it is there
        except Missing as holder:
            return Missing(holder.what, holder.where, holder=asked.holder)
        except ReadError:
            return missing
        return missing

    @classmethod
    def from_repository(cls, checkout: Checkout, name: str) -> Self:
        """Return what a checkout of the repository says. Raises `Missing` and `ReadError`."""
        raise Undetermined(f"a repository does not hold {cls.plural}")

    @classmethod
    def asked_of_repository(cls, checkout: Checkout, name: str, question: Any) -> Self:
        """Return what a checkout says where the YAML asks something of it. Raises as `from_repository`."""
        return cls.from_repository(checkout, name)

    @classmethod
    def resource(cls, configuration: Configuration, name: str, where: str) -> Resource:
        """Return the Terraform resource that declares the one of this name.

        Raises `Missing` where no resource has the name, and `Undetermined` where one may have it: its
        name or how many there are is known only after apply, or a module that could declare it was not
        evaluated.
        """
        candidates = cls.declared_in(configuration)
        names = [(resource, cls.named(resource, configuration)) for resource in candidates]
        for resource, declared in names:
            if not isinstance(declared, Unknown) and declared == name and is_counted(resource):
                return resource
        for resource, declared in names:
            if isinstance(declared, Unknown) and cls._can_come_to(name, resource, declared):
                raise Undetermined(f"{resource.address} may be {name}: its name is known only after apply")
            if not isinstance(declared, Unknown) and declared == name:
                raise Undetermined(uncounted(resource))
        if configuration.not_evaluated:
            raise Undetermined(f"{name} may be declared in {', '.join(configuration.not_evaluated)}")
        raise Missing(f"{cls.noun.replace('_', ' ')} {name}", where)

    @classmethod
    def _can_come_to(cls, name: str, resource: Resource, declared: Unknown) -> bool:
        """Return whether a name that is not known yet can be this one: how it begins may be known.

        `logs-${random_id.x.hex}` begins with `logs-`, and so does what is made up below `bucket_prefix`. That
        is so where a name is what one argument says; of a kind that puts it together nothing is known.
        """
        if next(it for it in cls.__mro__ if "named" in vars(it)) is not Kind:
            return True
        begin = resource.values.get(f"{cls.name_argument}_prefix")
        return name.startswith(begin if isinstance(begin, str) else known_prefix(declared))

    @classmethod
    def named(cls, resource: Resource, configuration: Configuration) -> str | Unknown:
        """Return the name that a Terraform resource gives; where it gives none, the provider makes one up."""
        value = resource.values.get(cls.name_argument, Unknown(f"{resource.address}.{cls.name_argument}"))
        return value if isinstance(value, Unknown) else str(value)

    @classmethod
    def named_beside(cls, resource: Resource, configuration: Configuration) -> str | Unknown:
        """Return the name by which resources beside it name it."""
        return cls.named(resource, configuration)

    @classmethod
    def copies(cls, resource: Resource, configuration: Configuration) -> Iterator[Existing]:
        """Yield what a Terraform resource, of whatever type, makes of the kind besides what it says it is.

        That is what AWS lists with the kind, unless said otherwise. Raises `Undetermined` where a name or a
        place of it is not known.
        """
        if argument := cls.listed_with.get(resource.type):
            name = resource.values.get(argument)
            if isinstance(name, Placeholder) or not given(name):
                raise Undetermined(f"known only after apply: the name of {resource.address}")
            placed = cls.regional and (cls.listing is None or cls.listing.regional)
            lies_in = known(region(resource, configuration)) if placed else ""
            yield Existing(name=str(name), region=lies_in or "", where=place(resource, argument))

    @classmethod
    def is_seen_in(cls, here: str, resource: Resource, configuration: Configuration) -> bool:
        """Return whether a region of the account has a declared resource, as far as its source says that."""
        return not cls._elsewhere(here, resource, configuration)

    @classmethod
    def _elsewhere(cls, here: str, resource: Resource, configuration: Configuration) -> str:
        """Return the other region or account that a declared resource lies in; empty for this one."""
        lies = region(resource, configuration) if cls.regional else here
        if isinstance(lies, str) and lies not in ("", here):
            return lies
        meant, own = configuration.settings.owner, account(resource, configuration)
        if meant and refuses(resource.provider, meant):
            return f"another account than {meant}, which its provider refuses"
        return f"account {own}" if meant and own and own != meant else ""

    def in_an_account(self) -> Self:
        """Return it as an account that has just this would show it, without what that is not asked for."""
        return self

    @classmethod
    def bound(cls, field: str, expected: Mapping[str, Any]) -> Any:
        """Return what bounds a field whose value the expectations leave open; None where nothing does."""
        return None

    def keeps_to(self, expected: Mapping[str, Any]) -> bool:
        """Return whether its bounded fields are as their bounds say. Raises `Undetermined`."""
        return True

    def without(self, names: Collection[str]) -> Self:
        """Return it without what it shows of resources of these names, where it is a view of others."""
        return self

    @classmethod
    def holder(cls, name: str) -> str:
        """Return the name of the resource that one of this name lies in; empty where it lies in none."""
        return ""

    @classmethod
    def derive(cls, attribute: str, resource: Resource, configuration: Configuration) -> Any:
        """Return an attribute of `resource` that follows from what is configured, or `Unknown`."""
        if given(resource.values.get(attribute)):
            return resource.values[attribute]
        settings = settings_of(resource, configuration)
        value = cls.computed[f"{resource.type}.{attribute}"](resource.values, settings)
        return identity(resource, attribute) if value is None else value

    def create(self, aws: Aws) -> None:
        """Create the resource in moto, with every facet that moto takes."""
        for facet in in_order(type(self).facets()):
            self.create_facet(facet, aws)

    def create_facet(self, facet: type[Facet], aws: Aws) -> dict[str, Any]:
        """Make moto hold the fields of one facet, and return the answer to the last request for that."""
        answers = [answer for _, answer in answered(self, facet, aws)]
        return answers[-1] if answers else {}

    @property
    def lies_in(self) -> str:
        """The region that it is created in, where the kind knows that itself."""
        return ""

    @classmethod
    def creatable(cls) -> bool:
        """Return whether moto can be given it."""
        own = any(facet.requested is not Facet.requested for facet in cls.facets())
        return own or cls.in_every_account or bool(cls.shows)

    @classmethod
    def of(cls, where: str, fields: Mapping[str, Any], located: Mapping[str, object] | None = None) -> Self:
        """Build the model; `located` says where single fields stand if not at `where`.

        A field may be given as a function; one that meets an unknown value leaves just that field unknown.
        What holds a value that a field cannot take leaves the facet of that field unreadable; raises
        `ReadError` where that is the name.
        """
        values = settled(cls.model_fields, Found(fields, where))
        try:
            model = cls(**values)
        except ValidationError as invalid:
            model = cls(**values | _unreadable(cls, where, located or {}, invalid))
        model._where.update({"": where}, **{field: str(place) for field, place in (located or {}).items()})
        return model

    @property
    def offenders(self) -> list[Existing]:
        """What a sentence found wrong with it, where that is something else that is there."""
        return []

    @property
    def offence(self) -> str:
        """What is wrong with the offenders, before their names: `the stack does not name`."""
        return ""

    @property
    def further_offenders(self) -> str:
        """Why there may be more offenders than are known; empty where these are all."""
        return ""

    @classmethod
    def also_expected(cls, question: Any, subjects: Iterable[Subject]) -> Mapping[str, Any]:
        """Return what is expected besides what its YAML says: what follows from all the stack names."""
        return {}

    @classmethod
    def pointless(cls, question: Any, subjects: Iterable[Subject]) -> str:
        """Return why what is asked of it can find nothing of what the stack names; empty where it can."""
        return ""

    @classmethod
    def undecidable(cls, question: Any, expected: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
        """Yield what is expected and nothing can meet, or break, where this is asked, each with why."""
        yield from ()

    @classmethod
    def is_held_against(cls, question: Any, subject: Subject) -> bool:
        """Return whether the name of another resource belongs to what is expected of it."""
        return False

    def named_in_remedies(self) -> dict[str, str]:
        """Return what a remedy can name besides the resource itself, such as the id of a lock."""
        return {}

    def answered(self, question: str, ask: Callable[[], Any]) -> Any:
        """Return the answer to what no field says; it is asked once, and kept with the evidence."""
        try:
            answer = self._answers[question]
        except KeyError:
            try:
                answer = ask()
            except (Undetermined, ReadError) as reason:
                answer = reason
            self._answers[question] = answer
        if isinstance(answer, Exception):
            raise answer
        return answer

    @property
    def answers(self) -> dict[str, Any]:
        """What was asked of it so far, and what the answers were."""
        return dict(self._answers)

    def answers_only(self, answers: dict[str, Any]) -> Self:
        """Return it so that it knows these answers and asks no further."""
        self._answers = answers
        return self

    @property
    def known_as(self) -> str:
        """What stands for its name where only apply decides that: the address of what declares it."""
        return known_as(self._address)

    @property
    def places(self) -> dict[str, str]:
        """Where single fields were read, and under the empty name all others."""
        return dict(self._where)

    def where(self, field: str = "") -> str:
        """Return where `field` was read: file and line, or API operation and ARN."""
        return self._where.get(field) or self._where.get("", "")


def known_as(address: str) -> str:
    """Return what stands for the name of a resource that only apply decides. No name has a blank."""
    return f"declared as {address}"


def refuse_another_account(noun: str, asked: Asked, arns: Iterable[str]) -> None:
    """Raise `ReadError` where what was read is of another account than what the stack names.

    That is the account of its name, where that is an ARN. Source: IAM User Guide, "Amazon Resource Names".
    """
    meant = account_in(asked.name) or asked.account
    for arn in arns:
        own = account_in(arn)
        if meant and own and own != meant:
            what = f"{noun.replace('_', ' ')} {asked.name}"
            raise ReadError(
                f"{what} is of account {own} ({arn}), and the stack means that of account {meant}",
                cause=f"{what} of account {own}",
                advice=f'If account {own} is meant, say so beside its name: account: "{own}"; '
                "else see where the account is asked, and by whose leave",
            )


def answered(model: Kind, facet: type[Facet], aws: Aws) -> Iterator[tuple[Request, dict[str, Any]]]:
    """Make moto hold the fields of one facet, and yield each request for that with its answer."""
    place = aws.within(model.lies_in) if model.lies_in else aws
    requests, answer = facet.requested(model), None
    while (it := _next(requests, answer)) is not None:
        answer = place.write(it.operation, **it.parameters)
        yield it, answer


def _next(requests: Requests, answer: dict[str, Any] | None) -> Request | None:
    """Return the next request, made in the knowledge of the answer to the one before."""
    try:
        return next(requests) if answer is None else requests.send(answer)
    except StopIteration:
        return None


@functools.cache
def attributes_of(facet: type[Facet]) -> frozenset[str]:
    """Return what a test can ask of a facet: its fields, methods and properties."""
    at_once = tuple(vars(facet).items())  # pydantic, in another thread, may be about to complete the model
    members = (name for name, value in at_once if _is_asked(name, value))
    return frozenset((*own_fields(facet), *members))


@functools.cache
def with_what_they_read(kind: type[Kind], wanted: frozenset[str]) -> frozenset[str]:
    """Return attributes, and what methods and properties among them read of the resource themselves."""
    found: set[str] = set()
    ahead = set(wanted)
    while ahead:
        name = ahead.pop()
        found.add(name)
        ahead |= _read_by(kind, name) - found
    return frozenset(found)


def _read_by(kind: type[Kind], name: str) -> frozenset[str]:
    """Return what a method or property reads of `self`, as its source shows; nothing for anything else."""
    member = inspect.getattr_static(kind, name, None)
    function = member.fget if isinstance(member, property) else member
    if not inspect.isfunction(function):
        return frozenset()
    own = tuple(inspect.signature(function).parameters)[:1]
    return frozenset(attribute for _, attribute in read_in_source(function, own))


def _is_asked(name: str, value: object) -> bool:
    return not name.startswith("_") and (inspect.isfunction(value) or isinstance(value, property))


def in_order(facets: Collection[type[Facet]]) -> list[type[Facet]]:
    """Return facets so that each comes after those that it follows; otherwise in their own order."""
    ordered: list[type[Facet]] = []

    def add(facet: type[Facet]) -> None:
        for other in facets:
            if other not in ordered and other is not facet and set(facet.follows) & {*own_fields(other)}:
                add(other)
        if facet not in ordered:
            ordered.append(facet)

    for facet in facets:
        add(facet)
    return ordered


def _declared(
    kind: type[Kind], facet: type[Facet], resource: Resource, configuration: Configuration
) -> tuple[dict[str, Any], dict[str, str]]:
    """Return the fields of a facet as Terraform declares them, and where each stands."""
    fields = own_fields(facet)
    declaration = alone(facet, lambda: agreed(facet, declaration_of(kind, facet, resource, configuration)))
    if isinstance(declaration, Exception):
        return settled(fields, declaration), {}
    found = alone(facet, lambda: Found(facet.declared(declaration), ""))
    if isinstance(found, Exception):
        return settled(fields, found), {}
    places = {it: declaration.place(argument_of(facet, it)) for it in attributes_of(facet)}
    values = of_facet(facet, fields, found)
    return _doubted(facet, values, declaration.doubt) if declaration.doubt else values, places


def _doubted(facet: type[Facet], values: Mapping[str, Any], doubt: str) -> dict[str, Any]:
    """Return the fields of a facet to which more may be added than was found: of lists, what they hold."""
    complete = {name: facet.model_fields[name].get_default() for name in own_fields(facet)} | dict(values)
    return {
        name: SomeOf(value, doubt)
        if isinstance(value, list)
        else value
        if isinstance(value, Placeholder | SomeOf)
        else Unexamined(doubt)
        for name, value in complete.items()
    }


def declaration_of(
    kind: type[Kind], facet: type[Facet], resource: Resource, configuration: Configuration
) -> Declaration:
    """Return what declares a facet of a resource.

    Raises `Undetermined` where it has one of a sort, none is found, and one may be.
    """
    beside = facet.beside
    if beside is None:
        return Declaration(resource, configuration, (resource,))
    by_arn = beside.by == "arn"
    named = (
        kind.derive("arn", resource, configuration) if by_arn else kind.named_beside(resource, configuration)
    )
    if not beside.many:
        its = parts_of(facet, resource, configuration, named)
        refuse_of_another(its, resource, configuration)
        return Declaration(resource, configuration, its)
    found = [
        belonging(resource, configuration, it, beside.argument, named, bare=beside.bare)
        for it in beside.types
    ]
    doubts = [doubt for it in found for doubt in it.doubts]
    parts = tuple(part for it in found for part in it.certain)
    refuse_of_another(parts, resource, configuration)
    return Declaration(resource, configuration, parts, next(iter(doubts), ""))


def _place_of(started: Mapping[type[Facet], Found | Exception]) -> str:
    return next((it.where for it in started.values() if isinstance(it, Found)), "")


def _unreadable(
    kind: type[Kind], where: str, located: Mapping[str, object], invalid: ValidationError
) -> dict[str, Any]:
    """Return a placeholder for every field of the facets that hold a value which they cannot take."""
    spoiled: dict[str, Any] = {}
    for error in invalid.errors():
        field, place = ".".join(map(str, error["loc"])), located.get(str(error["loc"][0])) or where
        wrong = error["msg"][:1].lower() + error["msg"][1:]  # what it may be stands there as it is written
        told = ReadError(f"{place}: {field} is {error['input']!r}: {wrong}", cause=f"{place}: {field}")
        facet = next((it for it in kind.facets() if error["loc"][0] in own_fields(it)), None)
        if facet is None:
            raise told from None
        spoiled |= dict.fromkeys(own_fields(facet), Unreadable(told))
    return spoiled
