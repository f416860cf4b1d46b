import { describe, expect, test } from 'vitest';
import { gcpIam } from '#shared/policy/gcp-iam/index.ts';
import { filesSource } from '#test/support/policy-cases.ts';

const asset = (name: string, bindings: object[]) => ({
  name,
  assetType: 'cloudresourcemanager.googleapis.com/Project',
  ancestors: ['projects/415', 'organizations/918273'],
  iamPolicy: { bindings },
});
const reader = 'projects/shop/roles/reader';
const bucket = '//storage.googleapis.com/projects/_/buckets/invoices';
const project = asset('//cloudresourcemanager.googleapis.com/projects/415', [
  {
    role: reader,
    members: ['user:ann@example.com', 'group:ops@example.com', 'deleted:user:old@example.com?uid=1'],
  },
  { role: 'roles/unlisted', members: ['serviceAccount:job@shop.iam.gserviceaccount.com'] },
]);
const ofBucket = asset('//storage.googleapis.com/invoices', [
  { role: reader, members: ['domain:example.org'] },
  {
    role: reader,
    members: ['user:tim@example.com'],
    condition: { title: 'until', expression: 'request.time < timestamp("2026-01-01T00:00:00Z")' },
  },
  { role: 'projects/shop/roles/writer', members: ['user:max@example.com'] },
]);
const files = {
  'export.json': [project, ofBucket].map((each) => JSON.stringify(each)).join('\n'),
  'roles.json': JSON.stringify([
    { name: reader, includedPermissions: ['storage.objects.get'] },
    { name: 'projects/shop/roles/writer', includedPermissions: ['storage.objects.create'] },
  ]),
  'groups.json': JSON.stringify({
    groups: { 'ops@example.com': ['bob@example.com', 'group:inner@example.com'] },
  }),
};

async function answers(context: object, more: Record<string, string> = {}) {
  const bundle = await gcpIam.load(filesSource({ ...files, ...more }), {});
  const found = bundle.who?.({ action: 'storage.objects.get', resource: bucket, context: { ...context } });
  return [...(found ?? [])];
}

// https://cloud.google.com/iam/docs/resource-hierarchy-access-control: what the project grants holds for its buckets.
describe('who can read the objects of a bucket', () => {
  test('whom policies name, the members of their groups, and who depends on what is not known', async () => {
    const found = await answers({ project: '415' });
    expect(found.map(({ subject, decision }) => `${subject.type} ${subject.id}: ${decision}`)).toEqual([
      'set domain:example.org: allow',
      'group inner@example.com: allow',
      'group ops@example.com: allow',
      'serviceAccount job@shop.iam.gserviceaccount.com: indeterminate',
      'user ann@example.com: allow',
      'user bob@example.com: allow',
      // Whether example.com is another domain of the same organization is not known.
      'user max@example.com: indeterminate',
      'user tim@example.com: indeterminate',
    ]);
    const tim = found.find(({ subject }) => subject.id === 'tim@example.com');
    expect(tim?.condition?.expr).toContain('request.time');
    const bob = found.find(({ subject }) => subject.id === 'bob@example.com');
    expect(bob?.path.map(({ to }) => to)).toContain('group:ops@example.com');
  });

  test('the time of the question settles a condition', async () => {
    const found = await answers({ project: '415', 'request.time': '2025-06-01T00:00:00Z' });
    expect(found.find(({ subject }) => subject.id === 'tim@example.com')?.decision).toBe('allow');
  });

  test('a deny policy takes people out', async () => {
    const deny = {
      name: 'policies/cloudresourcemanager.googleapis.com%2Fprojects%2F415/denypolicies/no-ann',
      kind: 'DenyPolicy',
      rules: [
        {
          denyRule: {
            deniedPrincipals: ['principal://goog/subject/ann@example.com'],
            deniedPermissions: ['storage.googleapis.com/objects.get'],
          },
        },
      ],
    };
    const found = await answers({ project: '415' }, { 'deny.json': JSON.stringify(deny) });
    expect(found.map(({ subject }) => subject.id)).not.toContain('ann@example.com');
    expect(found.map(({ subject }) => subject.id)).toContain('bob@example.com');
  });
});
