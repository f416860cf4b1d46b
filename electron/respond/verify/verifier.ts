/**
 * Checks a receipt. Stands alone: Node and the files beside this one, nothing of the application, no database.
 *
 *   node verifier.ts RECEIPT_FILE [--key VERIFIER_KEY]
 *
 * Without `--key` the keys in the file are believed: that finds every change but one by somebody who has signed all of
 * it anew. The key of a workstation stands in `custody-keys.txt` of its cases.
 */
import { existsSync, readFileSync, realpathSync } from 'node:fs';
import { basename } from 'node:path';
import { checkReceipt } from './receipt.ts';

function main(parameters: readonly string[]): number {
  const [file] = parameters;
  if (file === undefined || file.startsWith('--')) {
    process.stderr.write('Usage: verifier RECEIPT_FILE [--key VERIFIER_KEY]\n');
    return 2;
  }
  const at = parameters.indexOf('--key');
  const key = at < 0 ? undefined : parameters[at + 1];
  if (at >= 0 && key === undefined) {
    process.stderr.write('--key needs a verifier key.\n');
    return 2;
  }
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch {
    process.stderr.write(`${file} cannot be read.\n`);
    return 3;
  }
  const report = checkReceipt(text, key === undefined ? {} : { key });
  process.stdout.write(`${JSON.stringify(report)}\n`);
  return report.ok ? 0 : 1;
}

// Started by itself. The program that holds this among others, in one file, has another name.
const started = process.argv[1];
const isProgram = basename(import.meta.filename).startsWith('verifier.');
if (
  isProgram &&
  started !== undefined &&
  existsSync(started) &&
  realpathSync(started) === import.meta.filename
) {
  process.exitCode = main(process.argv.slice(2));
}
