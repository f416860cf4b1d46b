import { secondText, type Hour } from '../clock.ts';
import type { Company, Department, Person, Profile, Workload } from '../company.ts';
import type { Emit, Streams } from '../emission.ts';
import type { Random } from '../random.ts';
import { userCaller, type Caller } from './caller.ts';
import { dataOperations as data } from './data-operations.ts';
import { identityOperations as identity } from './identity-operations.ts';
import { managementOperations as management } from './management-operations.ts';
import { drawEnd, recordText, regionOf, type Operation } from './record.ts';
import type { Sessions } from './sessions.ts';

type Shares = readonly (readonly [Operation, number])[];

const looking: Shares = [
  [management.describeInstances, 8],
  [management.describeSecurityGroups, 3],
  [management.describeAlarms, 6],
  [management.getMetricData, 8],
  [management.describeLogStreams, 6],
  [management.startQuery, 4],
  [management.listFunctions, 3],
  [management.getFunction, 3],
  [management.describeServices, 8],
  [management.describeStacks, 4],
  [management.describeDatabases, 4],
  [management.describeClusters, 3],
  [management.listBuckets, 3],
  [identity.getCallerIdentity, 3],
];

const byDepartment: Readonly<Record<Department, Shares>> = {
  platform: [
    ...looking,
    [identity.listRoles, 4],
    [identity.getRole, 6],
    [identity.listAttachedRolePolicies, 5],
    [management.updateService, 3],
    [management.describeNetworkInterfaces, 3],
  ],
  development: [...looking, [management.updateService, 2], [data.describeSecret, 2], [data.getObject, 4]],
  data: [
    [data.getObject, 20],
    [data.listObjects, 14],
    [data.getItem, 4],
    [management.describeInstances, 4],
    [management.startQuery, 8],
    [management.listBuckets, 4],
  ],
  security: [
    ...looking,
    [management.lookupEvents, 25],
    [identity.listRoles, 6],
    [identity.listUsers, 4],
    [identity.getAccountAuthorizationDetails, 2],
  ],
  support: [
    [management.describeLogStreams, 8],
    [management.startQuery, 8],
    [management.describeServices, 4],
    [data.getItem, 4],
  ],
  finance: [
    [management.getCostAndUsage, 9],
    [identity.getCallerIdentity, 1],
  ],
};

const byProfile: Readonly<Record<Profile, Shares>> = {
  web: [
    [data.getItem, 22],
    [data.putItem, 9],
    [data.updateItem, 6],
    [data.getObject, 12],
    [data.putObject, 5],
    [data.decrypt, 14],
    [data.generateDataKey, 5],
    [data.getSecretValue, 3],
    [data.getParameters, 4],
  ],
  worker: [
    [data.getObject, 18],
    [data.putObject, 12],
    [data.headObject, 6],
    [data.decrypt, 12],
    [data.generateDataKey, 8],
    [data.getSecretValue, 4],
    [data.updateItem, 6],
    [management.createLogStream, 5],
    [management.describeInstances, 3],
  ],
  analytics: [
    [data.getObject, 40],
    [data.listObjects, 16],
    [data.putObject, 12],
    [data.decrypt, 12],
    [data.getSecretValue, 1],
  ],
  pipeline: [
    [management.batchGetImage, 14],
    [data.getObject, 10],
    [data.putObject, 8],
    [data.decrypt, 4],
    [management.createLogStream, 4],
    [data.getParameters, 4],
  ],
  operations: [
    [management.describeInstances, 16],
    [management.describeNetworkInterfaces, 8],
    [management.getMetricData, 12],
    [management.describeServices, 5],
    [management.describeDatabases, 4],
    [identity.listRoles, 2],
    [data.putObject, 3],
  ],
};

const byPipelineKey: Shares = [
  [management.putImage, 8],
  [management.batchGetImage, 6],
  [management.updateService, 3],
  [management.updateFunctionCode, 3],
  [management.describeServices, 6],
  [identity.getCallerIdentity, 2],
];

const pipelineShare = 0.04;

/** The everyday work of people, workloads and the build pipeline in AWS. */
export class CloudActivity {
  readonly #random: Random;
  readonly #company: Company;
  readonly #streams: Streams;
  readonly #emit: Emit;
  readonly #sessions: Sessions;
  readonly #workload: () => Workload;
  readonly #person: () => Person;
  readonly #ofDepartment: ReadonlyMap<Department, () => Operation>;
  readonly #ofProfile: ReadonlyMap<Profile, () => Operation>;
  readonly #ofPipeline: () => Operation;

  constructor(random: Random, company: Company, streams: Streams, sessions: Sessions, emit: Emit) {
    this.#random = random;
    this.#company = company;
    this.#streams = streams;
    this.#emit = emit;
    this.#sessions = sessions;
    this.#workload = random.weighted(company.workloads.map((each) => [each, each.weight] as const));
    this.#person = random.weighted(
      company.people.map((each) => [each, each.department === 'finance' ? 0.3 : 1] as const),
    );
    this.#ofDepartment = pickers(random, byDepartment);
    this.#ofProfile = pickers(random, byProfile);
    this.#ofPipeline = random.weighted(byPipelineKey);
  }

  /** One call, and before it the call that opened its session where that is new. */
  step(hour: Hour, second: number): void {
    const time = `${secondText(hour, second)}Z`;
    const people = hour.people * 0.5;
    if (this.#random.fraction() * (people + hour.programs) < people) this.#byPerson(hour, time);
    else if (this.#random.chance(pipelineShare)) this.#byPipeline(time);
    else this.#byWorkload(hour, time);
  }

  #byPerson(hour: Hour, time: string): void {
    const person = this.#person();
    const account = this.#random.pick(person.accounts);
    const operation = this.#ofDepartment.get(person.department)?.();
    const caller = this.#sessions.ofPerson(person, account, hour.day, time);
    if (operation !== undefined) this.#call(caller, operation, time);
  }

  #byWorkload(hour: Hour, time: string): void {
    const workload = this.#workload();
    const operation = this.#ofProfile.get(workload.profile)?.();
    const ofDay = Number(hour.prefix.slice(11, 13));
    const caller = this.#sessions.ofWorkload(workload, hour.day, ofDay, time);
    if (operation !== undefined) this.#call(caller, operation, time);
  }

  #byPipeline(time: string): void {
    const { ci, accounts } = this.#company;
    const caller = userCaller(accounts[0], ci.user, ci.userId, ci.accessKeyId, {
      region: 'eu-west-1',
      address: this.#random.pick(ci.addresses),
      agent:
        'aws-sdk-js/3.888.0 ua/2.1 os/linux#6.11.0-1018-azure lang/js md/nodejs#22.19.0 api/ecr#3.888.0 m/E,N',
    });
    this.#call(caller, this.#ofPipeline(), time);
  }

  #call(caller: Caller, operation: Operation, time: string): void {
    const random = this.#random;
    const exchange = operation.exchange(random, caller);
    const { failure, outcome } = drawEnd(random, operation, caller, exchange.target);
    const call = { caller, operation, exchange, time, eventId: random.guid() };
    this.#emit({
      stream: this.#streams.trail(caller.account.id, regionOf(operation, caller)),
      text: recordText(random, failure === undefined ? call : { ...call, failure }),
      time,
      outcome,
      subject: caller.subject,
    });
  }
}

function pickers<K extends string>(
  random: Random,
  shares: Readonly<Record<K, Shares>>,
): ReadonlyMap<K, () => Operation> {
  const keys = Object.keys(shares) as K[];
  return new Map(keys.map((key) => [key, random.weighted(shares[key])]));
}
