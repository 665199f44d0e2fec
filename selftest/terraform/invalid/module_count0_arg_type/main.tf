module "m" {
  source = "./m"
  count = 0
  n = "x"
}
