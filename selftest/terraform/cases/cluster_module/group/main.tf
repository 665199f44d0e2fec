variable "name" {
  type    = string
  default = ""
}
variable "use_prefix" {
  type    = bool
  default = true
}
variable "min_size" {
  type    = number
  default = 0
}
variable "max_size" {
  type    = number
  default = 3
}
variable "instance_types" {
  type    = list(string)
  default = null
}
variable "disk_size" {
  type    = number
  default = null
}
variable "labels" {
  type    = map(string)
  default = null
}
variable "taints" {
  type    = any
  default = {}
}
variable "cluster" {
  type    = string
  default = null
}
variable "endpoint" {
  type    = string
  default = ""
}
variable "tags" {
  type    = map(string)
  default = {}
}
locals {
  user_data = base64encode(templatefile("${path.module}/user_data.tpl", { cluster = var.cluster, labels = coalesce(var.labels, tomap({})), extra = "--max-pods=10" }))
}
resource "aws_launch_template" "this" {
  name_prefix = "${var.name}-"
  user_data   = local.user_data
  dynamic "block_device_mappings" {
    for_each = var.disk_size == null ? [] : [var.disk_size]
    content {
      device_name = "/dev/xvda"
      ebs {
        volume_size = block_device_mappings.value
        volume_type = "gp3"
        encrypted   = true
      }
    }
  }
  dynamic "tag_specifications" {
    for_each = toset(["instance", "volume"])
    content {
      resource_type = tag_specifications.key
      tags          = merge(var.tags, { Name = var.name })
    }
  }
  metadata_options {
    http_endpoint               = "enabled"
    http_put_response_hop_limit = 2
  }
}
resource "aws_eks_node_group" "this" {
  cluster_name           = var.cluster
  node_role_arn          = "arn:aws:iam::123456789012:role/node"
  subnet_ids             = ["subnet-1"]
  node_group_name        = var.use_prefix ? null : var.name
  node_group_name_prefix = var.use_prefix ? "${var.name}-" : null
  instance_types         = var.instance_types
  labels                 = var.labels
  scaling_config {
    min_size     = var.min_size
    max_size     = var.max_size
    desired_size = max(var.min_size, 1)
  }
  launch_template {
    id      = aws_launch_template.this.id
    version = aws_launch_template.this.latest_version
  }
  dynamic "taint" {
    for_each = var.taints
    content {
      key    = taint.value.key
      value  = try(taint.value.value, null)
      effect = taint.value.effect
    }
  }
  dynamic "update_config" {
    for_each = length({ max = 33 }) > 0 ? [{ max_unavailable_percentage = 33 }] : []
    content {
      max_unavailable_percentage = try(update_config.value.max_unavailable_percentage, null)
      max_unavailable            = try(update_config.value.max_unavailable, null)
    }
  }
  tags = merge(var.tags, { Name = var.name })
}
output "name" {
  value = try(split(":", aws_eks_node_group.this.node_group_name_prefix)[0], "")
}
output "labels" {
  value = try(aws_eks_node_group.this.labels, {})
}
