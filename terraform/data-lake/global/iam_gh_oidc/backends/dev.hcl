bucket         = "tf-state-100000000001-eu-west-3"
key            = "global/iam_gh_oidc/terraform.tfstate"
region         = "eu-west-3"
dynamodb_table = "tf-locks"
encrypt        = true
