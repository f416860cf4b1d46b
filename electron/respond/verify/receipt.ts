import { type Data, listOf, objectOf, parse, textOf, textsOf } from './data.ts';
import { checkGivenBack } from './given-back.ts';
import { type Note, isSignature, readNote, readSigned, sha256 } from './note.ts';
import { provedRecord } from './proved-record.ts';

/** What a receipt's check says. */
export interface ReceiptReport {
  readonly ok: boolean;
  readonly run: string | null;
  readonly planHash: string | null;
  readonly issued: string | null;
  readonly contained: boolean | null;
  readonly residualUntil: string | null;
  readonly approvals: readonly string[];
  readonly records: number;
  readonly survivors: number;
  /** When a restore gave access back, and by which plan: the receipt claims nothing from then on. */
  readonly givenBack: { readonly at: string; readonly plan: string } | null;
  readonly problems: readonly string[];
}

/** Types of signed statements; written out, since this stands alone. */
const approval = 'urn:rescind:approval:1';
const standingOrder = 'urn:rescind:standing-order:1';

/** Gaps of a plan that leave no access running. */
const closedGaps = new Set(['unknown-here', 'not-restorable']);

interface Options {
  /** The only verifier key that counts; else those in the file are believed. */
  readonly key?: string;
}

/**
 * Checks a receipt's file without the application, its database or its libraries: the signature over its text, the
 * plan against its hash, each record of the journal against the signed checkpoint, each fact against its record, and
 * each approval against the roster.
 */
export function checkReceipt(text: string, options: Options = {}): ReceiptReport {
  const problems: string[] = [];
  const file = objectOf(parse(text));
  const receiptText = textOf(file['receipt']);
  const receipt = objectOf(parse(receiptText));
  const keys = options.key === undefined ? textsOf(file['keys']) : [options.key];
  if (file['format'] !== 'rescind-receipt-file' || receipt['format'] !== 'rescind-receipt') {
    problems.push('this is no receipt');
  }
  const run = textOf(receipt['run']);
  checkNote(textOf(file['note']), run, receiptText, keys, problems);
  const planText = textOf(receipt['plan']);
  const planHash = sha256(planText).toString('hex');
  if (planHash !== receipt['planHash'])
    problems.push('the plan does not have the hash that the receipt names');
  const plan = objectOf(parse(planText));
  const checkpoint = checkpointOf(receipt, keys, problems);
  const records = checkRecords(receipt, run, checkpoint, problems);
  checkStart(records, planHash, problems);
  checkAuthority(receipt, records, problems);
  checkActions(listOf(receipt['actions']), listOf(plan['actions']), records, problems);
  checkSweeps(listOf(receipt['survivors']), records, problems);
  const people = checkApprovals(receipt, planHash, problems);
  const summary = objectOf(receipt['summary']);
  if (summary['contained'] === true) checkContained(receipt, plan, problems);
  checkLogs(listOf(receipt['logs']), plan['kind'] === 'revoke' && summary['contained'] === true, problems);
  const back = checkGivenBack(receipt, Math.max(-1, ...records.keys()), checkpoint);
  if (back === 'unproved') problems.push('that access was given back does not rest on the journal');
  return {
    ok: problems.length === 0,
    run: run === '' ? null : run,
    planHash: textOf(receipt['planHash']) || null,
    issued: textOf(receipt['issued']) || null,
    contained: typeof summary['contained'] === 'boolean' ? summary['contained'] : null,
    residualUntil: textOf(summary['residualUntil']) || null,
    approvals: people,
    records: records.size,
    survivors: typeof summary['survivors'] === 'number' ? summary['survivors'] : 0,
    givenBack: back === 'unproved' ? null : back,
    problems,
  };
}

function checkNote(
  note: string,
  run: string,
  receipt: string,
  keys: readonly string[],
  problems: string[],
): void {
  const body = readSigned(note, keys);
  if (body === null) {
    problems.push('the receipt is not signed by a known key');
    return;
  }
  const [name, digest] = body.split('\n');
  if (name !== `rescind/receipt/${run}`) problems.push('the signature is for another run');
  if (digest !== sha256(receipt).toString('hex'))
    problems.push('the receipt was changed after it was signed');
}

/** The checkpoint of the journal; null where no known key has signed it. */
function checkpointOf(receipt: Data, keys: readonly string[], problems: string[]): Note | null {
  const journal = objectOf(receipt['journal']);
  const checkpoint = readNote(textOf(journal['checkpoint']), keys);
  if (checkpoint === null || !checkpoint.signed) {
    problems.push('the checkpoint of the journal is not signed by a known key');
    return null;
  }
  if (checkpoint.origin !== `rescind/actions/${textOf(journal['id'])}`) {
    problems.push('the checkpoint is of another journal');
  }
  return checkpoint;
}

