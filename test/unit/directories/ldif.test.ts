import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parseLdif } from '#electron/evidence/records/ldif.ts';
import { RecordSplitter } from '#electron/evidence/records/splitter.ts';
import { detectSyntax } from '#electron/evidence/records/syntax.ts';
import { ldif } from '#shared/directories/ldif/index.ts';
import { fileTime, generalizedTime, guidText, sidText } from '#shared/directories/ldif/values.ts';
import type { RecordSlice } from '#electron/evidence/records/record.ts';

/** Splits as import does, in chunks that cut lines. */
function split(text: string, chunk = 11): RecordSlice[] {
  const bytes = Buffer.from(text);
  const { syntax, markLength } = detectSyntax(bytes);
  expect(syntax.kind).toBe('ldif');
  const splitter = new RecordSplitter(syntax, markLength, new Set());
  const slices: RecordSlice[] = [];
  for (let at = 0; at < bytes.length; at += chunk)
    slices.push(...splitter.push(bytes.subarray(at, at + chunk)));
  slices.push(...splitter.end());
  return slices;
}
const recordsOf = (text: string) =>
  split(text).flatMap((slice) => (slice.kind === 'record' ? [slice.record] : []));

describe('LDIF (RFC 2849)', () => {
  test('its example 2: a folded attribute value', () => {
    const [record] = recordsOf(`version: 1
dn:cn=Barbara Jensen, ou=Product Development, dc=airius, dc=com
objectclass:top
objectclass:person
cn:Barbara Jensen
description:Babs is a big sailing fan, and travels extensively in sea
 rch of perfect sailing conditions.
title:Product Manager, Rod and Reel Division
`);
    expect(record?.['dn']).toBe('cn=Barbara Jensen, ou=Product Development, dc=airius, dc=com');
    expect(record?.['description']).toEqual([
      'Babs is a big sailing fan, and travels extensively in search of perfect sailing conditions.',
    ]);
    expect(record?.['objectclass']).toEqual(['top', 'person']);
  });

  test('its example 3: a base64 value', () => {
    const [record] = recordsOf(`version: 1
dn: cn=Gern Jensen, ou=Product Testing, dc=airius, dc=com
objectclass: top
description:: V2hhdCBhIGNhcmVmdWwgcmVhZGVyIHlvdSBhcmUhICBUaGlzIHZhbHVlIGlzIGJhc2UtNjQtZW5jb2RlZCBiZWNhdXNlIGl0IGhhcyBhIGNvbnRyb2wgY2hhcmFjdGVyIGluIGl0IChhIENSKS4NICBCeSB0aGUgd2F5LCB5b3Ugc2hvdWxkIHJlYWxseSBnZXQgb3V0IG1vcmUu
`);
    expect(record?.['description']).toEqual([
      'What a careful reader you are!  This value is base-64-encoded because it has a control character in it (a CR).\r  By the way, you should really get out more.',
    ]);
  });

  test('comments, also folded ones, and controls are no values; language options are left out', () => {
    const [record] = recordsOf(`# extended LDIF
#
# base <dc=airius,dc=com> with
 a scope that goes on

version: 1

# an entry
dn:: b3U95Za25qWt6YOoLG89QWlyaXVz
control: 1.2.840.113556.1.4.805 true
objectclass: organizationalUnit
ou;lang-en: Sales
`);
    expect(record?.['dn']).toBe('ou=営業部,o=Airius');
    expect(record?.['ou']).toEqual(['Sales']);
    expect(record?.['control']).toBeUndefined();
  });

  test('values from elsewhere are refused, changes are no content; each with its place', () => {
    const text = `dn: cn=a,dc=x
objectclass: person
jpegphoto:< file:///etc/passwd

dn: cn=b,dc=x
changetype: modify
replace: mail
mail: b@x

dn: cn=c,dc=x
objectclass: person
`;
    const slices = split(text);
    expect(slices.map(({ kind }) => kind)).toEqual(['problem', 'problem', 'record']);
    for (const { offset, length } of slices)
      expect(text.slice(offset, offset + length)).toMatch(/^dn: cn=\w,dc=x\n[^]*[^\n]$/);
    expect(slices[0]).toMatchObject({
      reason: expect.stringContaining('lies outside of the file') as string,
    });
    expect(slices[1]).toMatchObject({ reason: expect.stringContaining('modify') as string });
  });

  test('an entry is the same wherever its lines are folded and its chunks are cut', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: 'grapheme', minLength: 1, maxLength: 60 }),
        fc.integer({ min: 1, max: 40 }),
        fc.integer({ min: 1, max: 50 }),
        (value, width, chunk) => {
          const line = `description:: ${Buffer.from(value).toString('base64')}`;
          const folded = line.match(new RegExp(`.{1,${width}}`, 'g'))!.join('\n ');
          const text = `dn: cn=a,dc=x\nobjectclass: person\n${folded}\n\ndn: cn=b,dc=x\ncn: b\n`;
          const [first, second] = split(text, chunk).flatMap((slice) =>
            slice.kind === 'record' ? [slice.record] : [],
          );
          const isText = !/\p{Cc}/u.test(value.replaceAll(/[\t\n\r\u007f-\u009f]/g, ''));
          expect(first?.['description']).toEqual([
            isText ? value : { base64: Buffer.from(value).toString('base64') },
          ]);
          expect(second?.['dn']).toBe('cn=b,dc=x');
        },
      ),
    );
  });

  test('no text makes it throw', () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        expect(parseLdif(text)).toBeDefined();
      }),
    );
  });
});

