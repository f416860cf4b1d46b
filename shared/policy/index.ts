import type { PolicySystem } from '../domain/policy-system.ts';
import { awsIam } from './aws-iam/index.ts';
import { casbin } from './casbin/index.ts';
import { cedar } from './cedar/index.ts';
import { cerbos } from './cerbos/index.ts';
import { gcpIam } from './gcp-iam/index.ts';
import { kubernetesRbac } from './kubernetes-rbac/index.ts';
import { opa } from './opa/index.ts';

/** Every policy system that is known. A new one is a folder here and a line in this list. */
export const policySystems: readonly PolicySystem[] = [
  awsIam,
  casbin,
  cedar,
  cerbos,
  gcpIam,
  kubernetesRbac,
  opa,
];

/** The system of that name, or undefined. */
export function policySystemByName(name: string): PolicySystem | undefined {
  return policySystems.find((system) => system.name === name);
}
