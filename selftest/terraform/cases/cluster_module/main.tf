variable "create" {
  type    = bool
  default = true
}
variable "node_groups" {
  type = any
  default = {
    green = { min = 1, instance_types = ["t3.large"], labels = { team = "x" }, taints = { dedicated = { key = "dedicated", value = "gpu", effect = "NO_SCHEDULE" } } }
    blue  = {}
  }
}
variable "defaults" {
  type    = any
  default = { instance_types = ["m5.large", "m5a.large"], disk_size = 50, tags = { D = "d" } }
}
variable "log_types" {
  type    = list(string)
  default = ["audit", "api"]
}
variable "security_rules" {
  type = any
  default = {
    https = { description = "HTTPS", from_port = 443, to_port = 443, type = "ingress", cidr_blocks = ["10.0.0.0/8"] }
    all   = { from_port = 0, to_port = 0, protocol = "-1", type = "egress", self = true }
  }
}
locals {
  tags = { Name = "cluster" }
  rules = { for k, v in var.security_rules : k => merge({ protocol = "tcp" }, v) if var.create }
}
resource "aws_eks_cluster" "this" {
  count                     = var.create ? 1 : 0
  name                      = "main"
  role_arn                  = try(aws_iam_role.this[0].arn, "")
  version                   = "1.29"
  enabled_cluster_log_types = var.log_types
  vpc_config {
    security_group_ids      = compact(distinct(concat(["sg-1", ""], [try(aws_security_group.cluster[0].id, null)])))
    subnet_ids              = coalescelist([], ["subnet-1", "subnet-2"])
    endpoint_private_access = true
    public_access_cidrs     = ["0.0.0.0/0"]
  }
  dynamic "encryption_config" {
    for_each = length({ resources = ["secrets"] }) > 0 ? [{ resources = ["secrets"], key = null }] : []
    content {
      provider {
        key_arn = coalesce(encryption_config.value.key, "arn:aws:kms:eu-west-1:123456789012:key/1")
      }
      resources = encryption_config.value.resources
    }
  }
  timeouts {
    create = lookup({}, "create", null)
    update = "30m"
  }
  tags = merge({ terraform = "true" }, local.tags)
}
resource "aws_iam_role" "this" {
  count                 = var.create ? 1 : 0
  name_prefix           = "${substr("main-cluster-with-a-long-name", 0, 20)}-"
  assume_role_policy    = data.aws_iam_policy_document.assume[0].json
  force_detach_policies = true
}
data "aws_iam_policy_document" "assume" {
  count = var.create ? 1 : 0
  statement {
    sid     = "EKSClusterAssumeRole"
    actions = ["sts:AssumeRole", "sts:TagSession"]
    principals {
      type        = "Service"
      identifiers = ["eks.${data.aws_partition.current.dns_suffix}"]
    }
  }
}
data "aws_partition" "current" {}
resource "aws_security_group" "cluster" {
  count       = var.create ? 1 : 0
  name_prefix = "main-"
  description = "cluster"
  tags        = merge(local.tags, { for k, v in local.tags : "copy-${k}" => upper(v) })
  lifecycle {
    create_before_destroy = true
  }
}
resource "aws_security_group_rule" "cluster" {
  for_each                 = { for k, v in local.rules : k => v }
  security_group_id        = aws_security_group.cluster[0].id
  protocol                 = each.value.protocol
  from_port                = each.value.from_port
  to_port                  = each.value.to_port
  type                     = each.value.type
  description              = lookup(each.value, "description", null)
  cidr_blocks              = lookup(each.value, "cidr_blocks", null)
  self                     = lookup(each.value, "self", null)
  source_security_group_id = try(each.value.source_node_security_group, false) ? "sg-2" : lookup(each.value, "source_security_group_id", null)
}
module "group" {
  source   = "./group"
  for_each = { for k, v in var.node_groups : k => v if var.create }

  name           = try(each.value.name, each.key)
  use_prefix     = try(each.value.use_prefix, var.defaults.use_prefix, true)
  min_size       = try(each.value.min, var.defaults.min, 1)
  max_size       = try(each.value.max, var.defaults.max, 3)
  instance_types = try(each.value.instance_types, var.defaults.instance_types, null)
  disk_size      = try(each.value.disk_size, var.defaults.disk_size, null)
  labels         = try(each.value.labels, var.defaults.labels, null)
  taints         = try(each.value.taints, var.defaults.taints, {})
  cluster        = aws_eks_cluster.this[0].name
  endpoint       = try(aws_eks_cluster.this[0].endpoint, "")
  tags           = merge(local.tags, try(each.value.tags, var.defaults.tags, {}))
}
output "groups" {
  value = { for k, g in module.group : k => g.name }
}
output "endpoint" {
  value = try(aws_eks_cluster.this[0].endpoint, null)
}
output "all_labels" {
  value = compact(flatten([for g in module.group : values(coalesce(g.labels, tomap({})))]))
}
