import { spawnSync } from 'node:child_process';
import { existsSync, rmSync, writeFileSync } from 'node:fs';

const policy = '/usr/sbin/policy-rc.d';
let isUpToDate = false;

/** Installs packages of Debian as root, without starting services; says so first. Does nothing where it cannot. */
export function installDebianPackages(packages, why) {
  if (process.getuid?.() !== 0 || !existsSync('/usr/bin/apt-get')) return;
  console.error(`Setting up: installing ${why} (apt-get install ${packages.join(' ')}) …`);
  const quiet = {
    stdio: ['ignore', 'ignore', 'inherit'],
    // RUNLEVEL keeps the packages' own services from starting.
    env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive', RUNLEVEL: '1' },
  };
  if (!isUpToDate) spawnSync('apt-get', ['update', '-qq'], quiet);
  isUpToDate = true;
  withoutServices(() =>
    spawnSync('apt-get', ['install', '-y', '-qq', '--no-install-recommends', ...packages], quiet),
  );
}

/** Debian's own way to keep daemons from starting (invoke-rc.d(8)); one that is there already stays as it is. */
function withoutServices(work) {
  if (existsSync(policy)) return work();
  writeFileSync(policy, '#!/bin/sh\nexit 101\n', { mode: 0o755 });
  try {
    return work();
  } finally {
    rmSync(policy);
  }
}
