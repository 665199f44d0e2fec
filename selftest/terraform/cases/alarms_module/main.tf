resource "aws_sns_topic" "t" {
  name = "alerts"
}
module "alarms" {
  source = "./modules/alarms"
  topics = [aws_sns_topic.t.arn, "arn:aws:sns:eu-west-1:123456789012:pager"]
  instances = {
    main = { id = "db-1", size = "large", alarms = { cpu = { threshold = 70.5, actions = [] }, errors = { dimensions = { Extra = "e" } } } }
    side = { id = "db-2", alarms = { free = { enabled = false }, cpu = { periods = 1, actions = ["arn:aws:sns:eu-west-1:123456789012:other"] } } }
    odd  = { id = "db-3", size = "unknown" }
  }
  base = {
    cpu    = { metric = "CPUUtilization", threshold = { small = 80, large = 90 }, extended = "p95" }
    free   = { metric = "FreeStorageSpace", operator = "LessThanThreshold", threshold = { small = 1e9, large = 2000000000 }, statistic = "Minimum", missing = "breaching" }
    errors = { metric = "Errors", threshold = { small = 0.5 }, math = { expression = "m1/m2", metrics = { m1 = "Errors", m2 = "Requests" } }, period = 300 }
  }
}
output "a" {
  value = module.alarms
}
