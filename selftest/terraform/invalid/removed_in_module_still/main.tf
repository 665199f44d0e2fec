removed {
  from = module.m.terraform_data.a
}
module "m" {
  source = "./m"
  count = 1
}
