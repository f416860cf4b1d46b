import { spawn } from 'node:child_process';
import { readFileSync, readdirSync } from 'node:fs';
import { projectRoot } from '../support/imports.ts';

export interface ChildRun {
  readonly seconds: number;
  /** The last line of standard output, parsed. */
  readonly answer: Record<string, unknown>;
  /** Highest sum of resident memory over the process and its descendants, bytes; null where /proc is not there. */
  readonly peakBytes: number | null;
}

/** Runs a Node script of the project to its end, with the memory of its process tree sampled ten times a second. */
export async function runChild(script: string, args: readonly string[]): Promise<ChildRun> {
  const started = performance.now();
  const child = spawn(process.execPath, [script, ...args], {
    cwd: projectRoot,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let [output, complaints] = ['', ''];
  child.stdout.setEncoding('utf8').on('data', (text: string) => (output += text));
  child.stderr.setEncoding('utf8').on('data', (text: string) => (complaints += text));
  let peak = 0;
  const timer = setInterval(() => (peak = Math.max(peak, treeBytes(child.pid ?? 0))), 100);
  const code = await new Promise<number | null>((resolve) => void child.once('close', resolve));
  clearInterval(timer);
  const seconds = (performance.now() - started) / 1000;
  if (code !== 0) throw new Error(`${script} ended with ${code}: ${complaints.slice(-2000)}`);
  const answer = JSON.parse(output.trim().split('\n').at(-1) ?? '{}') as Record<string, unknown>;
  return { seconds, answer, peakBytes: peak === 0 ? null : peak };
}

function treeBytes(root: number): number {
  const parents = new Map<number, number>();
  const sizes = new Map<number, number>();
  try {
    for (const name of readdirSync('/proc')) {
      if (!/^\d+$/.test(name)) continue;
      const text = statusOf(name);
      if (text === null) continue;
      parents.set(Number(name), numberAfter(text, 'PPid:'));
      sizes.set(Number(name), numberAfter(text, 'VmRSS:') * 1024);
    }
  } catch {
    return 0;
  }
  const isInTree = (pid: number): boolean => {
    for (let at: number | undefined = pid; at !== undefined && at > 1; at = parents.get(at)) {
      if (at === root) return true;
    }
    return false;
  };
  return [...sizes].reduce((sum, [pid, bytes]) => sum + (isInTree(pid) ? bytes : 0), 0);
}

/** A process may end between listing and reading. */
function statusOf(pid: string): string | null {
  try {
    return readFileSync(`/proc/${pid}/status`, 'utf8');
  } catch {
    return null;
  }
}

function numberAfter(text: string, label: string): number {
  const at = text.indexOf(label);
  return at < 0 ? 0 : Number.parseInt(text.slice(at + label.length), 10);
}
