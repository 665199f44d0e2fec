locals {
  rules = {
    b = { days = 10, transitions = [{ d = 5, c = "GLACIER" }, { d = 3, c = "STANDARD_IA" }] }
    a = { days = null, transitions = [] }
  }
}
resource "aws_s3_bucket" "b" {
  for_each = { x = 1, y = 2 }
  bucket   = "b-${each.key}"
  dynamic "lifecycle_rule" {
    for_each = each.key == "x" ? local.rules : {}
    content {
      id      = lifecycle_rule.key
      enabled = true
      dynamic "transition" {
        for_each = lifecycle_rule.value.transitions
        iterator = t
        content {
          days          = t.value.d + each.value
          storage_class = "${t.value.c}"
        }
      }
      dynamic "expiration" {
        for_each = lifecycle_rule.value.days[*]
        content {
          days = expiration.value
        }
      }
    }
  }
}
resource "aws_s3_bucket_lifecycle_configuration" "l" {
  bucket = aws_s3_bucket.b["x"].bucket
  rule {
    id     = "static"
    status = "Enabled"
    filter {
      prefix = ""
    }
    dynamic "transition" {
      for_each = [30, 60]
      content {
        days          = transition.value
        storage_class = transition.key == 0 ? "STANDARD_IA" : "GLACIER"
      }
    }
  }
  dynamic "rule" {
    for_each = toset(["z", "y"])
    content {
      id     = rule.value
      status = "Disabled"
      filter {}
      abort_incomplete_multipart_upload {
        days_after_initiation = "7"
      }
    }
  }
}
resource "aws_security_group" "s" {
  name = "s"
  ingress {
    description = "zz"
    from_port   = 443
    to_port     = 443
    protocol    = "tcp"
    cidr_blocks = ["10.0.0.0/8"]
  }
  ingress {
    description = "aa"
    from_port   = 80
    to_port     = 80
    protocol    = "tcp"
    cidr_blocks = ["10.1.0.0/16", "10.0.0.0/16"]
  }
  dynamic "egress" {
    for_each = [for p in [3, 1, 2] : p]
    content {
      from_port = egress.value
      to_port   = egress.value
      protocol  = "udp"
      self      = true
    }
  }
}
resource "aws_instance" "i" {
  ami           = "ami-1"
  instance_type = "t3.micro"
  user_data     = <<-EOT
    #!/bin/bash
    echo "hello" > /tmp/x
    export A=$${B:-c}
  EOT
  ebs_block_device {
    device_name = "/dev/sdb"
    volume_size = "20"
  }
  ebs_block_device {
    device_name = "/dev/sda"
    volume_size = 10
    encrypted   = "true"
  }
  metadata_options {
    http_tokens = "required"
  }
  vpc_security_group_ids = [aws_security_group.s.id, "sg-1"]
  tags = { for k, v in { b = 1, a = true } : upper(k) => v }
}
resource "aws_s3_bucket_policy" "p" {
  bucket = aws_s3_bucket.b["y"].id
  policy = jsonencode({ Statement = [{ Resource = [aws_s3_bucket.b["y"].arn, "x"] }] })
}
resource "aws_kms_alias" "k" {
  name          = "alias/${aws_s3_bucket.b["x"].bucket}"
  target_key_id = aws_kms_key.k.key_id
}
resource "aws_kms_key" "k" {
  is_enabled = false
}
resource "aws_sns_topic_subscription" "s" {
  for_each  = toset(["q1", "q2"])
  topic_arn = "arn:aws:sns:eu-west-1:123456789012:t"
  protocol  = "sqs"
  endpoint  = aws_sqs_queue.q[each.key].arn
}
resource "aws_sqs_queue" "q" {
  for_each                  = toset(["q1", "q2"])
  name                      = each.value
  redrive_policy            = each.key == "q1" ? jsonencode({ deadLetterTargetArn = "arn:x", maxReceiveCount = 4 }) : null
  message_retention_seconds = 86400 * 2
}
output "unset" {
  value = [aws_sqs_queue.q["q1"].tags == null, aws_kms_key.k.tags, aws_s3_bucket.b["x"].tags]
}
