variable "environment" {
  description = "Ends the name of each resource, and is the name of the stage: dev, staging, prod."
  type        = string
}

variable "region" {
  description = "Region of zones, endpoints and the API."
  type        = string
}

variable "vpc_cidr" {
  description = "Addresses of the VPC: a network of 16 bits."
  type        = string
}

variable "collector_invoke_arn" {
  description = "What API Gateway calls."
  type        = string
}
