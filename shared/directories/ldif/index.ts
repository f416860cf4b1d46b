import { type DirectoryFormat, identityEntry } from '#shared/domain/directory.ts';
import { arrayAt } from '#shared/domain/json.ts';
import { readEntry } from './entry.ts';

/**
 * An LDAP directory as LDIF (RFC 2849), of Active Directory, OpenLDAP, 389 Directory Server or FreeIPA. Active Directory
 * ends a search after 1,000 entries unless it is paged; `ldapsearch` then says so in the result that closes its output.
 */
export const ldif: DirectoryFormat = {
  name: 'ldif',
  title: 'LDAP directory (LDIF)',
  system: 'ldap',
  logs: ['ldap-access', 'windows-security'],
  usable: true,
  authoritative: true,
  lists: ['user', 'device', 'service'],
  containerKeys: [],
  detect: (record) => (typeof record['dn'] === 'string' && Array.isArray(record['objectclass']) ? 1 : 0),
  createReader() {
    let entries = 0;
    let isCut = false;
    return {
      read(record) {
        if (typeof record['dn'] === 'string') {
          entries++;
          return readEntry(record, record['dn'], identityEntry);
        }
        const [result] = arrayAt(record, 'result');
        if (typeof result !== 'string')
          return { kind: 'problem', reason: 'An entry without a distinguished name.' };
        isCut = !/^0\b/.test(result);
        return { kind: 'skip', reason: 'The result of the search.' };
      },
      finish: () => ({
        takenAt: null,
        complete: isCut ? false : entries > 0 && entries % 1000 === 0 ? null : true,
        lastPage: false,
      }),
    };
  },
};
