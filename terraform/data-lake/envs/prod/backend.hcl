bucket         = "tf-state-100000000003-eu-west-3"
key            = "envs/prod/terraform.tfstate"
region         = "eu-west-3"
dynamodb_table = "tf-locks"
encrypt        = true
