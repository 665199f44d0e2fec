variable "x" {
  default = "o"
}
resource "terraform_data" "t" {
  input            = "o"
  triggers_replace = "o"
}
