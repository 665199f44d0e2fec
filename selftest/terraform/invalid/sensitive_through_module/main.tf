variable "p" {
  default   = "x"
  sensitive = true
}
module "m" {
  source = "./m"
  p      = upper(var.p)
}