describe('Active Directory', () => {
  test('times: never, and a known moment', () => {
    // 1970 is 11,644,473,600 seconds after 1601.
    expect(fileTime('116444736010000000')).toBe('1970-01-01T00:00:01Z');
    expect(fileTime('131000000000000000')).toBe('2016-02-15T08:53:20Z');
    for (const never of ['0', '9223372036854775807', '-1', 'x']) expect(fileTime(never)).toBeNull();
    expect(generalizedTime('20240501101112.0Z')).toBe('2024-05-01T10:11:12Z');
    expect(generalizedTime('20240501101112+0200')).toBe('2024-05-01T08:11:12Z');
  });

  test('ids: a SID and a GUID of their bytes', () => {
    // S-1-5-21-2127521184-1604012920-1887927527-72713: MS-DTYP 2.4.2.2.
    const sid = Buffer.from('010500000000000515000000A065CF7E784B9B5FE77C8770091C0100', 'hex').toString(
      'base64',
    );
    expect(sidText({ base64: sid })).toBe('S-1-5-21-2127521184-1604012920-1887927527-72713');
    const guid = Buffer.from('33221100554477668899aabbccddeeff', 'hex').toString('base64');
    expect(guidText({ base64: guid })).toBe('00112233-4455-6677-8899-aabbccddeeff');
  });

  test('an account: disabled, a last logon that may be 14 days older than the truth, a service by its name', () => {
    const [record] = recordsOf(`dn: CN=svc-sql,OU=Service,DC=corp,DC=example
objectClass: top
objectClass: person
objectClass: user
cn: svc-sql
objectGUID:: MyIRAFVEd2aImaq7zN3u/w==
sAMAccountName: svc-sql
userAccountControl: 66050
servicePrincipalName: MSSQLSvc/db1.corp.example:1433
lastLogonTimestamp: 131000000000000000
pwdLastSet: 131000000000000000
accountExpires: 9223372036854775807
adminCount: 1
managedBy: CN=Ann,OU=People,DC=corp,DC=example
whenCreated: 20150101000000.0Z
memberOf: CN=Domain Admins,CN=Users,DC=corp,DC=example
`);
    const result = ldif.createReader({ path: '' }).read(record ?? {}, 'json');
    expect(result).toMatchObject({
      kind: 'entries',
      entries: [
        {
          id: '00112233-4455-6677-8899-aabbccddeeff',
          authority: 'corp.example',
          kind: 'service',
          status: 'disabled',
          ends: null,
          privileged: true,
          usesComplete: true,
          created: '2015-01-01T00:00:00Z',
          lastUses: [{ at: '2016-02-15T08:53:20Z', staleHours: 336 }],
          credentials: [{ type: 'password', rotated: '2016-02-15T08:53:20Z' }],
          owner: 'CN=Ann,OU=People,DC=corp,DC=example',
          groups: ['Domain Admins'],
        },
      ],
    });
  });

  test('a search that was cut is no whole directory', () => {
    const reader = ldif.createReader({ path: '' });
    for (const record of recordsOf(
      `dn: uid=a,dc=x\nobjectClass: account\nuid: a\n\n# search result\nsearch: 2\nresult: 4 Size limit exceeded\n`,
    )) {
      expect(reader.read(record, 'json').kind).not.toBe('problem');
    }
    expect(reader.finish({}).complete).toBe(false);
  });
});
