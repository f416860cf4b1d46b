import type { DryRunView, PlanView, RunStatus } from '#shared/ipc/respond-views.ts';
import { count, duration, table, visible } from '../text.ts';

/** A plan for a person: every call, what it stops and what it leaves. */
export function planText({ plan, hash, code, approvals, requirement, refusal, runs }: PlanView): string {
  const names = new Map(plan.targets.map(({ key, name }) => [key, name]));
  const lines = [
    `${plan.kind === 'revoke' ? 'Plan' : 'Restore plan'} ${plan.id}, ${count(plan.actions.length)} actions at ${plan.providers.map(({ name }) => name).join(', ')}`,
    `hash ${hash} (${code})`,
    '',
  ];
  for (const { id, spec, target, calls, after, stage, notBefore } of plan.actions) {
    const wait = after.length === 0 ? '' : `, after ${after.join(' ')}`;
    const slice = plan.kind === 'restore' ? `, slice ${stage}` : '';
    const due = notBefore === null ? '' : `, not before ${notBefore}`;
    lines.push(
      `${id} ${plan.kind === 'restore' ? 'undo: ' : ''}${visible(spec.title)}: ${visible(names.get(target) ?? '')} [${target}]`,
      `   ${spec.verb}, ${spec.reversibility ?? 'advisory'}${wait}${slice}${due}`,
      ...calls.map(
        ({ method, address, body }) =>
          `   ${method} ${visible(address)}${body === null ? '' : ` ${visible(body)}`}`,
      ),
    );
    if (plan.kind === 'restore') continue;
    if (spec.stops.length > 0) lines.push(`   stops ${spec.stops.join(', ')}`);
    for (const { artefact, residualSeconds, note } of spec.doesNotStop) {
      lines.push(`   does not stop ${artefact} (${forHowLong(residualSeconds)}): ${visible(note)}`);
    }
  }
  lines.push(
    ...listed(
      'Refused',
      plan.refusals,
      ({ name, provider, why }) => `${visible(name)} at ${provider}: ${visible(why)}`,
    ),
  );
  lines.push(...listed('Not covered', plan.gaps, ({ provider, why }) => `${provider}: ${visible(why)}`));
  lines.push(
    ...listed('Missing control', plan.missing, ({ provider, control, consequence, advice }) =>
      visible(`${provider}: ${control}. ${consequence} ${advice}`),
    ),
  );
  for (const { group, atLeast, atMost, days, consumers } of plan.forecast) {
    const most = atMost === null ? 'unknown, the logs do not cover it' : String(atMost);
    lines.push('', `Collateral of ${group}: ${atLeast} users of it in ${days} days (at most ${most})`);
    for (const { name, events, last, next } of consumers.slice(0, 5)) {
      const due = next === null ? '' : `, due again ${next.from} to ${next.to}`;
      lines.push(`  ${visible(name)}: ${count(events)} events, last ${last}${due}`);
    }
  }
  if (plan.kind === 'revoke') {
    const { seconds, items } = plan.residual;
    lines.push('', `Residual access: ${seconds === 0 ? 'none known' : forHowLong(seconds)}`);
    for (const { provider, artefact, seconds: own, note } of items) {
      lines.push(`  ${artefact} at ${provider}, ${forHowLong(own)}: ${visible(note)}`);
    }
  }
  lines.push('');
  if (requirement !== null) {
    const roles = requirement.roles.length === 0 ? '' : ` by ${requirement.roles.join(' or ')}`;
    lines.push(`Needs ${requirement.needed} approvals${roles}.`);
  }
  for (const { person, decision, objection } of approvals) {
    lines.push(
      `  ${visible(person ?? 'unknown')}: ${objection === null ? (decision ?? '') : `not counted: ${visible(objection)}`}`,
    );
  }
  lines.push(
    refusal === null ? 'It may be executed now.' : `It may not be executed yet: ${visible(refusal)}`,
  );
  if (runs.length > 0) lines.push(`Executed as ${runs.join(', ')}.`);
  return `${lines.join('\n')}\n`;
}

