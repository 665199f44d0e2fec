variable "token" {
  type      = string
  ephemeral = true
  default   = "t"
}
resource "terraform_data" "kept" {
  for_each = toset(split(",", var.token))
}
