removed {
  from = module.m.terraform_data.b
}
module "m" {
  source = "./m"
}
