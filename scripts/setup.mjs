// Brings a fresh clone to the point where it runs: dependencies (Node 24 among them), the build, and with
// --test a Chromium and the servers that providers are tested on. Runs on the machine's own Node, which may be too old for everything else.
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { findChromium, installChromium } from './chromium.mjs';
import { installDebianPackages } from './debian.mjs';
import { buildDigest, digestOf, isFresh, markFresh, root } from './fresh.mjs';

const windows = process.platform === 'win32';

function run(command, args, what) {
  const result = spawnSync(command, args, { cwd: root, stdio: 'inherit', shell: windows });
  if (result.status !== 0) {
    console.error(`\nSet-up stopped: ${what} failed (${command} ${args.join(' ')}).`);
    process.exit(1);
  }
}

/** The Node that comes with the dependencies. */
function projectNode() {
  const path = join(root, 'node_modules', 'node', 'bin', windows ? 'node.exe' : 'node');
  return existsSync(path) ? path : null;
}

const dependencies = digestOf(['package-lock.json']);
if (projectNode() === null || !isFresh('dependencies', dependencies)) {
  console.error('Setting up: installing the dependencies (npm ci) …');
  run('npm', ['ci', '--no-audit', '--no-fund', '--loglevel=error'], 'installing the dependencies');
  markFresh('dependencies', dependencies);
}

const node = projectNode();
if (node === null) {
  console.error(
    'Set-up stopped: the dependency "node" brought no Node.js 24 for this platform. Install Node.js 24 or newer ' +
      'from https://nodejs.org and run the same command again.',
  );
  process.exit(1);
}

const sources = buildDigest();
if (!existsSync(join(root, 'out')) || !isFresh('build', sources)) {
  console.error('Setting up: building …');
  run(node, [join('scripts', 'build.mjs')], 'the build');
  markFresh('build', sources);
}

if (process.argv.includes('--test')) {
  if (findChromium() === null && !installChromium()) process.exit(1);
  // Providers are tested on real servers where they are there; without them those tests are skipped.
  if (!existsSync('/usr/sbin/slapd'))
    installDebianPackages(['slapd', 'ldap-utils'], 'OpenLDAP for the tests');
  if (!existsSync('/usr/sbin/samba') || !existsSync('/usr/share/samba/setup')) {
    const parts = ['samba-ad-dc', 'samba-ad-provision', 'samba-dsdb-modules', 'samba-vfs-modules', 'winbind'];
    installDebianPackages(parts, 'Samba’s domain controller for the tests of Active Directory');
  }
}
