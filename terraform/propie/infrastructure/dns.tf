# The zone in which a recovery switches the site: docs/runbooks/dns-changes.json says how.
resource "aws_route53_zone" "site" {
  name = local.zone_name

  lifecycle {
    prevent_destroy = true
  }
}

resource "aws_route53_record" "site" {
  count = var.certificate_arn == null ? 0 : 1

  zone_id = aws_route53_zone.site.zone_id
  name    = local.site_name
  type    = "A"

  alias {
    name                   = aws_cloudfront_distribution.site.domain_name
    zone_id                = aws_cloudfront_distribution.site.hosted_zone_id
    evaluate_target_health = false
  }
}
