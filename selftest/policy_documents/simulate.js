// Reads cases as JSON from the standard input and prints what the simulator decides of each, as JSON.
import { readFileSync } from 'node:fs'
import { runSimulation } from '@cloud-copilot/iam-simulate'

const ACCOUNT = '536580886816'
const WORDS = { Allowed: 'allowed', ExplicitlyDenied: 'explicitDeny', ImplicitlyDenied: 'implicitDeny' }
const ALL = [{ name: 'all', policy: { Version: '2012-10-17', Statement: { Effect: 'Allow', Action: '*', Resource: '*' } } }]

const verdicts = []
for (const { policies, resource_policy, action, resource, principal, context } of JSON.parse(readFileSync(0))) {
  const answer = await runSimulation({
    request: { principal, action, resource: { resource, accountId: ACCOUNT }, contextVariables: context },
    identityPolicies: resource_policy ? ALL : policies.map((policy, n) => ({ name: `policy-${n}`, policy })),
    resourcePolicy: resource_policy ?? undefined,
    serviceControlPolicies: [],
    resourceControlPolicies: [],
  }, {})
  verdicts.push(WORDS[answer.overallResult ?? answer.analysis?.result] ?? JSON.stringify(answer))
}
console.log(JSON.stringify(verdicts))
