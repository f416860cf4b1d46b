import type { Account, Company, Person, Workload } from '../company.ts';
import type { Emit, Streams } from '../emission.ts';
import type { Random } from '../random.ts';
import { personSession, workloadSession, type Caller } from './caller.ts';
import { assumeRole } from './identity-operations.ts';
import { recordText, regionOf } from './record.ts';

/** Workloads renew their credentials four times a day. */
const renewals = 4;

/** The sessions that are open: each begins with the call that minted it, so that lineage can be followed. */
export class Sessions {
  readonly #random: Random;
  readonly #company: Company;
  readonly #streams: Streams;
  readonly #emit: Emit;
  readonly #instances: number;
  readonly #open = new Map<string, { readonly period: number; readonly caller: Caller }>();

  /** `instances`: of each workload that run side by side, each with a session of its own. */
  constructor(random: Random, company: Company, streams: Streams, emit: Emit, instances: number) {
    this.#instances = instances;
    this.#random = random;
    this.#company = company;
    this.#streams = streams;
    this.#emit = emit;
  }

  /** A person's session of the day in that account. */
  ofPerson(person: Person, account: Account, day: number, time: string): Caller {
    return this.#session(`${person.login}/${account.id}`, day, time, (startedAt) => ({
      caller: personSession(this.#random, this.#company, person, account, startedAt),
      opener: {
        identity: `{"type":"SAMLUser","principalId":"d-93670a5c1e:${person.login}","userName":"${person.login}","identityProvider":"d-93670a5c1e"}`,
        address: person.address,
        agent: person.agent,
        call: 'AssumeRoleWithSAML',
      },
    }));
  }

  ofWorkload(workload: Workload, day: number, hour: number, time: string): Caller {
    const period = day * renewals + Math.floor((hour * renewals) / 24);
    const service = `${hosts[workload.kind]}.amazonaws.com`;
    const instance = this.#random.below(this.#instances);
    return this.#session(
      `${workload.account.id}/${workload.name}/${instance}`,
      period,
      time,
      (startedAt) => ({
        caller: workloadSession(this.#random, workload, instance, startedAt),
        opener: {
          identity: `{"type":"AWSService","invokedBy":"${service}"}`,
          address: service,
          agent: service,
          call: 'AssumeRole',
        },
      }),
    );
  }

  #session(
    key: string,
    period: number,
    time: string,
    create: (startedAt: string) => { readonly caller: Caller; readonly opener: Opener },
  ): Caller {
    const open = this.#open.get(key);
    if (open !== undefined && open.period === period) return open.caller;
    const { caller, opener } = create(time);
    this.#open.set(key, { period, caller });
    this.#opened(caller, opener, time);
    return caller;
  }

  #opened(caller: Caller, opener: Opener, time: string): void {
    const { session } = caller;
    if (session === undefined) return;
    const operation = assumeRole({
      name: opener.call,
      roleArn: session.roleArn,
      roleName: session.roleName,
      roleId: session.roleId,
      account: session.account.id,
      sessionName: session.sessionName,
      accessKeyId: session.accessKeyId,
      expires: time,
      token: this.#random.base64(240),
    });
    const by: Caller = {
      identity: opener.identity,
      arn: '',
      subject: '',
      account: session.account,
      region: caller.region,
      address: opener.address,
      agent: opener.agent,
      accessKeyId: '',
    };
    this.#emit({
      stream: this.#streams.trail(session.account.id, regionOf(operation, by)),
      text: recordText(this.#random, {
        caller: by,
        operation,
        exchange: operation.exchange(this.#random, by),
        time,
        eventId: this.#random.guid(),
      }),
      time,
      outcome: 'allow',
      subject: null,
    });
  }
}

interface Opener {
  readonly identity: string;
  readonly address: string;
  readonly agent: string;
  readonly call: 'AssumeRole' | 'AssumeRoleWithSAML';
}

const hosts: Readonly<Record<Workload['kind'], string>> = {
  instance: 'ec2',
  function: 'lambda',
  task: 'ecs-tasks',
  pod: 'pods.eks',
};
