provider "aws" {
  region                      = "eu-west-1"
  access_key                  = "fake"
  secret_key                  = "fake"
  skip_credentials_validation = true
  skip_metadata_api_check     = true
  skip_requesting_account_id  = true

  default_tags {
    tags = { Owner = "shop" }
  }
}

provider "aws" {
  alias  = "spare"
  regoin = "eu-west-3"
}

resource "aws_sns_topic" "told" {
  name = "told"
}
