data "aws_iam_policy_document" "d" {}
check "c" {
  data "aws_iam_policy_document" "d" {}
  assert {
    condition     = data.aws_iam_policy_document.d.json != ""
    error_message = "x"
  }
}
