import { execFile } from 'node:child_process'
import { globSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'

const LIMIT_MS = 600_000
const KEYRING = '/usr/share/keyrings/debian-archive-keyring.gpg'
const DEFAULT_URI = 'http://deb.debian.org/debian'
const run = promisify(execFile)

/** Packages of another suite of Debian than that of this machine, unpacked into a folder: nothing of the machine changes. */
export class DebianSuite {
  readonly #suite: string
  readonly #folder: string

  /** @param folder of this suite alone, for lists and packages */
  constructor(suite: string, folder: string) {
    this.#suite = suite
    this.#folder = folder
  }

  /** @param packages that are unpacked with all that they depend on. @throws Error where one cannot be had */
  async unpack(packages: readonly string[], target: string): Promise<void> {
    this.#prepare()
    await this.#apt('update')
    await this.#apt('--yes', '--no-install-recommends', '--download-only', 'install', ...packages)
    mkdirSync(target, { recursive: true })
    for (const file of globSync('cache/archives/*.deb', { cwd: this.#folder }))
      // dpkg -x would replace links to folders by folders.
      await run('/bin/sh', [
        '-c',
        'dpkg-deb --fsys-tarfile "$0" | tar -C "$1" -x --keep-directory-symlink',
        join(this.#folder, file),
        target,
      ])
  }

  #prepare(): void {
    for (const each of ['lists/partial', 'cache/archives/partial'])
      mkdirSync(join(this.#folder, each), { recursive: true })
    // Nothing is installed: everything that a package depends on is fetched.
    writeFileSync(join(this.#folder, 'status'), '')
    const source = `deb [signed-by=${KEYRING}] ${findMirror()} ${this.#suite} main\n`
    writeFileSync(join(this.#folder, 'sources.list'), source)
  }

  async #apt(...args: string[]): Promise<void> {
    const at = (name: string) => join(this.#folder, name)
    const options = [
      ...[`Dir::Etc::SourceList=${at('sources.list')}`, 'Dir::Etc::SourceParts=/nonexistent'],
      ...[`Dir::State::Lists=${at('lists')}`, `Dir::State::status=${at('status')}`],
      ...[`Dir::Cache=${at('cache')}`, 'APT::Sandbox::User=root'],
    ]
    await run('apt-get', [...options.flatMap((option) => ['-o', option]), ...args], { timeout: LIMIT_MS })
  }
}

/** Where this machine has its own packages from. */
function findMirror(): string {
  const files = globSync(['/etc/apt/sources.list', '/etc/apt/sources.list.d/*'])
  const text = files.map((file) => readFileSync(file, 'utf8')).join('\n')
  return /https?:\/\/\S*\/debian(?=\/?\s)/.exec(text)?.[0] ?? DEFAULT_URI
}
