module "base" {
  source      = "./label"
  namespace   = "Acme Corp"
  environment = "ue1"
  stage       = "PROD"
  name        = "app_server"
  attributes  = ["blue", "blue", "", "v1"]
  tags        = { BusinessUnit = "Finance" }
}
module "derived" {
  source     = "./label"
  context    = module.base.context
  attributes = ["cluster"]
  delimiter  = "/"
  label_order = ["name", "attributes"]
}
module "short" {
  source          = "./label"
  context         = module.base.context
  id_length_limit = 16
}
module "off" {
  source  = "./label"
  enabled = false
}
output "ids" {
  value = [module.base.id, module.derived.id, module.short.id, module.off.id]
}
output "tags" {
  value = [module.base.tags, module.derived.tags, module.base.tags_as_list_of_maps]
}
output "context" {
  value = module.derived.context
}
