module "state" {
  source = "../modules/bucket"

  name = "bbws-terraform-state-${var.environment}"
}

module "locks" {
  source = "../modules/table"

  name      = "bbws-terraform-locks"
  key       = { partition = "LockID" }
  recovery  = false
  protected = local.production
}
