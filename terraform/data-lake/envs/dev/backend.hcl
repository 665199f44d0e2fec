bucket         = "tf-state-123456789012-eu-west-3"
key            = "envs/dev/terraform.tfstate"
region         = "eu-west-3"
dynamodb_table = "tf-locks"
encrypt        = true
