module "child" {
  source = "./child"
  number = 2
}
