import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { mapEvent } from '#shared/analysis/requests/mapping.ts';
import type { JsonObject } from '#shared/domain/json.ts';
import { gcpAudit } from '#shared/formats/gcp-audit/index.ts';

/** Reads a case of the format and maps the event, as an analysis of a case does. */
function mapped(slug: string) {
  const path = join(import.meta.dirname, '../../cases/gcp-audit', slug, 'record.json');
  const record = JSON.parse(readFileSync(path, 'utf8')) as JsonObject;
  const read = gcpAudit.createReader({ path: 'log.json', timeZone: null }).read(record, 'json');
  if (read.kind !== 'event') throw new Error(JSON.stringify(read));
  const evidence = { sha256: '', path: '', offset: 0, length: 0 };
  return mapEvent(
    { ...read.event, id: 'e', format: 'gcp-audit', evidence },
    gcpAudit.native?.(record, 'json') ?? record,
  );
}

describe('an entry of the Google Cloud audit logs', () => {
  test('is the request that IAM judged, with the project that the bucket does not name', () => {
    expect(mapped('data-access-with-key')).toEqual({
      kind: 'mapped',
      system: 'gcp-iam',
      request: {
        subject: { type: 'serviceAccount', id: 'reporter@shop-prod.iam.gserviceaccount.com' },
        action: { name: 'storage.objects.get' },
        resource: {
          type: 'gcs_bucket',
          id: 'projects/_/buckets/invoices/objects/2026/03.pdf',
          properties: { service: 'storage.googleapis.com', project: 'shop-prod' },
        },
        context: { 'request.time': '2026-03-04T05:06:07.089101123Z' },
      },
      knowledge: { complete: false },
      attributes: {
        'subject.id': 'log',
        'action.name': 'log',
        'resource.id': 'log',
        'resource.properties.service': 'log',
        'resource.properties.project': 'log',
        'context.request.time': 'log',
      },
    });
  });

  test('of several permissions it is the one that was refused', () => {
    expect(mapped('granted-false-without-status')).toMatchObject({
      request: {
        action: { name: 'run.services.setIamPolicy' },
        resource: { properties: { service: 'run.googleapis.com' } },
      },
    });
  });

  test.each([
    ['perimeter-denied', 'stand beside IAM'],
    ['cluster-among-others', 'RBAC'],
    ['system-event', 'no exercise of an IAM permission'],
    ['no-identity', 'names no principal'],
  ])('%s is no request to IAM', (slug, reason) => {
    expect(mapped(slug)).toMatchObject({
      kind: 'unmapped',
      system: 'gcp-iam',
      reason: expect.stringContaining(reason) as string,
    });
  });
});
