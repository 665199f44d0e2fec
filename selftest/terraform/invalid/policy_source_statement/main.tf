data "aws_iam_policy_document" "one" {
  source_policy_documents = [jsonencode({ Statement = { Sid = "Read", Effect = "Allow", Action = "s3:Get*" } })]
}
provider "aws" {
  region                      = "eu-west-1"
  access_key                  = "fake"
  secret_key                  = "fake"
  skip_credentials_validation = true
  skip_metadata_api_check     = true
  skip_requesting_account_id  = true
}
