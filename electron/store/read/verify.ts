import { createHash } from 'node:crypto';
import { setImmediate } from 'node:timers/promises';
import { journalEntries } from '#electron/custody/read.ts';
import { verifyJournal } from '#electron/custody/verifier.ts';
import { DecodedStream } from '#electron/evidence/files/decoded.ts';
import { EvidenceFiles, type EvidenceSource } from '#electron/evidence/files/read.ts';
import { chunksOf } from '#electron/evidence/files/source.ts';
import type { VerifyProgress, VerifyReport } from '#shared/ipc/views.ts';
import { FailureError, failureOf } from '#shared/util/result.ts';
import { type DigestCandidate, checkDigests } from './cloudtrail-digest.ts';
import { type VerifiedBundle, checkBundles } from './verify-bundles.ts';
import { type EventPositions, RecordCheck } from './record-check.ts';

/** A row of the evidence list, as far as it is verified. */
export interface VerifyEvidence extends EvidenceSource {
  readonly id: number;
  readonly path: string;
  readonly bytes: number;
  readonly status: 'partial' | 'complete' | 'skipped';
}

export interface VerifyInput {
  readonly evidenceFolder: string;
  readonly journalFolder: string;
  readonly bundlesFolder: string;
  readonly bundles: readonly VerifiedBundle[];
  readonly evidence: readonly VerifyEvidence[];
  readonly events: Iterable<EventPositions>;
}

export interface VerifyContext {
  readonly signal: AbortSignal;
  readonly emit: (progress: VerifyProgress) => void;
}

type Problem = VerifyReport['problems'][number];

const chunkSize = 4 * 1024 * 1024;
/** Digest files and lists of keys are small; larger files are not looked into. */
const digestSize = 4 * 1024 * 1024;

/**
 * Verifies a case: the hash of every kept file, that every event's bytes are there, that records come back the same
 * by random access as in sequence, the custody journal and its agreement with the evidence list, kept bundles, and what the
 * source itself signs (CloudTrail digests). Throws a failure of kind `cancelled` when the signal says so.
 */
export async function verifyCase(input: VerifyInput, { signal, emit }: VerifyContext): Promise<VerifyReport> {
  const { evidence, evidenceFolder } = input;
  const problems: Problem[] = [];
  const records = new RecordCheck(evidence.map(({ id }) => id));
  for (const stretch of input.events) records.add(stretch);
  for (const id of records.unknown) {
    problems.push({ what: 'events', message: `events refer to evidence ${id}, which is not in the list` });
  }
  const candidates: DigestCandidate[] = [];
  let bytes = 0;
  for (const [index, file] of evidence.entries()) {
    emit({ checked: index, total: evidence.length, what: file.path });
    // Gives cancelling a chance; a single large file is read without a pause.
    await setImmediate();
    if (signal.aborted) throw new FailureError('cancelled', 'Verifying was cancelled.');
    bytes += file.bytes;
    const found = checkHash(evidenceFolder, file) ?? checkRecords(evidenceFolder, file, records, candidates);
    problems.push(...found.map((message) => ({ what: file.path, message })));
  }
  emit({ checked: evidence.length, total: evidence.length, what: 'custody journal' });
  const custody = verifyJournal(input.journalFolder);
  problems.push(...custody.problems.map((message) => ({ what: 'custody journal', message })));
  problems.push(...compareWithJournal(input));
  problems.push(...(await checkBundles(input.bundles, input.bundlesFolder, input.journalFolder)));
  const sources = checkDigests(candidates);
  for (const { path, ok, message } of sources) if (ok === false) problems.push({ what: path, message });
  return {
    ok: problems.length === 0,
    evidence: { files: evidence.length, bytes },
    offsets: { events: records.events },
    custody: { entries: custody.entries, checkpoints: custody.checkpoints, rootHash: custody.rootHash },
    sources,
    problems,
  };
}

/** Problems with the bytes as they came; null where they are as they were. */
function checkHash(evidenceFolder: string, file: VerifyEvidence): string[] | null {
  const files = new EvidenceFiles(evidenceFolder);
  try {
    const original = files.original(file);
    const hash = createHash('sha256');
    for (const chunk of chunksOf(original, chunkSize)) hash.update(chunk);
    if (original.size !== file.bytes)
      return [`the file has ${original.size} bytes; ${file.bytes} were taken in`];
    return hash.digest('hex') === file.sha256
      ? null
      : [`the file was changed: its SHA-256 is not ${file.sha256}`];
  } catch (thrown) {
    return [failureOf(thrown).message];
  } finally {
    files.close();
  }
}

/** Decodes the file once from its start, and compares. */
function checkRecords(
  evidenceFolder: string,
  file: VerifyEvidence,
  records: RecordCheck,
  candidates: DigestCandidate[],
): string[] {
  const hash = createHash('sha256');
  const samples = records.samplesOf(file.id);
  const head: Uint8Array[] = [];
  let size = 0;
  for (const chunk of new DecodedStream(evidenceFolder, file).read(true)) {
    hash.update(chunk);
    samples.take(chunk, size);
    size += chunk.length;
    if (file.status === 'skipped' && size <= digestSize) head.push(Uint8Array.from(chunk));
  }
  const text = file.status === 'skipped' && size <= digestSize ? Buffer.concat(head).toString('utf8') : null;
  candidates.push({ path: file.path, plainHash: hash.digest('hex'), text });
  const problems: string[] = [];
  const outside = records.endOf(file.id);
  if (outside > size) problems.push(`events reach to byte ${outside}, but the file ends at ${size}`);
  const files = new EvidenceFiles(evidenceFolder);
  try {
    const different = samples.compare((offset, length) => files.read(file, offset, length));
    if (different !== null)
      problems.push(`the record at ${different} is not read back as it stands in the file`);
  } catch (thrown) {
    problems.push(failureOf(thrown).message);
  } finally {
    files.close();
  }
  return problems;
}

/** Every file in the list was acquired according to the journal, and what was imported is in the list. */
function compareWithJournal({ journalFolder, evidence }: VerifyInput): Problem[] {
  const acquired = new Map<string, unknown>();
  const imported = new Map<string, string>();
  for (const { type, data } of journalEntries(journalFolder)) {
    const sha256 = String(data['sha256']);
    if (type === 'evidence-acquired') acquired.set(sha256, data['bytes']);
    if (type === 'evidence-imported') imported.set(sha256, String(data['path']));
  }
  const problems: Problem[] = [];
  for (const { sha256, path, bytes, status } of evidence) {
    const message = (text: string): void => {
      problems.push({ what: path, message: text });
    };
    if (!acquired.has(sha256)) message('the custody journal does not say that this file was taken in');
    else if (acquired.get(sha256) !== bytes) message('the custody journal gives another size for this file');
    else if (status === 'complete' && !imported.has(sha256)) {
      message('the custody journal does not say that this file was imported');
    }
    imported.delete(sha256);
  }
  for (const path of imported.values()) {
    problems.push({
      what: path,
      message: 'the custody journal says that this file was imported; it is not in the list',
    });
  }
  return problems;
}
