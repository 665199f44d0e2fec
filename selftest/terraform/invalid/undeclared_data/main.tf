output "a" {
  value = data.aws_region.nope.name
}
