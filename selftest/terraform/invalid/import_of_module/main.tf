module "m" { source = "./m" }
import {
  to = module.m
  id = "1"
}
