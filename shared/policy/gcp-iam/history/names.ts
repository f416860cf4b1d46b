/** Names of the elements that calls change. No part of them can hold a blank. */

/** One member of one role on one resource, under one condition. */
export interface MemberName {
  readonly node: string;
  readonly role: string;
  readonly condition: string | null;
  readonly member: string;
}

export function membersPrefix(node: string): string {
  return `member ${encodeURIComponent(node)} `;
}

export function memberName({ node, role, condition, member }: MemberName): string {
  const words = [role, condition ?? '', member].map((word) => `=${encodeURIComponent(word)}`);
  return membersPrefix(node) + words.join(' ');
}

/** Stands for members of which not even the names are known. */
export const unnamedMembers = (node: string): string => `${membersPrefix(node)}unnamed`;

export const definitionName = (role: string): string => `definition ${encodeURIComponent(role)}`;
export const denyingName = (policy: string): string => `denying ${encodeURIComponent(policy)}`;

/** The words of an element's name. */
export function parseName(element: string): { readonly facet: string; readonly words: readonly string[] } {
  const [facet = '', ...words] = element.split(' ');
  return { facet, words: words.map((word) => decodeURIComponent(word.replace(/^=/, ''))) };
}

/** Null for what stands for members without names. */
export function parseMember(element: string): MemberName | null {
  const { words } = parseName(element);
  const [node = '', role = '', condition = '', member] = words;
  return member === undefined ? null : { node, role, condition: condition === '' ? null : condition, member };
}

/** `policies/cloudresourcemanager.googleapis.com%2Fprojects%2Fshop/denypolicies/x`, whichever way it is escaped. */
export function denyPolicyName(name: string): string {
  return name.replaceAll(/%2f/gi, '/');
}
