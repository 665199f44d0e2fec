variable "listeners" {
  type = any
  default = {
    http  = { port = 80, protocol = "HTTP", redirect = { port = "443", protocol = "HTTPS", status_code = "HTTP_301" } }
    https = {
      port = 443, protocol = "HTTPS", certificate_arn = "arn:aws:acm:eu-west-1:123456789012:certificate/1"
      forward = { target_group_key = "api" }
      rules = {
        fixed = { priority = 3, actions = [{ type = "fixed-response", content_type = "text/plain", status_code = 200, message_body = "ok" }], conditions = [{ path_pattern = { values = ["/health", "/"] } }] }
        wf    = { actions = [{ type = "weighted-forward", target_groups = [{ target_group_key = "api", weight = 2 }, { target_group_key = "web", weight = 1 }], stickiness = { enabled = true, duration = 60 } }], conditions = [{ host_header = { values = ["a.example"] } }, { http_header = { http_header_name = "x-Test", values = ["1"] } }] }
      }
    }
  }
}
variable "target_groups" {
  type = any
  default = {
    api = { name_prefix = "api-", port = 8080, health_check = { path = "/h", interval = 10 }, stickiness = {} }
    web = { name_prefix = "web-", protocol = "HTTP", port = 80, target_type = "ip", targets = { a = { id = "10.0.0.1" }, b = { id = "10.0.0.2", port = 81 } } }
  }
}
locals {
  rules = flatten([
    for lk, lv in var.listeners : [
      for rk, rv in lookup(lv, "rules", {}) : merge(rv, { listener_key = lk, rule_key = rk })
    ]
  ])
  targets = merge([for k, g in var.target_groups : { for tk, t in try(g.targets, {}) : "${k}/${tk}" => merge({ group = k, port = g.port }, t) }]...)
}
resource "aws_lb" "this" {
  name               = "lb"
  load_balancer_type = "application"
  subnets            = ["subnet-1", "subnet-2"]
  dynamic "access_logs" {
    for_each = length({ bucket = "logs" }) > 0 ? [{ bucket = "logs" }] : []
    content {
      bucket  = access_logs.value.bucket
      enabled = try(access_logs.value.enabled, true)
      prefix  = try(access_logs.value.prefix, null)
    }
  }
}
resource "aws_lb_target_group" "this" {
  for_each    = var.target_groups
  name_prefix = each.value.name_prefix
  port        = try(each.value.target_type, null) == "lambda" ? null : try(each.value.port, 80)
  protocol    = try(each.value.target_type, null) == "lambda" ? null : try(each.value.protocol, "HTTP")
  target_type = try(each.value.target_type, "instance")
  vpc_id      = "vpc-1"
  dynamic "health_check" {
    for_each = try([each.value.health_check], [])
    content {
      enabled  = try(health_check.value.enabled, null)
      interval = try(health_check.value.interval, null)
      path     = try(health_check.value.path, null)
    }
  }
  dynamic "stickiness" {
    for_each = try([each.value.stickiness], [])
    content {
      type            = try(stickiness.value.type, "lb_cookie")
      cookie_duration = try(stickiness.value.cookie_duration, 86400)
    }
  }
}
resource "aws_lb_target_group_attachment" "this" {
  for_each         = local.targets
  target_group_arn = aws_lb_target_group.this[each.value.group].arn
  target_id        = each.value.id
  port             = each.value.port
}
resource "aws_lb_listener" "this" {
  for_each          = { for k, v in var.listeners : k => v }
  load_balancer_arn = aws_lb.this.arn
  port              = try(each.value.port, 80)
  protocol          = try(each.value.protocol, "HTTP")
  certificate_arn   = try(each.value.certificate_arn, null)
  ssl_policy        = contains(["HTTPS", "TLS"], try(each.value.protocol, "HTTP")) ? try(each.value.ssl_policy, "ELBSecurityPolicy-TLS13-1-2-2021-06") : null
  dynamic "default_action" {
    for_each = try([each.value.forward], [])
    content {
      type             = "forward"
      order            = try(default_action.value.order, null)
      target_group_arn = try(default_action.value.arn, aws_lb_target_group.this[default_action.value.target_group_key].arn, null)
    }
  }
  dynamic "default_action" {
    for_each = try([each.value.redirect], [])
    content {
      type = "redirect"
      redirect {
        host        = try(default_action.value.host, null)
        port        = try(default_action.value.port, null)
        protocol    = try(default_action.value.protocol, null)
        status_code = default_action.value.status_code
      }
    }
  }
}
resource "aws_lb_listener_rule" "this" {
  for_each     = { for r in local.rules : "${r.listener_key}/${r.rule_key}" => r }
  listener_arn = try(each.value.listener_arn, aws_lb_listener.this[each.value.listener_key].arn)
  priority     = try(each.value.priority, null)
  dynamic "action" {
    for_each = [for a in each.value.actions : a if a.type == "fixed-response"]
    content {
      type = "fixed-response"
      fixed_response {
        content_type = action.value.content_type
        message_body = try(action.value.message_body, null)
        status_code  = try(action.value.status_code, null)
      }
    }
  }
  dynamic "action" {
    for_each = [for a in each.value.actions : a if a.type == "weighted-forward"]
    content {
      type = "forward"
      forward {
        dynamic "target_group" {
          for_each = try(action.value.target_groups, [])
          content {
            arn    = try(target_group.value.arn, aws_lb_target_group.this[target_group.value.target_group_key].arn)
            weight = try(target_group.value.weight, null)
          }
        }
        dynamic "stickiness" {
          for_each = try([action.value.stickiness], [])
          content {
            duration = try(stickiness.value.duration, 60)
            enabled  = try(stickiness.value.enabled, null)
          }
        }
      }
    }
  }
  dynamic "condition" {
    for_each = [for c in each.value.conditions : c if contains(keys(c), "path_pattern")]
    content {
      path_pattern {
        values = condition.value.path_pattern.values
      }
    }
  }
  dynamic "condition" {
    for_each = [for c in each.value.conditions : c if contains(keys(c), "host_header")]
    content {
      dynamic "host_header" {
        for_each = try([condition.value.host_header], [])
        content {
          values = host_header.value.values
        }
      }
    }
  }
  dynamic "condition" {
    for_each = [for c in each.value.conditions : c if contains(keys(c), "http_header")]
    content {
      dynamic "http_header" {
        for_each = try([condition.value.http_header], [])
        content {
          http_header_name = http_header.value.http_header_name
          values           = http_header.value.values
        }
      }
    }
  }
}
resource "aws_route53_record" "this" {
  for_each = { for i, n in ["a", "b"] : n => { zone = "Z${i}", ttl = i == 0 ? null : 60 } }
  zone_id  = each.value.zone
  name     = each.key
  type     = "A"
  dynamic "alias" {
    for_each = each.value.ttl == null ? [true] : []
    content {
      name                   = aws_lb.this.dns_name
      zone_id                = aws_lb.this.zone_id
      evaluate_target_health = true
    }
  }
  ttl     = each.value.ttl
  records = each.value.ttl == null ? null : ["10.0.0.1"]
}
resource "aws_wafv2_web_acl" "this" {
  name  = "acl"
  scope = "REGIONAL"
  default_action {
    allow {}
  }
  dynamic "rule" {
    for_each = { common = { priority = 1, name = "AWSManagedRulesCommonRuleSet", exclude = ["SizeRestrictions_BODY"] } }
    content {
      name     = rule.key
      priority = rule.value.priority
      override_action {
        none {}
      }
      statement {
        managed_rule_group_statement {
          name        = rule.value.name
          vendor_name = "AWS"
          dynamic "rule_action_override" {
            for_each = rule.value.exclude
            content {
              name = rule_action_override.value
              action_to_use {
                count {}
              }
            }
          }
        }
      }
      visibility_config {
        cloudwatch_metrics_enabled = true
        metric_name                = rule.key
        sampled_requests_enabled   = false
      }
    }
  }
  visibility_config {
    cloudwatch_metrics_enabled = false
    metric_name                = "acl"
    sampled_requests_enabled   = false
  }
}
resource "aws_cloudfront_distribution" "this" {
  enabled = true
  aliases = sort(["b.example", "a.example"])
  origin {
    domain_name = aws_lb.this.dns_name
    origin_id   = "lb"
    custom_origin_config {
      http_port              = 80
      https_port             = 443
      origin_protocol_policy = "https-only"
      origin_ssl_protocols   = ["TLSv1.2"]
    }
  }
  default_cache_behavior {
    target_origin_id       = "lb"
    viewer_protocol_policy = "redirect-to-https"
    allowed_methods        = ["GET", "HEAD", "OPTIONS"]
    cached_methods         = ["GET", "HEAD"]
    forwarded_values {
      query_string = false
      cookies {
        forward = "none"
      }
    }
  }
  dynamic "ordered_cache_behavior" {
    for_each = [for p in ["/api/*", "/static/*"] : { path = p, ttl = p == "/api/*" ? 0 : 3600 }]
    iterator = b
    content {
      path_pattern           = b.value.path
      target_origin_id       = "lb"
      viewer_protocol_policy = "https-only"
      allowed_methods        = ["GET", "HEAD"]
      cached_methods         = ["GET", "HEAD"]
      default_ttl            = b.value.ttl
      forwarded_values {
        query_string = true
        cookies {
          forward = "all"
        }
      }
    }
  }
  restrictions {
    geo_restriction {
      restriction_type = "none"
    }
  }
  viewer_certificate {
    cloudfront_default_certificate = true
  }
}
resource "aws_autoscaling_group" "this" {
  min_size           = 1
  max_size           = 2
  availability_zones = ["eu-west-1a"]
  dynamic "tag" {
    for_each = { Name = "asg", Env = "x" }
    content {
      key                 = tag.key
      value               = tag.value
      propagate_at_launch = true
    }
  }
  launch_template {
    id      = "lt-1"
    version = "$Latest"
  }
}
