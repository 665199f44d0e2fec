module "names" {
  source = "../modules/names"

  environment = var.environment
}

resource "aws_s3_bucket" "state" {
  bucket = module.names.state_bucket

  lifecycle {
    prevent_destroy = true
  }
}

resource "aws_s3_bucket_versioning" "state" {
  bucket = aws_s3_bucket.state.id

  versioning_configuration {
    status = "Enabled"
  }
}

resource "aws_dynamodb_table" "locks" {
  name         = module.names.lock_table
  billing_mode = "PAY_PER_REQUEST"
  hash_key     = "LockID"

  attribute {
    name = "LockID"
    type = "S"
  }

  lifecycle {
    prevent_destroy = true
  }
}

output "state_bucket_name" {
  value = aws_s3_bucket.state.bucket
}

output "names" {
  value = {
    bucket = aws_s3_bucket.state.bucket
    table  = aws_dynamodb_table.locks.name
  }
}
