module "ecs" {
  source  = "./modules/ecs"
  cluster = { name = "main", providers = { FARGATE = 1, FARGATE_SPOT = 4 } }
  services = {
    web = {
      image    = "nginx:1"
      ports    = [8080, 9090]
      env      = { B = "2", A = aws_sqs_queue.q.url, C = 3 }
      secrets  = { TOKEN = aws_ssm_parameter.p.arn }
      sidecars = { log = { image = "fluent", command = ["a"] }, xray = { image = "xray", essential = true } }
      scaling  = { min = 2, max = 10 }
      lb       = { path = "/web/*", priority = 10, health = { codes = "200-399" } }
      volumes  = ["data", "cache"]
    }
    worker = {
      image   = "worker"
      memory  = 1024
      count   = 0
      scaling = { min = 0, max = 3, metrics = { ECSServiceAverageCPUUtilization = 50.5, ECSServiceAverageMemoryUtilization = 80 } }
    }
  }
}
resource "aws_sqs_queue" "q" {
  name = "q"
}
resource "aws_ssm_parameter" "p" {
  name  = "/p"
  type  = "String"
  value = "v"
}
output "ecs" {
  value = module.ecs
}
