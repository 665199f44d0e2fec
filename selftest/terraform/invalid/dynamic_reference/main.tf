resource "aws_security_group" "s" {
  name = "a"
  dynamic "ingress" {
    for_each = [1]
    content {
      from_port = nosuch.value
      to_port   = 1
      protocol  = "tcp"
    }
  }
}
