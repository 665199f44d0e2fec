"""What counts as deploying: commands that change an account or a state, not those that look, nor prose."""

import pytest

from plumbline.expectations.deploying import deploys


@pytest.mark.parametrize(
    ("line", "found"),
    [
        ("terraform -chdir=s3 apply -auto-approve", "terraform -chdir=s3 apply"),
        ("cd s3; tofu destroy", "tofu destroy"),
        ("terraform state rm aws_s3_bucket.b", "terraform state rm"),
        ("aws --region x dynamodb delete-table --table-name t", "aws --region x dynamodb delete-table"),
        ("aws s3 ls s3://b && aws s3 rm s3://b/k", "aws s3 rm"),
        ("make -k ENV=prod deploy-all", "make -k ENV=prod deploy-all"),
        ("npm run deploy:prod", "npm run deploy:prod"),
        ("npx cdk --app x deploy", "cdk --app x deploy"),
        ("sam deploy --guided", "sam deploy"),
        ("pulumi up", "pulumi up"),
        ("kubectl apply -f x", "kubectl apply"),
        ("gh workflow run terraform-apply.yml", "gh workflow run"),
    ],
)
def test_a_command_that_deploys_is_found(line: str, found: str) -> None:
    assert deploys(line) == found


@pytest.mark.parametrize(
    "line",
    [
        "terraform plan -out=tfplan",
        "terraform init -reconfigure && terraform validate",
        "terraform state list | grep aws_dynamodb_table",
        "aws dynamodb describe-table --table-name put-item",
        "aws s3 ls s3://bucket",
        "aws dynamodb wait table-exists --table-name t",
        "make lint",
        "make the job that deploys need the one that plans",
        "gh run list --status in_progress",
        'resource "aws_s3_bucket" with bucket = "apply"',
        "environment: ${{ inputs.environment }}",
    ],
)
def test_what_only_looks_or_is_written_into_code_does_not(line: str) -> None:
    assert deploys(line) == ""
