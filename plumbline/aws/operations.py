"""The operations of AWS's API and what they take, as botocore's models have them.

One service's model is loaded at a time, and only for what somebody else wrote: it costs some milliseconds.
"""

from __future__ import annotations

import functools
from collections.abc import Collection, Iterable, Iterator
from typing import TYPE_CHECKING

from plumbline.values.mistakes import did_you_mean

if TYPE_CHECKING:
    from botocore.model import OperationModel, ServiceModel


@functools.cache
def _model(service: str) -> ServiceModel | None:
    """Return the model of a service; None for one that botocore does not know."""
    import botocore.session
    from botocore.exceptions import UnknownServiceError

    try:
        return botocore.session.get_session().get_service_model(service)
    except UnknownServiceError:
        return None


def operation_names(service: str) -> Collection[str]:
    """Return the names of a service's operations; none for a service that botocore does not know."""
    model = _model(service)
    return model.operation_names if model else ()


def operation_model(operation: str) -> OperationModel | None:
    """Return the model of an operation such as `s3:GetBucketTagging`; None where botocore knows none."""
    service, _, name = operation.partition(":")
    model = _model(service)
    return model.operation_model(name) if model and name in model.operation_names else None


def unknown(operation: str, parameters: Iterable[str]) -> Iterator[str]:
    """Yield that botocore does not know an operation, or which parameters it does not take."""
    service, _, name = operation.partition(":")
    model = operation_model(operation)
    if model is None:
        near = did_you_mean(name, operation_names(service), f"{service}:")
        yield f"botocore knows no operation {operation}{near}"
        return
    taken = model.input_shape.members if model.input_shape else {}
    for parameter in parameters:
        if parameter not in taken:
            yield f"{operation} takes no parameter {parameter}{did_you_mean(parameter, taken)}"
