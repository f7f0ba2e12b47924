import { spawnSync } from 'node:child_process'
import { cpSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

/** What tells whether the copy is the folder's. */
const LOCK = 'package-lock.json'
const PARTS = ['cases', 'lib', 'run.mjs', 'package.json', LOCK, 'fetch-debian.sh']

/**
 * Copies a folder of clients to where they can be installed, and installs them: packages of npm, and programs of Debian where
 * there is apt. What is installed already stays.
 *
 * @returns why there are no programs of Debian; undefined where there are
 * @throws Error where a package cannot be installed
 */
export function installClients(from: string, to: string): string | undefined {
  const installed = join(to, 'installed.json')
  const lock = readFileSync(join(from, LOCK), 'utf8')
  const isInstalled = existsSync(installed) && readFileSync(installed, 'utf8') === lock
  mkdirSync(to, { recursive: true })
  for (const part of PARTS) {
    rmSync(join(to, part), { recursive: true, force: true })
    cpSync(join(from, part), join(to, part), { recursive: true })
  }
  if (!isInstalled) {
    run('npm', ['ci', '--ignore-scripts', '--no-audit', '--no-fund'], to)
    writeFileSync(installed, lock)
  }
  if (existsSync(join(to, '.debian-trixie', 'usr'))) return undefined
  if (spawnSync('apt-get', ['--version']).status !== 0) return 'there is no apt-get'
  const { status, stderr } = spawnSync('sh', ['fetch-debian.sh'], { cwd: to, encoding: 'utf8' })
  return status === 0 ? undefined : `fetch-debian.sh: ${stderr.trim().split('\n').at(-1) ?? ''}`
}

function run(command: string, args: readonly string[], cwd: string): void {
  const { status, error } = spawnSync(command, args, { cwd, stdio: 'inherit' })
  if (status !== 0) throw new Error(`${command} ${args.join(' ')} failed`, { cause: error })
}
