import { secondText, type Hour } from '../clock.ts';
import type { Company, Person } from '../company.ts';
import type { Sessions } from '../cloudtrail/sessions.ts';
import type { Emit, Streams } from '../emission.ts';
import type { Random } from '../random.ts';
import {
  awsSessionCaller,
  componentCaller,
  nodeCaller,
  serviceAccountCaller,
  type ClusterCaller,
} from './caller.ts';
import { clusterOutcome, clusterRecordText, type ClusterCall } from './record.ts';
import { peopleRequests, refusedRequests } from './people-requests.ts';
import { componentRequests, controllerRequests, nodeRequests, type Draw } from './requests.ts';

export const clusters = ['halden-production', 'halden-staging'] as const;

export const controllers: readonly (readonly [namespace: string, name: string])[] = [
  ['kube-system', 'coredns'],
  ['kube-system', 'aws-load-balancer-controller'],
  ['kube-system', 'cluster-autoscaler'],
  ['cert-manager', 'cert-manager'],
  ['external-secrets', 'external-secrets'],
  ['monitoring', 'prometheus'],
  ['monitoring', 'kube-state-metrics'],
  ['argocd', 'argocd-application-controller'],
  ['ingress', 'ingress-nginx'],
  ['shipping', 'shipment-operator'],
];

interface Member {
  readonly caller: (day: number) => ClusterCaller;
  readonly draw: () => Draw;
}

const refusedShare = 0.012;

/** The everyday work of nodes, controllers, the control plane and people in one cluster. */
export class ClusterActivity {
  readonly #random: Random;
  readonly #company: Company;
  readonly #streams: Streams;
  readonly #emit: Emit;
  readonly #sessions: Sessions;
  readonly #cluster: string;
  readonly #member: () => Member;
  readonly #people: readonly Person[];
  readonly #peopleDraw: () => Draw;

  constructor(
    random: Random,
    company: Company,
    streams: Streams,
    sessions: Sessions,
    emit: Emit,
    cluster: string,
  ) {
    this.#random = random;
    this.#company = company;
    this.#streams = streams;
    this.#emit = emit;
    this.#sessions = sessions;
    this.#cluster = cluster;
    this.#member = random.weighted(members(random, cluster === 'halden-production' ? 6 : 3));
    this.#people = company.people.filter(
      (each) => each.department === 'development' || each.department === 'platform',
    );
    this.#peopleDraw = random.weighted(peopleRequests('developers'));
  }

  step(hour: Hour, second: number): void {
    const people = hour.people * 0.06;
    if (this.#random.fraction() * (people + hour.programs) < people) {
      this.#request(this.#person(hour, second), this.#peopleDraw(), hour, second);
    } else {
      const member = this.#member();
      this.#request(member.caller(hour.day), member.draw(), hour, second);
    }
  }

  #person(hour: Hour, second: number): ClusterCaller {
    const person = this.#random.pick(this.#people);
    const time = `${secondText(hour, second)}Z`;
    const production = this.#company.accounts[1];
    const { session, accessKeyId } = this.#sessions.ofPerson(person, production, hour.day, time);
    return awsSessionCaller({
      username: person.login,
      groups: ['halden:developers'],
      account: production.id,
      roleArn: session?.roleArn ?? '',
      roleName: session?.roleName ?? '',
      roleId: session?.roleId ?? '',
      sessionName: person.login,
      accessKeyId,
      address: person.address,
      agent: 'kubectl/v1.33.4 (darwin/arm64) kubernetes/74cdb42',
    });
  }

  #request(caller: ClusterCaller, draw: Draw, hour: Hour, second: number): void {
    const random = this.#random;
    const denied = random.chance(refusedShare);
    const request = denied ? random.pick(refusedRequests)(random) : draw(random);
    const call = {
      caller,
      request,
      auditId: random.guid(),
      denied,
      second: secondText(hour, second),
      micros: random.below(900_000),
    };
    // A watch is logged when it starts to answer and again when it ends.
    if (request.verb === 'watch' && !denied) this.#log({ ...call, stage: 'ResponseStarted' });
    this.#log({ ...call, stage: 'ResponseComplete' });
  }

  #log(call: ClusterCall): void {
    this.#emit({
      stream: this.#streams.cluster(this.#cluster),
      text: clusterRecordText(this.#random, call),
      time: `${call.second}Z`,
      outcome: clusterOutcome(call),
      subject: call.caller.subject,
    });
  }
}

function members(random: Random, nodes: number): readonly (readonly [Member, number])[] {
  const list: (readonly [Member, number])[] = [];
  const names: string[] = [];
  for (let index = 0; index < nodes; index++) {
    const node = `ip-10-30-${random.below(64)}-${1 + random.below(250)}.eu-west-1.compute.internal`;
    const caller = nodeCaller(random, node, `10.30.1.${10 + index}`);
    names.push(node);
    list.push([{ caller: () => caller, draw: random.weighted(nodeRequests(node)) }, 3]);
  }
  for (const [namespace, name] of controllers) {
    // Pods are replaced and tokens renewed: a new credential each day.
    const caller = daily(() =>
      serviceAccountCaller(random, namespace, name, {
        address: `10.30.${2 + random.below(20)}.${1 + random.below(250)}`,
        agent: `${name}/v1.14.2 (linux/amd64) kubernetes/$Format`,
        node: random.pick(names),
      }),
    );
    list.push([{ caller, draw: random.weighted(controllerRequests(namespace, name)) }, 2.2]);
  }
  for (const name of ['kube-controller-manager', 'kube-scheduler']) {
    const caller = componentCaller(name);
    list.push([{ caller: () => caller, draw: random.weighted(componentRequests(name)) }, 4]);
  }
  return list;
}

function daily(create: () => ClusterCaller): (day: number) => ClusterCaller {
  let made: { readonly day: number; readonly caller: ClusterCaller } | undefined;
  return (day) => {
    if (made === undefined || made.day !== day) made = { day, caller: create() };
    return made.caller;
  };
}
