import { randomBytes } from 'node:crypto';
import { mkdirSync } from 'node:fs';
import { userInfo } from 'node:os';
import { join } from 'node:path';
import { formatCheckpoint } from '#electron/custody/checkpoint.ts';
import { MerkleRoot, leafHash } from '#electron/custody/merkle.ts';
import { type Signer, openSigner } from '#electron/custody/signer.ts';
import { folderMode } from '#electron/platform/case-folder.ts';
import type { JsonObject } from '#shared/domain/json.ts';
import type { JournalRecord, RecordHead, RecordKind } from '#shared/respond/record.ts';
import { FailureError } from '#shared/util/result.ts';
import { canonicalText, sha256 } from '../canonical.ts';
import type { Clock } from '../provider.ts';
import { type JournalDatabase, journalFailure, lockFile, openForAppending } from './database.ts';
import { JournalHeads } from './heads.ts';
import { recordsOf, restoresOf } from './journal-reader.ts';

/** What is entered; number, time and links are added. */
export interface JournalEntry {
  readonly kind: RecordKind;
  readonly run: string | null;
  readonly action: string | null;
  readonly body: JsonObject;
}

interface Waiting extends JournalEntry {
  /** Single-use words that are taken in the same transaction. */
  readonly nonces: readonly string[];
  readonly resolve: (head: RecordHead) => void;
  readonly reject: (reason: unknown) => void;
}

const checkpointEvery = 256;

/**
 * The record of everything that was done to providers from one case. Only ever appended to; every append is durable
 * when it resolves. Several appends that wait at once share one commit. Other processes may append as well: each
 * transaction takes in what came meanwhile first.
 */
export class ActionJournal {
  readonly id: string;
  readonly folder: string;
  readonly #db: JournalDatabase;
  readonly #statements: ReturnType<typeof statementsOf>;
  readonly #file: string;
  readonly #signer: Signer;
  readonly #heads: JournalHeads;
  readonly #clock: Clock;
  readonly #actor = userInfo().username;
  readonly #tree = new MerkleRoot();
  #lastLeaf: Buffer = Buffer.alloc(0);
  #signedSize = 0;
  #queue: Waiting[] = [];
  #isDue = false;

