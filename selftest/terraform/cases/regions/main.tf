provider "aws" {
  region                      = "us-east-1"
  access_key                  = "fake"
  secret_key                  = "fake"
  skip_credentials_validation = true
  skip_metadata_api_check     = true
  skip_requesting_account_id  = true
}
provider "aws" {
  alias                       = "china"
  region                      = "cn-north-1"
  access_key                  = "fake"
  secret_key                  = "fake"
  skip_credentials_validation = true
  skip_metadata_api_check     = true
  skip_requesting_account_id  = true
}
data "aws_region" "china" {
  provider = aws.china
}
data "aws_partition" "china" {
  provider = aws.china
}
provider "aws" {
  alias                       = "government"
  region                      = "us-gov-west-1"
  access_key                  = "fake"
  secret_key                  = "fake"
  skip_credentials_validation = true
  skip_metadata_api_check     = true
  skip_requesting_account_id  = true
}
data "aws_region" "government" {
  provider = aws.government
}
data "aws_partition" "government" {
  provider = aws.government
}
provider "aws" {
  alias                       = "sovereign"
  region                      = "eusc-de-east-1"
  access_key                  = "fake"
  secret_key                  = "fake"
  skip_credentials_validation = true
  skip_metadata_api_check     = true
  skip_requesting_account_id  = true
}
data "aws_region" "sovereign" {
  provider = aws.sovereign
}
data "aws_partition" "sovereign" {
  provider = aws.sovereign
}
provider "aws" {
  alias                       = "iso"
  region                      = "us-isob-east-1"
  access_key                  = "fake"
  secret_key                  = "fake"
  skip_credentials_validation = true
  skip_metadata_api_check     = true
  skip_requesting_account_id  = true
}
data "aws_region" "iso" {
  provider = aws.iso
}
data "aws_partition" "iso" {
  provider = aws.iso
}
data "aws_region" "named" {
  name = "eu-west-1"
}
data "aws_region" "hosted" {
  endpoint = "ec2.eu-west-1.amazonaws.com"
}
data "aws_region" "both" {
  endpoint = "ec2.eu-west-1.amazonaws.com"
  name     = "eu-west-1"
}
data "aws_region" "elsewhere" {
  name = "cn-northwest-1"
}
data "aws_region" "own" {
  name = null
}
resource "terraform_data" "t" {
  input = [
    [data.aws_region.china.name, data.aws_region.china.endpoint, data.aws_partition.china.partition, data.aws_partition.china.dns_suffix, data.aws_partition.china.reverse_dns_prefix],
    [data.aws_region.government.name, data.aws_region.government.endpoint, data.aws_partition.government.partition, data.aws_partition.government.dns_suffix, data.aws_partition.government.reverse_dns_prefix],
    [data.aws_region.sovereign.name, data.aws_partition.sovereign.partition, data.aws_partition.sovereign.dns_suffix, data.aws_partition.sovereign.reverse_dns_prefix],
    [data.aws_region.iso.name, data.aws_region.iso.endpoint, data.aws_partition.iso.partition, data.aws_partition.iso.dns_suffix, data.aws_partition.iso.reverse_dns_prefix],
    [data.aws_region.named.name, data.aws_region.named.id, data.aws_region.named.endpoint],
    [data.aws_region.hosted.name, data.aws_region.hosted.id, data.aws_region.hosted.endpoint],
    [data.aws_region.both.name, data.aws_region.both.id, data.aws_region.both.endpoint],
    [data.aws_region.elsewhere.name, data.aws_region.elsewhere.id, data.aws_region.elsewhere.endpoint],
    [data.aws_region.own.name, data.aws_region.own.id, data.aws_region.own.endpoint],
  ]
}
