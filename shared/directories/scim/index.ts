import { type DirectoryFormat, type DirectoryReadResult, identityEntry } from '#shared/domain/directory.ts';
import { type JsonObject, arrayAt, isObject, objectAt, textAt } from '#shared/domain/json.ts';
import { alias, loginAlias, objectsOf, textsOf, timeOf } from '#shared/util/directory-fields.ts';

const userSchema = 'urn:ietf:params:scim:schemas:core:2.0:User';
const groupSchema = 'urn:ietf:params:scim:schemas:core:2.0:Group';
const enterprise = 'urn:ietf:params:scim:schemas:extension:enterprise:2.0:User';

/** SCIM 2.0 `ListResponse` of users and groups (RFC 7643, RFC 7644 §3.4.2). SCIM knows no last use. */
export const scim: DirectoryFormat = {
  name: 'scim',
  title: 'SCIM users',
  system: 'scim',
  logs: [],
  usable: false,
  authoritative: true,
  lists: ['user'],
  containerKeys: ['Resources'],
  detect(record) {
    const schemas = arrayAt(record, 'schemas');
    return schemas.includes(userSchema) || schemas.includes(groupSchema) ? 1 : 0;
  },
  createReader() {
    let read = 0;
    return {
      read(record) {
        read++;
        return resource(record);
      },
      finish(envelope) {
        const total = envelope['totalResults'];
        const start = envelope['startIndex'];
        const isAll = typeof total !== 'number' || read >= total;
        const end = (typeof start === 'number' ? start : 1) - 1 + read;
        return { takenAt: null, complete: isAll || end >= total, lastPage: !isAll && end >= total };
      },
    };
  },
};

function resource(record: JsonObject): DirectoryReadResult {
  const id = textAt(record, 'id');
  const isGroup = arrayAt(record, 'schemas').includes(groupSchema);
  if (id === null) return { kind: 'problem', reason: 'Expected a SCIM resource with an id.' };
  if (isGroup) {
    const members = objectsOf(record['members']).flatMap((member) => textsOf(member['value']));
    const name = textAt(record, 'displayName');
    return { kind: 'entries', entries: [{ entry: 'group', authority: null, id, name, members }] };
  }
  const login = textAt(record, 'userName');
  if (login === null) return { kind: 'problem', reason: 'Expected a SCIM user with a userName.' };
  const meta = objectAt(record, 'meta');
  const work = isObject(record[enterprise]) ? record[enterprise] : undefined;
  return {
    kind: 'entries',
    entries: [
      identityEntry({
        id,
        type: 'user',
        authority: /^https:\/\/([^/]+)/.exec(textAt(meta, 'location') ?? '')?.[1] ?? null,
        kind: 'human',
        name: textAt(record, 'displayName') ?? textAt(objectAt(record, 'name'), 'formatted') ?? login,
        aliases: [
          ...alias('immutable', id),
          ...loginAlias(login),
          ...objectsOf(record['emails']).flatMap((mail) => alias('mail', mail['value'])),
          ...alias('external', record['externalId']),
          ...alias('external', work?.['employeeNumber']),
        ],
        status: record['active'] === false ? 'disabled' : record['active'] === true ? 'active' : null,
        created: timeOf(meta?.['created']),
        manager: textAt(objectAt(work, 'manager'), 'value'),
        groups: objectsOf(record['groups']).flatMap((group) => textsOf(group['display'] ?? group['value'])),
      }),
    ],
  };
}
