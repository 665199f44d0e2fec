"""Resources of one kind are read at once: what one of them makes of a facet leaves the others alone."""

from plumbline.kinds.facet import Facet
from plumbline.kinds.kind import attributes_of


def test_a_facet_is_looked_through_while_pydantic_completes_it() -> None:
    """Pydantic completes a model of deferred types in whichever thread first makes one of it."""

    class Curious:
        """What has its facet completed as soon as somebody asks what it is."""

        @property  # type: ignore[misc]
        def __class__(self) -> type:
            Deferred.model_rebuild(_types_namespace={"Later": bool})
            return Curious

    class Deferred(Facet):
        encrypted: "Later" = False  # type: ignore[name-defined]  # noqa: F821

    Deferred.curious = Curious()  # type: ignore[attr-defined]
    Deferred.holds = lambda _: True  # type: ignore[attr-defined]
    assert "__signature__" not in vars(Deferred)
    assert attributes_of(Deferred) == {"encrypted", "holds"}
    assert "__signature__" in vars(Deferred)
