resource "aws_security_group" "lambda" {
  name        = "threat-intel-lambda-sg-${var.environment}"
  description = "The functions: nobody reaches them, they reach the cache and HTTPS."
  vpc_id      = aws_vpc.this.id

  tags = { Name = "threat-intel-lambda-sg-${var.environment}" }
}

resource "aws_vpc_security_group_egress_rule" "lambda_redis" {
  security_group_id            = aws_security_group.lambda.id
  description                  = "The cache"
  ip_protocol                  = "tcp"
  from_port                    = 6379
  to_port                      = 6379
  referenced_security_group_id = aws_security_group.redis.id
}

resource "aws_vpc_security_group_egress_rule" "lambda_https" {
  security_group_id = aws_security_group.lambda.id
  description       = "Sources and AWS"
  ip_protocol       = "tcp"
  from_port         = 443
  to_port           = 443
  cidr_ipv4         = "0.0.0.0/0"
}

resource "aws_security_group" "redis" {
  name        = "threat-intel-redis-sg-${var.environment}"
  description = "The cache: the functions reach it, it reaches nobody."
  vpc_id      = aws_vpc.this.id

  tags = { Name = "threat-intel-redis-sg-${var.environment}" }
}

resource "aws_vpc_security_group_ingress_rule" "redis_lambda" {
  security_group_id            = aws_security_group.redis.id
  description                  = "The functions"
  ip_protocol                  = "tcp"
  from_port                    = 6379
  to_port                      = 6379
  referenced_security_group_id = aws_security_group.lambda.id
}
