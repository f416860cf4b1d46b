import { arrayAt, type Json, textAt } from '../../../domain/json.ts';
import type { BundleSource } from '../../../domain/policy-system.ts';
import { readDocuments } from '../bundle/documents.ts';
import { readEstate, sortOf } from '../bundle/estate.ts';
import type { Role } from '../model.ts';
import { definitionName, denyingName, denyPolicyName, memberName } from './names.ts';

/** Members, roles and deny policies of a bundle; null where a policy does not say whose it is. */
export function elementsOf(source: BundleSource): ReadonlyMap<string, Json> | null {
  const documents = readDocuments(source, []);
  const estate = readEstate(documents, []);
  if (estate.policies.some(({ node }) => node === '')) return null;
  const elements = new Map<string, Json>();
  for (const { node, bindings } of estate.policies) {
    for (const { role, condition, members } of bindings) {
      for (const member of members) elements.set(memberName({ node, role, condition, member }), true);
    }
  }
  for (const role of estate.roles.values()) {
    const value = definitionOf(role);
    if (value !== null) elements.set(definitionName(role.name), value);
  }
  for (const document of documents) {
    const sort = sortOf(document);
    const name = sort.kind === 'deny' ? textAt(document.value, 'name') : null;
    if (name !== null && Array.isArray(document.value['rules'])) {
      elements.set(denyingName(denyPolicyName(name)), { rules: arrayAt(document.value, 'rules') });
    }
  }
  return elements;
}

/** What decides of a role. */
function definitionOf({ permissions, isDead }: Role): Json {
  if (permissions === null) return null;
  return { includedPermissions: [...permissions].toSorted(), ...(isDead ? { deleted: true } : {}) };
}
