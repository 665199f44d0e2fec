provider "aws" {
  alias  = "x"
  region = local.nosuch
}
resource "aws_sns_topic" "t" {
  count    = 0
  provider = aws.x
  name     = "a"
}
