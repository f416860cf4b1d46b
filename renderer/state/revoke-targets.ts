import type { AccessEvent } from '#shared/domain/event.ts';
import type { RevokeTarget } from './feature.ts';

/** What of an event can be taken away: who acted, who is behind it, the session and the credential. */
export function revokeTargets({ subject, actor, session, credential }: AccessEvent): RevokeTarget[] {
  const who = subject.id ?? subject.name;
  const behind = actor?.id ?? actor?.name;
  return [
    ...named('identity', who),
    ...(behind === who ? [] : named('identity', behind)),
    ...named('session', session?.id),
    ...named('credential', credential?.id),
  ];
}

function named(kind: RevokeTarget['kind'], id: string | null | undefined): RevokeTarget[] {
  return id === null || id === undefined || id === '' ? [] : [{ kind, id }];
}

/** The same of several events, each thing once. */
export function revokeTargetsOf(events: readonly AccessEvent[]): RevokeTarget[] {
  const seen = new Map<string, RevokeTarget>();
  for (const target of events.flatMap(revokeTargets)) seen.set(`${target.kind} ${target.id}`, target);
  return [...seen.values()];
}
