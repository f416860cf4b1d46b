import { objectAt, textAt } from '#shared/domain/json.ts';
import type { CallContext } from '../../provider.ts';
import type { EntraTenant } from './tenant.ts';

/** Template id of Global Administrator, the same in every tenant (Microsoft Entra built-in roles). */
export const globalAdministrator = '62e90394-69f5-4237-9190-012177145e10';

/** People who are Global Administrator and can sign in, also through groups. */
export async function globalAdministrators(tenant: EntraTenant, call: CallContext): Promise<string[]> {
  const filter = encodeURIComponent(`roleDefinitionId eq '${globalAdministrator}'`);
  const assignments = await tenant.list(
    `/roleManagement/directory/roleAssignments?$filter=${filter}&$expand=principal`,
    call,
  );
  const found = new Set<string>();
  for (const assignment of assignments) {
    const principal = objectAt(assignment, 'principal');
    const id = encodeURIComponent(textAt(assignment, 'principalId') ?? '');
    const type = textAt(principal, '@odata.type');
    const people =
      type === '#microsoft.graph.group'
        ? await tenant.listOf('user', `/groups/${id}/transitiveMembers?$select=id,accountEnabled`, call)
        : type === '#microsoft.graph.user'
          ? [await tenant.get(`/users/${id}?$select=id,accountEnabled`, call)]
          : [];
    for (const person of people) {
      if (person['accountEnabled'] === true) found.add(textAt(person, 'id') ?? '');
    }
  }
  return [...found];
}
