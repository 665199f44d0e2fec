module "none" {
  source   = "./m"
  for_each = toset([])
}
