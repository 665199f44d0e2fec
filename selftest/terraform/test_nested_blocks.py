"""What references see of blocks of which no schema is recorded."""

from __future__ import annotations

from pathlib import Path

from plumbline.terraform.evaluation import evaluate
from selftest.terraform.test_configurations import plain

_SOURCE = """
resource "kubernetes_service" "shop" {
  metadata {
    name = "shop"
  }
  spec {
    port {
      port = 80
    }
    dynamic "port" {
      for_each = [81]
      content {
        port = port.value
      }
    }
  }
}
resource "null_resource" "one" {
  triggers = { a = "b" }
}
locals {
  shop = kubernetes_service.shop
}
output "known" {
  value = [
    local.shop.metadata[0].name, one(local.shop.metadata).name, local.shop.spec[0].port[*].port,
    [for it in local.shop.spec[0].port : it.port], length(local.shop.spec[0].port),
    try(null_resource.one.triggers["c"], "none"),
  ]
}
output "unknown" {
  value = [
    local.shop.metadata[0].uid, local.shop.spec[0].port[1].node_port, length(local.shop.metadata[0]),
    try(local.shop.metadata[0].uid, "none"),
  ]
}
"""


def test_what_nobody_configured_in_a_block_is_known_after_apply(tmp_path: Path) -> None:
    (tmp_path / "main.tf").write_text(_SOURCE, "utf-8")
    outputs = evaluate(tmp_path).outputs
    assert outputs["known"] == ["shop", "shop", [80, 81], [80, 81], 2, "none"]
    assert plain(outputs["unknown"]) == ["<unknown>"] * 4
    assert "kubernetes_service.shop.spec[0].port[1].node_port" in str(outputs["unknown"])
