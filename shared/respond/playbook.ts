import type { Reversibility, Verb } from '../domain/response.ts';

/** Which actions a plan takes of those that providers offer. */
export interface Playbook {
  readonly name: string;
  readonly title: string;
  readonly verbs: readonly Verb[];
  readonly reversibilities: readonly Reversibility[];
}

const containment = [
  'deny.attach',
  'identity.disable',
  'credential.disable',
  'session.invalidate',
  'session.terminate',
  'token.revoke',
  'signal.emit',
] as const satisfies readonly Verb[];

/** The built-in playbooks, mildest first. The first is the default: nothing in it needs repair by hand afterwards. */
export const playbooks: readonly Playbook[] = [
  {
    name: 'contain',
    title: 'Contain: deny, disable, end sessions and tokens',
    verbs: containment,
    reversibilities: ['R0', 'R2'],
  },
  {
    name: 'remove',
    title: 'Contain, and remove grants (created again from the snapshot)',
    verbs: [...containment, 'grant.remove'],
    reversibilities: ['R0', 'R1', 'R2'],
  },
  {
    name: 'evict',
    title: 'Contain, remove grants, and destroy credentials (people issue new ones)',
    verbs: [...containment, 'grant.remove', 'credential.delete', 'credential.rotate'],
    reversibilities: ['R0', 'R1', 'R2', 'R3'],
  },
  {
    name: 'rekey',
    title: 'Evict, and re-key authorities (everyone is hit)',
    verbs: [...containment, 'grant.remove', 'credential.delete', 'credential.rotate', 'authority.rekey'],
    reversibilities: ['R0', 'R1', 'R2', 'R3', 'R4'],
  },
];

export function playbookNamed(name: string): Playbook | null {
  return playbooks.find((playbook) => playbook.name === name) ?? null;
}

/** Whether a playbook takes an action. An advisory has no reversibility and is taken by its verb alone. */
export function takes(playbook: Playbook, verb: Verb, reversibility: Reversibility | null): boolean {
  if (!playbook.verbs.includes(verb)) return false;
  return reversibility === null || playbook.reversibilities.includes(reversibility);
}
