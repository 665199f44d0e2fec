module "m" {
  source = "./m"
}
moved {
  from = module.x
  to = module.m
}
