import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { stateAt } from '#shared/analysis/history/state-at.ts';
import type { EvaluationRequest } from '#shared/domain/evaluation-request.ts';
import type { AccessEvent } from '#shared/domain/event.ts';
import type { Json, JsonObject } from '#shared/domain/json.ts';
import type { PolicyChange } from '#shared/domain/policy-change.ts';
import type { BundleSource, CompiledBundle } from '#shared/domain/policy-system.ts';
import { readChange } from '#shared/policy/aws-iam/history/changes.ts';
import { history } from '#shared/policy/aws-iam/history/index.ts';
import { awsIam } from '#shared/policy/aws-iam/index.ts';
import { type Logged, World, account, actions, operation, record } from './aws-world.ts';

function source(details: JsonObject): BundleSource {
  const text = JSON.stringify(details);
  return { kind: 'files', files: [{ path: 'details.json', text, bytes: new TextEncoder().encode(text) }] };
}

function change(logged: Logged, at: number): PolicyChange[] {
  const time = `2026-05-01T10:${String(Math.floor(at / 60)).padStart(2, '0')}:${String(at % 60).padStart(2, '0')}Z`;
  const found = readChange({ operation: logged.name } as AccessEvent, record(logged, time));
  return found === null ? [] : [{ event: `e${at}`, time, operation: logged.name, ...found }];
}

const subjects = ['user/ann', 'user/bob', 'user/team/ann', 'user/team/bob', 'role/app', 'role/team/app'];
const questions = subjects.flatMap((subject) => [
  ...actions.map((action) => ({ subject, action, resource: '*' })),
  { subject, action: 'sts:AssumeRole', resource: `arn:aws:iam::${account}:role/app` },
]);

async function decisions(bundle: CompiledBundle): Promise<string[]> {
  const found: string[] = [];
  for (const { subject, action, resource } of questions) {
    const request = {
      subject: { type: 'principal', id: `arn:aws:iam::${account}:${subject}` },
      action: { name: action },
      resource: { type: '', id: resource, properties: { account } },
      context: {},
    } as EvaluationRequest;
    found.push((await bundle.evaluate(request, { complete: true })).evaluation.decision);
  }
  return found;
}

const load = (from: BundleSource) => awsIam.load(from, {});

/** What happens to an account, with a snapshot before each call. */
function story(operations: readonly (typeof operation extends fc.Arbitrary<infer T> ? T : never)[]) {
  const world = new World();
  const snapshots = [source(world.details())];
  const logged: Logged[] = [];
  for (const each of operations) {
    const call = world.apply(each);
    if (call === null) continue;
    logged.push(call);
    snapshots.push(source(world.details()));
  }
  return { snapshots, logged };
}

function elements(from: BundleSource) {
  const found = history.elementsOf(from);
  if (found === null) throw new Error('no elements');
  return found;
}

describe('an account follows its log', () => {
  test('a snapshot and the calls since come to the next snapshot', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(operation, { maxLength: 14 }), async (operations) => {
        const { snapshots, logged } = story(operations);
        const [first] = snapshots as [BundleSource];
        const last = snapshots.at(-1) as BundleSource;
        const earlier = logged.flatMap(change);
        const states = stateAt(
          { base: elements(first), isBefore: true, after: null, earlier, simultaneous: [], later: [] },
          history,
        );
        const rebuilt = history.rebuild(first, states);
        expect(await decisions(await load(rebuilt))).toEqual(await decisions(await load(last)));
        expect([...states.values()].filter(({ kind }) => kind === 'unknown')).toEqual([]);
      }),
      { numRuns: 60 },
    );
  });

  test('between two snapshots, from a log that lost documents, nothing is wrong: at most not known', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(operation, { maxLength: 14 }),
        fc.nat(14),
        fc.array(fc.boolean(), { minLength: 14, maxLength: 14 }),
        fc.boolean(),
        async (operations, pick, lost, isBefore) => {
          const { snapshots, logged } = story(operations);
          const changes = logged.map((call, at) =>
            change(lost[at] === true ? withoutDocument(call) : call, at),
          );
          const at = pick % snapshots.length;
          const [first, last] = [snapshots[0] as BundleSource, snapshots.at(-1) as BundleSource];
          const base = isBefore ? first : last;
          const states = stateAt(
            {
              base: elements(base),
              isBefore,
              after: isBefore ? elements(last) : null,
              earlier: changes.slice(0, at).flat(),
              simultaneous: [],
              later: changes.slice(at).flat(),
            },
            history,
          );
          const found = await decisions(await load(history.rebuild(base, states)));
          const truth = await decisions(await load(snapshots[at] as BundleSource));
          const told = (decision: string | undefined, index: number) =>
            found[index] === 'indeterminate' ? 'indeterminate' : decision;
          expect(found).toEqual(truth.map(told));
        },
      ),
      { numRuns: 60 },
    );
  });
});

function withoutDocument(call: Logged): Logged {
  const { policyDocument, ...rest } = call.parameters;
  if (typeof policyDocument !== 'string') return call;
  const cut: Json = policyDocument.slice(0, policyDocument.length / 2);
  return { ...call, parameters: { ...rest, policyDocument: cut } };
}
