module "m" {
  source = "./m"
  count = 0
  z = 1
}
