provider "aws" {
  alias = "o"
  region = "eu-west-1"
}
module "m" {
  source = "./m"
  providers = {
    aws.other = aws.o
  }
}
