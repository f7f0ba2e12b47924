import { bundlePrograms } from '@runnel/images/bundle-programs'
import { workspaceRoot } from '@runnel/testing'
import { execFileSync } from 'node:child_process'
import { chmodSync, copyFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { toManifest } from './to-manifest.ts'

const PROJECT = join(workspaceRoot, 'tools/cli')

/** Machine code, and the 27 MB of PostgreSQL in WebAssembly: npm installs them beside the bundle. */
const PACKAGES = ['@electric-sql/pglite', '@node-rs/argon2']
/** Never installed: pg uses it where it is. */
const ABSENT = ['pg-native']

/**
 * Makes the npm package `runnel`: all of Runnel, and this program, as one bundle.
 *
 * @param folder where the tarball goes; made where it is missing
 * @returns the tarball
 * @throws Error where something cannot be resolved, or the console not be built
 */
export async function packCli(folder: string): Promise<string> {
  // Where its sources have not changed, it is there already.
  execFileSync(process.execPath, [join(workspaceRoot, 'libs/console/src/build-main.ts')], {
    stdio: 'inherit',
  })
  // Not within the workspace, where two packages would have one name.
  const staging = mkdtempSync(join(tmpdir(), 'runnel-cli-package-'))
  try {
    await bundlePrograms(workspaceRoot, staging, {
      input: {
        main: 'tools/cli/src/main.ts',
        'watchdog-worker': 'tools/standalone/src/watchdog-worker.ts',
      },
      external: [...PACKAGES, ...ABSENT],
    })
    const installed = Object.fromEntries(PACKAGES.map((name) => [name, versionOf(name)]))
    const manifest = toManifest({ cli: readJson(join(PROJECT, 'package.json')), installed })
    writeFileSync(join(staging, 'package.json'), `${JSON.stringify(manifest, undefined, 2)}\n`)
    copyFileSync(join(PROJECT, 'bin/runnel.js'), join(staging, 'runnel.js'))
    chmodSync(join(staging, 'runnel.js'), 0o755)
    copyFileSync(join(PROJECT, 'README.md'), join(staging, 'README.md'))
    copyFileSync(join(workspaceRoot, 'LICENSE'), join(staging, 'LICENSE'))
    mkdirSync(folder, { recursive: true })
    const pack = ['pack', staging, '--pack-destination', resolve(folder), '--silent']
    return join(resolve(folder), execFileSync('npm', pack, { encoding: 'utf8' }).trim())
  } finally {
    rmSync(staging, { recursive: true, force: true })
  }
}

function versionOf(name: string): string {
  return readJson<{ version: string }>(join(workspaceRoot, 'node_modules', name, 'package.json')).version
}

function readJson<T>(path: string): T {
  return JSON.parse(readFileSync(path, 'utf8')) as T
}
