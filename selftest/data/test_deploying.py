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
        ("make --directory infra --silent deploy", "make --directory infra --silent deploy"),
        ("gmake deploy", "gmake deploy"),
        ("./gradlew deploy", "gradlew deploy"),
        ("mvn deploy", "mvn deploy"),
        ("inv deploy", "inv deploy"),
        ("git push origin +main", "git push origin +main"),
        ('aws s3api "put-bucket-versioning" --bucket b', "aws s3api put-bucket-versioning"),
        ("aws --region 'eu west' s3api put-bucket-acl", "aws --region eu_west s3api put-bucket-acl"),
        ("awslocal dynamodb create-table", "awslocal dynamodb create-table"),
        ("terraform workspace new green", "terraform workspace new"),
        ('bash -c "terraform apply"', "terraform apply"),
        ("npm run deploy:prod", "npm run deploy:prod"),
        ("npx cdk --app x deploy", "cdk --app x deploy"),
        ("sam deploy --guided", "sam deploy"),
        ("pulumi up", "pulumi up"),
        ("kubectl apply -f x", "kubectl apply"),
        ("gh workflow run terraform-apply.yml", "gh workflow run"),
        ("gh pr merge 5", "gh pr merge"),
        ("gh run rerun 5 --failed", "gh run rerun"),
        ("gh api -X POST repos/o/r/dispatches", "gh api -X POST repos/o/r/dispatches"),
        ("git push", "git push"),
        ("git push --force", "git push --force"),
        ("git push origin", "git push origin"),
        ("git push origin main", "git push origin main"),
        ("git commit -am x && git push -u origin HEAD", "git push -u origin HEAD"),
        ("git push origin fix:master", "git push origin fix:master"),
        ("git push --tags origin fix", "git push --tags origin fix"),
        ("bash deploy.sh", "bash deploy.sh"),
        ("./scripts/apply.sh {env}", "./scripts/apply.sh"),
        ("cd s3 && ./deploy-all", "./deploy-all"),
        ("ENV=prod python3 scripts/release_templates.py", "ENV=prod python3 scripts/release_templates.py"),
        ("ansible-playbook site.yml", "ansible-playbook"),
        ("tf apply", "tf apply"),
        ("T=terraform; $T apply", "$T apply"),
        ('"${TF}" -chdir=s3 destroy', '${TF}" -chdir=s3 destroy'),
        ("terraform refresh", "terraform refresh"),
        ("kubectl rollout restart deployment/x", "kubectl rollout"),
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
        "make --directory infra lint",
        "terraform workspace select green",
        'aws s3api get-bucket-acl --bucket "put b"',
        "terraform plan -refresh=false -out=apply.tfplan",
        "git push -u origin fix/locks",
        "gh pr create --fill",
        "gh run view 5 --log-failed",
        "run: ./scripts/health-check-all.sh dev, in a step or job after the one that applies",
        "in scripts/deploy.sh, write set -euo pipefail",
        "scripts/deploy.sh: set -euo pipefail",
        "in main.tf, let nothing apply before the key",
        "name it ${local.name}, and apply the policy to it",
        "release the lock in the code that takes it",
        "apply nothing while a lock is held",
        "deploy from one branch only",
        "if: ${{ github.ref == 'refs/heads/main' }} # before apply",
        "make the job that deploys need the one that plans",
        "gh run list --status in_progress",
        'resource "aws_s3_bucket" with bucket = "apply"',
        "environment: ${{ inputs.environment }}",
    ],
)
def test_what_only_looks_or_is_written_into_code_does_not(line: str) -> None:
    assert deploys(line) == ""
