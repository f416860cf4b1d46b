/** Offers a text as a file to the browser. A window that takes no downloads leaves it to the file in the case. */
export function saveText(name: string, text: string): void {
  const address = URL.createObjectURL(new Blob([text], { type: 'application/json' }));
  const link = document.createElement('a');
  link.href = address;
  link.download = name;
  link.click();
  URL.revokeObjectURL(address);
}

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
