/**
 * The signed decisions in a co-approver's file that the plan does not have yet, each as text for
 * `respond.addApproval`: those of a plan's file with the wanted hash, or the file itself where it is one decision.
 * `own` is the plan's file as the case keeps it. The host checks every signature.
 */
export function envelopesOf(
  text: string,
  own: string,
  hash: string,
): { readonly envelopes: readonly string[] } | { readonly problem: string } {
  const value = parsed(text);
  if (value === null) return { problem: 'This file is no signed plan: it is not JSON.' };
  if (!('approvals' in value)) return { envelopes: [text] };
  if (!('hash' in value) || value.hash !== hash) {
    return { problem: 'This file is of another plan: its hash differs from the one shown here.' };
  }
  const known = new Set(approvalsOf(parsed(own)));
  const envelopes = approvalsOf(value).filter((envelope) => !known.has(envelope));
  return envelopes.length === 0
    ? { problem: 'There is no decision in this file that the plan does not have already.' }
    : { envelopes };
}

function approvalsOf(value: object | null): readonly string[] {
  if (value === null || !('approvals' in value) || !Array.isArray(value.approvals)) return [];
  return value.approvals.map((envelope) => JSON.stringify(envelope));
}

function parsed(text: string): object | null {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' ? value : null;
  } catch {
    return null;
  }
}
