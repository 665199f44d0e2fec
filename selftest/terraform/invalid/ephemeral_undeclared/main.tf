provider "aws" {
  token = ephemeral.aws_ssm_parameter.nosuch.value
}
resource "aws_sns_topic" "t" {
  name = "a"
}
