variable "services" {
  type = map(object({
    cpu      = optional(number, 256)
    memory   = optional(number)
    count    = optional(number, 1)
    image    = string
    ports    = optional(list(number), [])
    env      = optional(map(string), {})
    secrets  = optional(map(string), {})
    sidecars = optional(map(object({ image = string, essential = optional(bool, false), command = optional(list(string)) })), {})
    scaling  = optional(object({ min = number, max = number, metrics = optional(map(number), { ECSServiceAverageCPUUtilization = 70 }) }))
    volumes  = optional(set(string), [])
    lb       = optional(object({ path = string, priority = number, health = optional(object({ path = optional(string, "/"), codes = optional(string, "200") }), {}) }))
  }))
}
variable "cluster" {
  type = object({ name = string, insights = optional(bool, true), providers = optional(map(number), { FARGATE = 1 }) })
}
locals {
  containers = { for s, v in var.services : s => concat(
    [merge(
      { name = s, image = v.image, essential = true, cpu = v.cpu, memory = coalesce(v.memory, v.cpu * 2) },
      length(v.ports) > 0 ? { portMappings = [for p in v.ports : { containerPort = p, hostPort = p, protocol = "tcp" }] } : {},
      { environment = [for k in sort(keys(v.env)) : { name = k, value = v.env[k] }] },
      { secrets = [for k, a in v.secrets : { name = k, valueFrom = a }] },
      { mountPoints = [for vol in v.volumes : { sourceVolume = vol, containerPath = "/mnt/${vol}" }] },
    )],
    [for n, c in v.sidecars : { for k, x in merge(c, { name = "${s}-${n}" }) : k => x if x != null }]
  ) }
  targets = { for pair in flatten([for s, v in var.services : v.scaling == null ? [] : [for m, t in v.scaling.metrics : { key = "${s}/${m}", service = s, metric = m, target = t }]]) : pair.key => pair }
}
resource "aws_ecs_cluster" "c" {
  name = var.cluster.name
  setting {
    name  = "containerInsights"
    value = var.cluster.insights ? "enabled" : "disabled"
  }
}
resource "aws_ecs_cluster_capacity_providers" "p" {
  cluster_name       = aws_ecs_cluster.c.name
  capacity_providers = keys(var.cluster.providers)
  dynamic "default_capacity_provider_strategy" {
    for_each = var.cluster.providers
    content {
      capacity_provider = default_capacity_provider_strategy.key
      weight            = default_capacity_provider_strategy.value
      base              = default_capacity_provider_strategy.key == keys(var.cluster.providers)[0] ? 1 : null
    }
  }
}
resource "aws_ecs_task_definition" "t" {
  for_each                 = var.services
  family                   = "${var.cluster.name}-${each.key}"
  cpu                      = each.value.cpu
  memory                   = coalesce(each.value.memory, each.value.cpu * 2)
  network_mode             = "awsvpc"
  requires_compatibilities = ["FARGATE"]
  container_definitions    = jsonencode(local.containers[each.key])
  dynamic "volume" {
    for_each = each.value.volumes
    content {
      name = volume.value
      efs_volume_configuration {
        file_system_id = "fs-${md5(volume.key)}"
        root_directory = "/"
      }
    }
  }
}
resource "aws_lb_target_group" "g" {
  for_each    = { for s, v in var.services : s => v.lb if v.lb != null }
  name        = substr("${var.cluster.name}-${each.key}", 0, 32)
  port        = one(slice(var.services[each.key].ports, 0, 1))
  protocol    = "HTTP"
  target_type = "ip"
  vpc_id      = "vpc-1"
  health_check {
    path    = each.value.health.path
    matcher = each.value.health.codes
  }
}
resource "aws_lb_listener_rule" "r" {
  for_each     = aws_lb_target_group.g
  listener_arn = "arn:aws:elasticloadbalancing:eu-west-1:123456789012:listener/app/x/1/2"
  priority     = var.services[each.key].lb.priority
  action {
    type             = "forward"
    target_group_arn = each.value.arn
  }
  condition {
    path_pattern {
      values = [var.services[each.key].lb.path, "${trimsuffix(var.services[each.key].lb.path, "/*")}"]
    }
  }
}
resource "aws_ecs_service" "s" {
  for_each        = var.services
  name            = each.key
  cluster         = aws_ecs_cluster.c.id
  task_definition = aws_ecs_task_definition.t[each.key].arn
  desired_count   = try(max(each.value.count, each.value.scaling.min), each.value.count)
  dynamic "load_balancer" {
    for_each = [for k, g in aws_lb_target_group.g : g if k == each.key]
    content {
      target_group_arn = load_balancer.value.arn
      container_name   = each.key
      container_port   = load_balancer.value.port
    }
  }
  lifecycle {
    ignore_changes = [desired_count]
  }
}
resource "aws_appautoscaling_target" "t" {
  for_each           = { for s, v in var.services : s => v.scaling if v.scaling != null }
  min_capacity       = each.value.min
  max_capacity       = each.value.max
  resource_id        = "service/${aws_ecs_cluster.c.name}/${aws_ecs_service.s[each.key].name}"
  scalable_dimension = "ecs:service:DesiredCount"
  service_namespace  = "ecs"
}
resource "aws_appautoscaling_policy" "p" {
  for_each           = local.targets
  name               = replace(each.key, "/", "-")
  policy_type        = "TargetTrackingScaling"
  resource_id        = aws_appautoscaling_target.t[each.value.service].resource_id
  scalable_dimension = aws_appautoscaling_target.t[each.value.service].scalable_dimension
  service_namespace  = aws_appautoscaling_target.t[each.value.service].service_namespace
  target_tracking_scaling_policy_configuration {
    target_value = each.value.target
    predefined_metric_specification {
      predefined_metric_type = each.value.metric
    }
  }
}
output "definitions" {
  value = { for k, t in aws_ecs_task_definition.t : k => jsondecode(t.container_definitions)[*].name }
}
output "services" {
  value = { for k, s in aws_ecs_service.s : k => { count = s.desired_count, ports = s.load_balancer[*].container_port } }
}
output "unset" {
  value = [for s in aws_ecs_service.s : s.health_check_grace_period_seconds]
}
