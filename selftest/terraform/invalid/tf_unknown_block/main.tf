terraform {
  backends "s3" {
  }
}
