locals {
  # Policies that AWS keeps, the same in every account. The front end renders on the server: what it says of caching
  # is what counts.
  caching_by_origin = "83da9c7e-98b4-4e11-a168-04f0df8e2c65"
  all_but_host      = "b689b0a8-53d0-40ab-baf2-68738e2966ac"
  security_headers  = "67f7725c-6f97-4210-82d7-5512b31e9d03"
}

resource "aws_cloudfront_distribution" "site" {
  comment         = "${local.name_prefix}-frontend"
  enabled         = true
  is_ipv6_enabled = true
  http_version    = "http2and3"
  price_class     = "PriceClass_100"
  aliases         = var.certificate_arn == null ? [] : [local.site_name]

  origin {
    origin_id   = "frontend"
    domain_name = "${aws_amplify_branch.main.branch_name}.${aws_amplify_app.frontend["main"].default_domain}"

    custom_origin_config {
      http_port              = 80
      https_port             = 443
      origin_protocol_policy = "https-only"
      origin_ssl_protocols   = ["TLSv1.2"]
    }
  }

  default_cache_behavior {
    target_origin_id           = "frontend"
    viewer_protocol_policy     = "redirect-to-https"
    allowed_methods            = ["GET", "HEAD", "OPTIONS", "PUT", "POST", "PATCH", "DELETE"]
    cached_methods             = ["GET", "HEAD"]
    cache_policy_id            = local.caching_by_origin
    origin_request_policy_id   = local.all_but_host
    response_headers_policy_id = local.security_headers
    compress                   = true
  }

  restrictions {
    geo_restriction {
      restriction_type = "none"
    }
  }

  viewer_certificate {
    cloudfront_default_certificate = var.certificate_arn == null
    acm_certificate_arn            = var.certificate_arn
    minimum_protocol_version       = var.certificate_arn == null ? "TLSv1" : "TLSv1.2_2021"
    ssl_support_method             = var.certificate_arn == null ? null : "sni-only"
  }
}

# Without it there is neither origin latency nor a cache hit rate. CloudFront publishes them in us-east-1 alone.
resource "aws_cloudfront_monitoring_subscription" "site" {
  distribution_id = aws_cloudfront_distribution.site.id

  monitoring_subscription {
    realtime_metrics_subscription_config {
      realtime_metrics_subscription_status = "Enabled"
    }
  }
}
