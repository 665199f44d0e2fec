locals {
  account = var.accounts[var.environment]

  tags = merge(var.tags, {
    Environment = var.environment
    Component   = "iam"
  })

  tables = "arn:aws:dynamodb:${var.region}:${local.account}:table"
}

# Reports what is granted to anybody outside the account.
resource "aws_accessanalyzer_analyzer" "account" {
  analyzer_name = "bbws-${var.environment}"
  type          = "ACCOUNT"
  tags          = local.tags
}
