provider "aws" {
  alias = "o"
  region = "eu-west-1"
  skip_credentials_validation = true
  skip_requesting_account_id = true
  access_key = "a"
  secret_key = "b"
}
module "m" {
  source = "./m"
  providers = {
    aws.other = aws.o
  }
}
