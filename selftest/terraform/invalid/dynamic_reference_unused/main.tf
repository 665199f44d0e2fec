locals {
  some = { a = 1 }
}
resource "aws_security_group" "s" {
  count = 0
  name  = "a"
  dynamic "ingress" {
    for_each = local.some
    content {
      from_port = nosuch.value
      to_port   = 1
      protocol  = "tcp"
    }
  }
}
