import { z } from 'zod';
import { reversibilities, verbs } from '#shared/domain/response.ts';
import type { Playbook } from '#shared/respond/playbook.ts';
import { FailureError } from '#shared/util/result.ts';
import { revocationExtension } from './export.ts';

const identifier = z
  .string()
  .regex(
    /^[a-z][a-z0-9-]+[a-z0-9]--[0-9a-f]{8}-[0-9a-f]{4}-[1-5][0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/i,
  );
/** What every playbook must have (CACAO 2.0, 3.1), and what ours says. */
const cacao = z.looseObject({
  type: z.literal('playbook'),
  spec_version: z.literal('cacao-2.0'),
  id: identifier,
  name: z.string().min(1).max(1_000),
  created_by: identifier,
  created: z.iso.datetime(),
  modified: z.iso.datetime(),
  revoked: z.boolean().default(false),
  valid_from: z.iso.datetime().optional(),
  valid_until: z.iso.datetime().optional(),
  workflow_start: identifier,
  workflow: z.record(identifier, z.looseObject({ type: z.string() })),
  playbook_extensions: z.record(identifier, z.looseObject({})).default({}),
});
const extension = z.looseObject({
  playbook_name: z.string().min(1).max(64),
  playbook_title: z.string().max(1_000),
  allowed_verbs: z.array(z.enum(verbs)).min(1),
  allowed_reversibilities: z.array(z.enum(reversibilities)).min(1),
});

/**
 * Reads a playbook out of a CACAO 2.0 document. Only what our extension says can be executed; the steps of others are
 * for other tools, and a document without it is refused rather than guessed at. Throws kind `unusable`.
 */
export function importPlaybook(text: string, now: number): Playbook {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw new FailureError('unusable', 'The playbook is not JSON.');
  }
  const parsed = cacao.safeParse(value);
  if (!parsed.success) {
    const issues = parsed.error.issues
      .slice(0, 3)
      .map(({ path, message }) => `${path.join('.')}: ${message}`);
    throw new FailureError('unusable', `This is no CACAO 2.0 playbook. ${issues.join('; ')}`);
  }
  const {
    revoked,
    valid_from: from,
    valid_until: until,
    workflow,
    workflow_start: start,
    playbook_extensions: own,
  } = parsed.data;
  if (revoked) throw new FailureError('unusable', 'Its author has revoked this playbook.');
  if (from !== undefined && Date.parse(from) > now)
    throw new FailureError('unusable', `The playbook is valid from ${from}.`);
  if (until !== undefined && Date.parse(until) < now)
    throw new FailureError('unusable', `The playbook was valid until ${until}.`);
  if (workflow[start]?.type !== 'start')
    throw new FailureError('unusable', 'The workflow has no start step.');
  const ours = extension.safeParse(own[revocationExtension]);
  if (!ours.success) {
    throw new FailureError(
      'unusable',
      'The playbook does not say which verbs it takes: it has no revocation extension (see “rescind respond playbook export”).',
    );
  }
  const { playbook_name: name, playbook_title: title, allowed_verbs, allowed_reversibilities } = ours.data;
  return { name, title, verbs: allowed_verbs, reversibilities: allowed_reversibilities };
}