  private constructor(folder: string, configFolder: string, clock: Clock) {
    this.#file = join(folder, 'actions.db');
    try {
      mkdirSync(folder, { recursive: true, mode: folderMode });
    } catch (thrown) {
      throw journalFailure(thrown, this.#file);
    }
    this.folder = folder;
    this.#clock = clock;
    this.#signer = openSigner(configFolder);
    this.#heads = new JournalHeads(configFolder);
    this.#db = openForAppending(this.#file);
    this.#statements = statementsOf(this.#db);
    try {
      this.id = this.#identify();
      this.#compareWithHead();
      this.#catchUp();
      this.#signedSize = this.#lastCheckpoint();
    } catch (thrown) {
      this.#db.close();
      throw journalFailure(thrown, this.#file);
    }
  }

  /**
   * Opens the journal in a case's journal folder. Throws kind `unusable` where whole records were changed or cut:
   * nothing is done on top of those.
   */
  static open(folder: string, configFolder: string, clock: Clock): ActionJournal {
    return new ActionJournal(folder, configFolder, clock);
  }

  get size(): number {
    return this.#tree.size;
  }

  /** Resolves to the record's head once it is durable. Throws where it could not be kept. */
  append(entry: JournalEntry, nonces: readonly string[] = []): Promise<RecordHead> {
    return new Promise((resolve, reject) => {
      this.#queue.push({ ...entry, nonces, resolve, reject });
      if (this.#isDue) return;
      this.#isDue = true;
      setImmediate(() => this.#flush());
    });
  }

  /** Records of a run, oldest first. */
  records(run: string): JournalRecord[] {
    return recordsOf(this.#db, run);
  }

  /** Runs that give back what this one took, oldest first. */
  restoresOf(run: string): string[] {
    return restoresOf(this.#db, run);
  }

  /** Whether a single-use word was taken by a run. */
  hasNonce(nonce: string): boolean {
    return this.#db.prepare<[string]>('select 1 from nonce where nonce = ?').get(nonce) !== undefined;
  }

  /** Signs the journal as it stands and remembers its size and root apart from it. */
  checkpoint(): void {
    const signed = this.#signedSize;
    try {
      this.#db
        .transaction(() => {
          this.#catchUp();
          this.#sign();
        })
        .immediate();
    } catch (thrown) {
      this.#signedSize = signed;
      throw journalFailure(thrown, this.#file);
    }
    this.#rememberHead();
  }

  /** Makes this process the only one that acts from this journal, or throws kind `case-busy`. */
  lockRuns(): { release(): void } {
    const lock = lockFile(join(this.folder, 'actions.lock'));
    if (lock !== null) return lock;
    throw new FailureError(
      'case-busy',
      'Another Rescind acts on this case. Wait until its run has finished, or stop it there.',
    );
  }

  close(): void {
    this.#db.close();
  }

  #flush(): void {
    const batch = this.#queue;
    this.#queue = [];
    this.#isDue = false;
    let heads: RecordHead[];
    try {
      heads = this.#db
        .transaction(() => {
          this.#catchUp();
          const added = batch.map((waiting) => this.#insert(waiting));
          if (this.size - this.#signedSize >= checkpointEvery) this.#sign();
          return added;
        })
        .immediate();
    } catch (thrown) {
      const unreadable = this.#reload();
      if (unreadable !== null) {
        for (const { reject } of batch) reject(unreadable);
        return;
      }
      // One entry that cannot be kept (a nonce used before) must not take others with it.
      if (batch.length > 1) this.#flushSingly(batch);
      else batch[0]?.reject(failureOfAppend(thrown, this.#file));
      return;
    }
    for (const [index, head] of heads.entries()) batch[index]?.resolve(head);
  }

  #flushSingly(batch: readonly Waiting[]): void {
    for (const waiting of batch) {
      this.#queue = [waiting];
      this.#flush();
    }
  }

  #insert({ kind, run, action, body, nonces }: Waiting): RecordHead {
    const text = canonicalText(body);
    const head: RecordHead = {
      seq: this.size,
      time: new Date(this.#clock.now()).toISOString(),
      mono: Math.round(this.#clock.monotonic()),
      actor: this.#actor,
      kind,
      run,
      action,
      bodyDigest: sha256(text),
      previous: this.#lastLeaf.toString('hex'),
    };
    const line = canonicalText(head);
    this.#statements.insert.run(head.seq, run, action, kind, line, text);
    for (const nonce of nonces) this.#statements.nonce.run(nonce, run ?? '');
    this.#add(line);
    return head;
  }

  #add(line: string): void {
    this.#lastLeaf = leafHash(Buffer.from(line));
    this.#tree.append(this.#lastLeaf);
  }

  /** Takes in what another process has appended, up to so many records altogether. */
  #catchUp(most = Number.POSITIVE_INFINITY): void {
    for (const { seq, line } of this.#statements.since.iterate(this.size)) {
      if (this.size >= most) return;
      const head = JSON.parse(line) as Partial<RecordHead>;
      if (seq !== this.size || head.previous !== this.#lastLeaf.toString('hex')) throw damaged(this.size);
      this.#add(line);
    }
  }

  /**
   * A transaction that was undone leaves the tree in memory ahead of the file: it is read anew. Answers with why it
   * could not be; nobody would catch what is thrown from here.
   */
  #reload(): Error | null {
    this.#tree.clear();
    this.#lastLeaf = Buffer.alloc(0);
    try {
      this.#catchUp();
      this.#signedSize = this.#lastCheckpoint();
      return null;
    } catch (thrown) {
      return journalFailure(thrown, this.#file);
    }
  }

  #identify(): string {
    const read = this.#db.prepare<[], { value: string }>("select value from meta where key = 'id'");
    return this.#db
      .transaction(() => {
        const known = read.get()?.value;
        if (known !== undefined) return known;
        const id = randomBytes(8).toString('hex');
        this.#db.prepare("insert into meta (key, value) values ('id', ?)").run(id);
        return id;
      })
      .immediate();
  }

  #lastCheckpoint(): number {
    const row = this.#db
      .prepare<[], { size: number | null }>('select max(size) as size from checkpoint')
      .get();
    return row?.size ?? 0;
  }

  #sign(): void {
    if (this.size === this.#signedSize) return;
    const origin = `rescind/actions/${this.id}`;
    const time = new Date(this.#clock.now()).toISOString();
    const note = formatCheckpoint({ origin, size: this.size, root: this.#tree.root(), time }, this.#signer);
    this.#db
      .prepare(
        'insert into checkpoint (id, size, note) values ((select coalesce(max(id) + 1, 0) from checkpoint), ?, ?)',
      )
      .run(this.size, note);
    const key = this.#signer.verifierKey;
    const name = `key ${sha256(key).slice(0, 16)}`;
    const known = this.#db.prepare<[string]>('select 1 from meta where key = ?').get(name);
    if (known === undefined) this.#db.prepare('insert into meta (key, value) values (?, ?)').run(name, key);
    this.#signedSize = this.size;
  }

  #rememberHead(): void {
    this.#heads.put(this.id, {
      folder: this.folder,
      size: this.size,
      root: this.#tree.root().toString('base64'),
    });
  }

  #compareWithHead(): void {
    const head = this.#heads.get(this.id);
    this.#catchUp(head?.size);
    if (head === null) {
      this.#rememberHead();
      return;
    }
    const seen = this.#tree.root().toString('base64');
    if (head.size > this.size || head.root !== seen) {
      const what =
        head.size > this.size
          ? `has ${this.size} records, but this workstation has seen ${head.size}: it was cut or put back to an older copy`
          : `has other records than this workstation has seen: it was put back to an older copy, or written anew`;
      throw new FailureError(
        'unusable',
        `The action journal ${what}. Look at it with “rescind journal verify”.`,
      );
    }
    if (head.folder !== this.folder) this.#heads.put(this.id, { ...head, folder: this.folder });
  }
}

/** What every append needs, compiled once. */
function statementsOf(db: JournalDatabase) {
  return {
    insert: db.prepare('insert into record (seq, run, action, kind, line, body) values (?, ?, ?, ?, ?, ?)'),
    nonce: db.prepare('insert into nonce (nonce, run) values (?, ?)'),
    since: db.prepare<[number], { seq: number; line: string }>(
      'select seq, line from record where seq >= ? order by seq',
    ),
  };
}

function damaged(at: number): FailureError {
  return new FailureError(
    'unusable',
    `The action journal does not hold together before record ${at}. Nothing is added to it: look at it with “rescind journal verify”.`,
  );
}

function failureOfAppend(thrown: unknown, file: string): Error {
  const message = thrown instanceof Error ? thrown.message : '';
  if (message === 'used before') {
    return new FailureError(
      'refused',
      'This approval was used before: approvals are single-use. Approve again.',
    );
  }
  return journalFailure(thrown, file);
}
