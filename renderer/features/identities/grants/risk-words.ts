import type { EntitlementRisk } from '#shared/domain/entitlement.ts';

const words: Readonly<Record<EntitlementRisk, string>> = {
  'privilege-escalation': 'can raise its own rights',
  'credential-access': 'can get credentials',
  public: 'open to everybody',
  'cross-account': 'from another account',
  wildcard: 'on everything',
};

export function riskWords(risks: readonly EntitlementRisk[]): string {
  return risks.map((risk) => words[risk]).join(', ');
}
