provider "aws" {
  alias = "other"
}
