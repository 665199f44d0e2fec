check "c" {
  data "aws_iam_policy_document" "d" {
    nosuch = 1
  }
  assert {
    condition     = data.aws_iam_policy_document.d.json != ""
    error_message = "x"
  }
}
