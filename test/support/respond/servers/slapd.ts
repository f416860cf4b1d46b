import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePort, listening } from './free-port.ts';

const program = '/usr/sbin/slapd';
const modules = '/usr/lib/ldap';
export const base = 'dc=example,dc=org';
export const operatorDn = `cn=operator,${base}`;
export const operatorPassword = 'operator-4d1c7f';
export const suspectDn = `uid=mallory,ou=people,${base}`;
export const suspectPassword = 'mallory-91aa20';

/** Why the tests on a real OpenLDAP cannot run here; null where they can. */
export const slapdMissing = existsSync(program)
  ? null
  : 'OpenLDAP is not installed (Debian, Ubuntu: "apt-get install slapd ldap-utils").';

export interface Slapd {
  readonly url: string;
  /** `ldapwhoami` as somebody: a client of its own. */
  mayBind(dn: string, password: string): boolean;
  stop(): Promise<void>;
}

const ldif = `dn: ${base}
objectClass: dcObject
objectClass: organization
o: Example
dc: example

dn: ou=people,${base}
objectClass: organizationalUnit
ou: people

dn: ou=policies,${base}
objectClass: organizationalUnit
ou: policies

dn: cn=default,ou=policies,${base}
objectClass: pwdPolicy
objectClass: person
cn: default
sn: default
pwdAttribute: userPassword
pwdLockout: TRUE

dn: ${operatorDn}
objectClass: person
cn: operator
sn: operator
userPassword: ${operatorPassword}

dn: ${suspectDn}
objectClass: inetOrgPerson
uid: mallory
cn: Mallory
sn: Mallory
mail: mallory@example.org
userPassword: ${suspectPassword}

dn: uid=alice,ou=people,${base}
objectClass: inetOrgPerson
uid: alice
cn: Alice
sn: Alice
mail: alice@example.org
userPassword: alice-77b1

dn: cn=admins,${base}
objectClass: groupOfNames
cn: admins
member: uid=alice,ou=people,${base}
member: ${suspectDn}
`;

function configuration(folder: string): string {
  return `include /etc/ldap/schema/core.schema
include /etc/ldap/schema/cosine.schema
include /etc/ldap/schema/inetorgperson.schema
pidfile ${folder}/slapd.pid
modulepath ${modules}
moduleload back_mdb
moduleload ppolicy
database mdb
maxsize 16777216
suffix "${base}"
rootdn "cn=root,${base}"
rootpw root-not-used
directory ${folder}/data
access to attrs=userPassword by dn.exact="${operatorDn}" write by self write by anonymous auth by * none
access to * by dn.exact="${operatorDn}" write by users read by anonymous auth
overlay ppolicy
ppolicy_default "cn=default,ou=policies,${base}"
ppolicy_use_lockout
`;
}

/** Starts OpenLDAP on this machine with a suspect, a colleague, a group and an operator who may write. */
export async function startSlapd(): Promise<Slapd> {
  const folder = mkdtempSync(join(tmpdir(), 'rescind-slapd-'));
  mkdirSync(join(folder, 'data'));
  const config = join(folder, 'slapd.conf');
  writeFileSync(config, configuration(folder));
  writeFileSync(join(folder, 'entries.ldif'), ldif);
  execFileSync('/usr/sbin/slapadd', ['-f', config, '-l', join(folder, 'entries.ldif')], { stdio: 'pipe' });
  const port = await freePort();
  const url = `ldap://127.0.0.1:${port}`;
  const server = spawn(program, ['-f', config, '-h', url, '-d', '0'], {
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  const ended = endOf(server);
  await listening(port, ended);
  return {
    url,
    mayBind(dn, password) {
      try {
        execFileSync('ldapwhoami', ['-x', '-H', url, '-D', dn, '-w', password], { stdio: 'pipe' });
        return true;
      } catch {
        return false;
      }
    },
    async stop() {
      server.kill('SIGTERM');
      await ended;
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

function endOf(server: ChildProcess): Promise<string> {
  let text = '';
  server.stderr?.on('data', (data: Buffer) => (text += data.toString('utf8')));
  return new Promise((resolve) => void server.once('exit', (code) => resolve(`${code}: ${text}`)));
}