/** A run for a person: the three facts side by side. */
export function statusText(status: RunStatus): string {
  const { run, kind, summary, authority, actions, survivors, gaps, scheduled, stages } = status;
  const isEnforced = summary.enforced === summary.actions;
  const verdict =
    summary.contained === true
      ? kind === 'restore'
        ? 'RESTORED: everything in the plan is as it was'
        : isEnforced
          ? 'ENFORCED: every action was seen to bite'
          : 'CONFIGURED: everything reads back as wanted; not every action can be seen to bite'
      : summary.contained === false
        ? kind === 'restore'
          ? 'NOT RESTORED'
          : 'NOT CONTAINED'
        : kind === 'restore'
          ? 'NOT KNOWN to be restored'
          : 'NOT KNOWN to be contained';
  const lines = [
    `${run}: ${status.status}, by ${authority.kind} of ${authority.people.join(', ')}`,
    `${verdict}. ${summary.effective} of ${summary.actions} configured, ${summary.enforced} seen enforced.`,
    '',
    table(actions, [
      { title: 'action', value: ({ id }) => id },
      { title: 'what', value: ({ title, name }) => `${title}: ${name}` },
      { title: 'requested', value: ({ requested }) => requested },
      { title: 'configured', value: ({ configured }) => configured?.state ?? '–' },
      { title: 'enforced', value: ({ enforced }) => enforced?.state ?? '–' },
      { title: 'state', value: ({ state, outcome }) => (outcome === null ? state : `${state} (${outcome})`) },
      { title: 'detail', value: ({ detail }) => detail.slice(0, 60) },
    ]),
  ];
  if (kind === 'revoke') {
    const until =
      summary.residualUntil ?? (status.summary.contained === true ? 'unbounded' : 'not known yet');
    lines.push(`Residual access until: ${until}`);
  }
  if (status.givenBack !== null) {
    const { at, plan } = status.givenBack;
    lines.push(`Access was given back from ${at} on by ${plan}: what is said above is of the time before.`);
  }
  if (status.countersignaturesMissing > 0) {
    const missing = status.countersignaturesMissing;
    lines.push(
      `FLAGGED: an emergency that ${missing === 1 ? 'one more person has' : `${missing} more people have`} to sign for: rescind respond approve PLAN.json --key FILE`,
    );
  }
  for (const { provider, name, why } of survivors) {
    lines.push(`SURVIVOR at ${provider}: ${visible(name)} (${visible(why)})`);
  }
  for (const { provider, kind: gap, why } of gaps) {
    if (gap !== 'unknown-here') lines.push(`Not covered: ${provider}: ${visible(why)}`);
  }
  for (const { stage, observeUntil } of stages)
    lines.push(`Slice ${stage} is observed until ${observeUntil}`);
  if (scheduled.length > 0) {
    lines.push(`Look again: ${scheduled.map(({ round, at }) => `${round} (${at})`).join(', ')}`);
  }
  return `${lines.join('\n')}\n`;
}

export function dryRunText({ plan, changed, actions }: DryRunView): string {
  return `${[
    `Dry run of ${plan}: nothing was changed.`,
    table(actions, [
      { title: 'action', value: ({ id }) => id },
      { title: 'what', value: ({ title, name }) => `${title}: ${name}` },
      { title: 'asked', value: ({ by }) => (by === 'native' ? 'the provider' : 'state only') },
      { title: 'outcome', value: ({ outcome }) => outcome },
      { title: 'detail', value: ({ detail }) => detail },
    ]),
    ...changed.map((name) => `Changed since the plan: ${visible(name)}`),
  ].join('\n')}\n`;
}

function listed<T>(title: string, items: readonly T[], line: (item: T) => string): string[] {
  return items.length === 0 ? [] : ['', ...items.map((item) => `${title}: ${line(item)}`)];
}

function forHowLong(seconds: number | null): string {
  return seconds === null ? 'no bound' : `up to ${duration(seconds)}`;
}