/** The records by their number, those that the checkpoint includes. */
function checkRecords(
  receipt: Data,
  run: string,
  checkpoint: Note | null,
  problems: string[],
): Map<number, Data> {
  const records = new Map<number, Data>();
  if (checkpoint === null) return records;
  for (const item of listOf(receipt['records'])) {
    const record = provedRecord(item, run, checkpoint);
    if (record === null) {
      problems.push(`record ${String(item['seq'])} is not in the journal as it was signed`);
    } else records.set(record.seq, record);
  }
  return records;
}

function checkStart(records: ReadonlyMap<number, Data>, planHash: string, problems: string[]): void {
  const start = [...records.values()].find(({ kind }) => kind === 'run-started');
  const document = objectOf(objectOf(start?.['body'])['document']);
  if (document['hash'] !== planHash) problems.push('the journal has another plan for this run');
}

/** The right and the roster are those that the journal has: the latest ones that a run was given. */
function checkAuthority(receipt: Data, records: ReadonlyMap<number, Data>, problems: string[]): void {
  const entered = [...records.values()]
    .filter(({ kind }) => kind === 'run-started' || kind === 'resumed')
    .map(({ body }) => objectOf(body)['authority'])
    .findLast((authority) => authority !== null && authority !== undefined);
  // Both texts are canonical, so that equal content is equal text.
  if (JSON.stringify(entered) !== JSON.stringify(receipt['authority'])) {
    problems.push('the journal has another right for this run');
  }
  const believed = objectOf(objectOf(entered)['roster'])['digest'];
  const isSame = sha256(JSON.stringify(receipt['roster'])).toString('hex') === believed;
  if (believed !== undefined && !isSame) problems.push('the run has believed another roster');
}

/** “Contained” may be said only where every action holds, nothing contradicts it, and nobody was left out. */
function checkContained(receipt: Data, plan: Data, problems: string[]): void {
  const isRevocation = plan['kind'] === 'revoke';
  const wanted = isRevocation ? ['in_effect', 'target_absent'] : ['not_in_effect'];
  const signals = new Set(
    listOf(plan['actions'])
      .filter(({ spec }) => objectOf(spec)['verb'] === 'signal.emit')
      .map(({ id }) => id),
  );
  for (const { id, configured, enforced } of listOf(receipt['actions'])) {
    if (signals.has(id)) continue;
    const isAllowed = isRevocation && objectOf(enforced)['state'] === 'still_allowed';
    if (!wanted.includes(textOf(objectOf(configured)['state'])) || isAllowed) {
      problems.push(`${textOf(id)}: it does not hold, but the receipt says that access has ended`);
    }
  }
  if (!isRevocation) return;
  if (listOf(plan['refusals']).length > 0) problems.push('a target was refused, and keeps its access');
  const isLeftOut = listOf(plan['gaps']).some(({ kind }) => !closedGaps.has(textOf(kind)));
  if (isLeftOut) problems.push('the plan leaves out a part of what was asked for');
  const sweeps = new Map(listOf(receipt['survivors']).map((sweep) => [sweep['provider'], sweep]));
  const targets = listOf(plan['actions']).map(({ target }) => textOf(target));
  for (const name of listOf(plan['providers']).map((provider) => textOf(provider['name']))) {
    if (!targets.some((target) => target.startsWith(`${name}/`))) continue;
    const { findings, failed } = sweeps.get(name) ?? {};
    if (listOf(findings).length > 0 || failed !== null) {
      problems.push(`the last sweep of ${name} does not say that nothing new was made`);
    }
  }
}

/** What was swept, and what was found, is what the journal has, in its order. */
function checkSweeps(claimed: readonly Data[], records: ReadonlyMap<number, Data>, problems: string[]): void {
  const entered = [...records.values()].filter(({ kind }) => kind === 'sweep');
  const isSame = ({ at, ...sweep }: Data, index: number): boolean =>
    at === entered[index]?.['time'] && JSON.stringify(sweep) === JSON.stringify(entered[index]?.['body']);
  // Both texts are canonical, so that equal content is equal text.
  if (claimed.length !== entered.length || !claimed.every(isSame)) {
    problems.push('what the sweeps found does not rest on the journal');
  }
}

