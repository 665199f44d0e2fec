# Its value is written by hand: what Terraform writes, whoever reads the state reads, too.
resource "aws_secretsmanager_secret" "api_keys" {
  name                    = "threat-intel-api-keys-${var.environment}"
  description             = "Keys of the external sources: a JSON object with otx_api_key and shodan_api_key."
  kms_key_id              = aws_kms_key.secrets.arn
  recovery_window_in_days = 30
}
