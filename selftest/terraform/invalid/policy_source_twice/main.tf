data "aws_iam_policy_document" "source" {
  statement {
    sid       = "Read"
    actions   = ["s3:Get*"]
    resources = ["*"]
  }
}
data "aws_iam_policy_document" "twice" {
  source_policy_documents = [data.aws_iam_policy_document.source.json, data.aws_iam_policy_document.source.json]
}
provider "aws" {
  region                      = "eu-west-1"
  access_key                  = "fake"
  secret_key                  = "fake"
  skip_credentials_validation = true
  skip_metadata_api_check     = true
  skip_requesting_account_id  = true
}