/** Each fact against the record that is its evidence. */
function checkActions(
  actions: readonly Data[],
  planned: readonly Data[],
  records: ReadonlyMap<number, Data>,
  problems: string[],
): void {
  const ids = new Set(planned.map(({ id }) => id));
  if (actions.length !== planned.length || actions.some(({ id }) => !ids.has(id))) {
    problems.push('the actions of the receipt are not those of the plan');
  }
  for (const action of actions) {
    const name = textOf(action['id']);
    for (const [fact, kind] of [
      ['requested', 'intent'],
      ['configured', 'evidence'],
      ['enforced', 'evidence'],
    ] as const) {
      const claim = action[fact];
      if (claim === null || claim === undefined) continue;
      const record = records.get(Number(objectOf(claim)['record']));
      const isIts = record?.['kind'] === kind && record['action'] === name;
      const said = objectOf(objectOf(record?.['body'])[fact])['state'];
      if (!isIts || (fact !== 'requested' && said !== objectOf(claim)['state'])) {
        problems.push(`${name}: “${fact}” does not rest on its record`);
      }
    }
    checkLatest(action, name, records, problems);
  }
}

/** A receipt may not rest on older evidence than the journal has. */
function checkLatest(
  action: Data,
  name: string,
  records: ReadonlyMap<number, Data>,
  problems: string[],
): void {
  for (const fact of ['configured', 'enforced'] as const) {
    const last = [...records.entries()].findLast(
      ([, record]) =>
        record['kind'] === 'evidence' && record['action'] === name && objectOf(record['body'])[fact] !== null,
    );
    const claimed = objectOf(action[fact])['record'];
    if (last !== undefined && last[0] !== claimed)
      problems.push(`${name}: “${fact}” is not the latest evidence`);
  }
}

/** The people of the roster who have signed the plan, where the run acted by approvals. */
function checkApprovals(receipt: Data, planHash: string, problems: string[]): string[] {
  const people = listOf(objectOf(receipt['roster'])['people']);
  const signed = new Set<string>();
  for (const envelope of listOf(receipt['approvals'])) {
    const payload = Buffer.from(textOf(envelope['payload']), 'base64');
    const type = textOf(envelope['payloadType']);
    const statement = objectOf(parse(payload.toString('utf8')));
    const [subject] = listOf(statement['subject']);
    const isForPlan = objectOf(subject?.['digest'])['sha256'] === planHash;
    const { decision, person: named } = objectOf(statement['predicate']);
    const isApproval = type === 'application/vnd.in-toto+json' && statement['predicateType'] === approval;
    for (const person of people) {
      // Only in their own name: whoever signs beside another one has approved nothing.
      const isOwn = named === person['id'] && hasSigned(envelope, person);
      if (isOwn && isForPlan && isApproval && decision === 'approve') signed.add(textOf(person['id']));
    }
  }
  const authority = objectOf(receipt['authority']);
  if (authority['kind'] === 'standing-order') {
    const order = objectOf(authority['signedOrder']);
    const payload = Buffer.from(textOf(order['payload']), 'base64').toString('utf8');
    const statement = objectOf(parse(payload));
    const playbook = objectOf(objectOf(parse(textOf(receipt['plan'])))['playbook'])['digest'];
    if (
      statement['predicateType'] !== standingOrder ||
      objectOf(statement['predicate'])['playbookDigest'] !== playbook
    ) {
      problems.push('the standing order is not for this playbook');
    }
    const behind = people.filter((person) => hasSigned(order, person)).length;
    if (behind < Math.max(2, Number(authority['needed']))) {
      problems.push(`the standing order is signed by ${behind} people of the roster`);
    }
    for (const person of textsOf(authority['people'])) {
      if (!signed.has(person)) problems.push(`${person} has not signed this plan`);
    }
  }
  if (authority['kind'] === 'approvals') {
    const missing = textsOf(authority['people']).filter((person) => !signed.has(person));
    for (const person of missing) problems.push(`${person} has not signed this plan`);
    if (signed.size < Number(authority['needed'])) problems.push('fewer people have signed than were needed');
  }
  return [...signed];
}

/** DSSE v1: whether one of the person's keys has signed the envelope. */
function hasSigned(envelope: Data, person: Data): boolean {
  const payload = Buffer.from(textOf(envelope['payload']), 'base64');
  const type = textOf(envelope['payloadType']);
  const message = Buffer.concat([
    Buffer.from(`DSSEv1 ${Buffer.byteLength(type)} ${type} ${payload.length} `),
    payload,
  ]);
  return textsOf(person['keys']).some((key) =>
    listOf(envelope['signatures']).some((signature) =>
      isSignature(Buffer.from(key, 'base64'), message, Buffer.from(textOf(signature['sig']), 'base64')),
    ),
  );
}

function checkLogs(logs: readonly Data[], saysContained: boolean, problems: string[]): void {
  for (const { provider, kind, subjects } of logs) {
    const isSeen = listOf(subjects).some(({ successesAfter }) => successesAfter !== 0);
    if (saysContained && isSeen) problems.push(`the logs of ${textOf(provider)} show access afterwards`);
    if (kind !== 'covered' && kind !== 'none-configured') problems.push(`no logs cover ${textOf(provider)}`);
  }
}
