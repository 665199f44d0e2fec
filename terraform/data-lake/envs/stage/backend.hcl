bucket         = "tf-state-123456789013-eu-west-3"
key            = "envs/stage/terraform.tfstate"
region         = "eu-west-3"
dynamodb_table = "tf-locks"
encrypt        = true
