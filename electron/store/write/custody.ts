import type { JournalFact } from '#electron/custody/entry.ts';
import { CustodyJournal } from '#electron/custody/journal.ts';
import { type CaseManifest, caseFolder } from '#electron/platform/case-folder.ts';
import type { EvidenceFile, RecordCounts } from '#shared/domain/batch.ts';
import type { Decision } from '#shared/domain/decision.ts';
import type { NewBundle } from '#shared/domain/bundle.ts';
import type { Entry } from './catalogue.ts';

/**
 * Writes to the journal what the writer does, each fact once: an import that was killed between the journal and the
 * database says the same again when it continues, and is not heard twice.
 */
export class Custody {
  readonly #journal: CustodyJournal;
  readonly #known = new Set<string>();

  /** Opens the journal of a case; the key that signs checkpoints lies in the configuration folder. */
  constructor(folder: string, configFolder: string) {
    this.#journal = CustodyJournal.open(caseFolder(folder).journal, configFolder);
    for (const entry of this.#journal.entries()) this.#known.add(identityOf(entry));
  }

  /** Appends the entries that are not in the journal yet. */
  append(entries: readonly JournalFact[]): void {
    const fresh = new Map<string, JournalFact>();
    for (const entry of entries) {
      const identity = identityOf(entry);
      if (!this.#known.has(identity)) fresh.set(identity, entry);
    }
    if (fresh.size === 0) return;
    this.#journal.append([...fresh.values()]);
    for (const identity of fresh.keys()) this.#known.add(identity);
  }

  /** Signs the journal as it stands. */
  checkpoint(): void {
    this.#journal.checkpoint();
  }

  close(): void {
    this.#journal.close();
  }
}

/** What makes an entry the same fact: its type, and the evidence, bundle, run, decision or version that it speaks of. */
function identityOf({ type, data }: JournalFact): string {
  return [
    type,
    data['sha256'] ?? data['bundle'] ?? data['run'] ?? data['decision'] ?? data['schemaVersion'] ?? '',
  ].join(' ');
}

export function caseCreated({ id, name }: CaseManifest): JournalFact {
  return { type: 'case-created', data: { case: id, name } };
}

export function caseMigrated(schemaVersion: number): JournalFact {
  return { type: 'case-migrated', data: { schemaVersion } };
}

export function runStarted(run: number, paths: readonly string[]): JournalFact {
  return { type: 'run-started', data: { run, paths } };
}

export function runFinished(run: number, cancelled: boolean, counts: RecordCounts): JournalFact {
  return { type: 'run-finished', data: { run, cancelled, ...counts } };
}

export function evidenceAcquired({ sha256, path, bytes }: EvidenceFile): JournalFact {
  return { type: 'evidence-acquired', data: { sha256, path, bytes } };
}

/** The digest covers the hash of every file. */
export function bundleAdded(
  id: string,
  { system, digest, inForceFrom, path, files, editedFrom }: NewBundle,
): JournalFact {
  const made = editedFrom === undefined ? {} : { editedFrom };
  return {
    type: 'bundle-added',
    data: { bundle: id, system, digest, inForceFrom, path, files: files.length, ...made },
  };
}

/** What an analyst decided: who, why and what, and which decision it takes back. */
export function decisionTaken({ number, who, why, data }: Omit<Decision, 'undoneBy'>): JournalFact {
  return {
    type: 'decision',
    data: { decision: number, kind: data.kind, who, why, what: JSON.stringify(data) },
  };
}

/** That a file was imported whole, or was kept and skipped; null while it is neither. */
export function evidenceSettled(entry: Entry): JournalFact | null {
  const { sha256, path, format, status, reason, counts } = entry;
  if (status === 'complete') {
    return { type: 'evidence-imported', data: { sha256, path, format, ...counts } };
  }
  return status === 'skipped' ? { type: 'evidence-skipped', data: { sha256, path, reason } } : null;
}
