import { supportsResourceControl } from '../catalogue/resource-control.ts';
import type { AwsRequest } from '../request/request.ts';

/**
 * Why service control policies do not bind a caller; null where they do (AWS Organizations User Guide, "Service
 * control policies", "Tasks and entities not restricted by SCPs").
 */
export function serviceControlExemption(
  { subject }: AwsRequest,
  managementAccount: string | null,
): string | null {
  if (subject.account === null)
    return 'Service control policies bind users and roles of member accounts only.';
  if (subject.account === managementAccount) {
    return 'Service control policies do not bind the management account.';
  }
  return subject.serviceLinked ? 'Service control policies do not bind service-linked roles.' : null;
}

/**
 * Why resource control policies do not protect against a request; null where they do (AWS Organizations User Guide,
 * "Resource control policies").
 */
export function resourceControlExemption(
  request: AwsRequest,
  managementAccount: string | null,
): string | null {
  const { service, operation, subject } = request;
  const account = request.resourceAccount ?? subject.account;
  if (account !== null && account === managementAccount) {
    return 'Resource control policies do not bind resources of the management account.';
  }
  if (subject.serviceLinked) return 'Resource control policies do not bind service-linked roles.';
  if (service === 'kms' && operation === 'retiregrant') {
    return 'Resource control policies do not apply to kms:RetireGrant.';
  }
  return supportsResourceControl(service)
    ? null
    : `Resource control policies do not apply to the service ${service}.`;
}
