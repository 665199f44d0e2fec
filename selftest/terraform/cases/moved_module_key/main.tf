module "m" {
  source = "./m"
  for_each = toset(["k.v", "w"])
}
moved {
  from = module.m
  to = module.m["k.v"]
}
