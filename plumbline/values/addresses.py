"""Addresses of Terraform, as people write them.

Source: Terraform CLI documentation, "Resource Addressing".
"""

from __future__ import annotations

DATA_SOURCE = r"(module\.[\w-]+(\[[^\]]+\])?\.)*data\.\w+(\.[\w-]+(\[[^\]]+\])?)?"
"""A data source, one instance of it, or all of a type: `module.vpc.data.aws_availability_zones.own`."""
