resource "terraform_data" "a" {
}
moved {
  from = data.aws_caller_identity.b
  to = data.aws_caller_identity.a
}
