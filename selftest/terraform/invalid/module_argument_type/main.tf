module "m" {
  source = "./m"
  x = "abc"
}
