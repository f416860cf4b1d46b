import { computeRules } from './compute.ts';
import { dataRules } from './data.ts';
import { identityRules } from './identity.ts';
import type { Rules } from './rule.ts';

export type { Rule } from './rule.ts';

export const rules: Rules = { ...identityRules, ...computeRules, ...dataRules };

/** Types of ARNs by service and the beginning of the resource, beyond those that the rules imply. */
export const arnTypes: Readonly<Record<string, string>> = {
  'iam:policy': 'AWS::IAM::ManagedPolicy',
  'iam:saml-provider': 'AWS::IAM::SAMLProvider',
  'iam:oidc-provider': 'AWS::IAM::OIDCProvider',
  'iam:root': 'AWS::IAM::Root',
  'sts:assumed-role': 'AWS::STS::AssumedRole',
  'states:stateMachine': 'AWS::StepFunctions::StateMachine',
  'states:execution': 'AWS::StepFunctions::Execution',
  'elasticloadbalancing:targetgroup': 'AWS::ElasticLoadBalancingV2::TargetGroup',
  'elasticloadbalancing:listener': 'AWS::ElasticLoadBalancingV2::Listener',
  'acm:certificate': 'AWS::CertificateManager::Certificate',
  'securityhub:hub': 'AWS::SecurityHub::Hub',
  'kafka:cluster': 'AWS::MSK::Cluster',
  'kms:alias': 'AWS::KMS::Alias',
  'cloudformation:stack': 'AWS::CloudFormation::Stack',
  'wafv2:regional': 'AWS::WAFv2::WebACL',
  'wafv2:global': 'AWS::WAFv2::WebACL',
  'rolesanywhere:trust-anchor': 'AWS::RolesAnywhere::TrustAnchor',
  'rolesanywhere:profile': 'AWS::RolesAnywhere::Profile',
  'organizations:account': 'AWS::Organizations::Account',
  'organizations:policy': 'AWS::Organizations::Policy',
  'organizations:ou': 'AWS::Organizations::OrganizationalUnit',
  'sso:permissionSet': 'AWS::SSO::PermissionSet',
  'sso:instance': 'AWS::SSO::Instance',
  'dms:rep': 'AWS::DMS::ReplicationInstance',
  'ram:resource-share': 'AWS::RAM::ResourceShare',
};
