import { workspaceRoot } from '@runnel/testing'
import { execFileSync, spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { mkdirSync, mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { delimiter, dirname, join } from 'node:path'

export interface Ended {
  readonly code: number | null
  readonly out: string
  readonly err: string
}

/** A command that is under way. */
export interface RunningCommand {
  readonly child: ChildProcess
  readonly out: () => string
  readonly err: () => string
  readonly ended: Promise<Ended>
}

type Env = Readonly<Record<string, string>>

const MODULES = join(workspaceRoot, 'node_modules')

/** `runnel` as a user has it: packed, and installed into an empty folder. */
export class InstalledCli {
  readonly folder = mkdtempSync(join(tmpdir(), 'runnel-installed-cli-'))
  /** Where commands run. */
  readonly home = join(this.folder, 'home')
  readonly tarball: string
  readonly #bin = join(this.folder, 'program/node_modules/.bin')
  readonly #running = new Set<ChildProcess>()

  /** Packs and installs, without a network: what the package depends on is taken from the workspace. */
  constructor() {
    const pack = [join(workspaceRoot, 'tools/cli/src/pack/pack-main.ts'), join(this.folder, 'packed')]
    this.tarball = execFileSync(process.execPath, pack, { encoding: 'utf8' }).trim().split('\n').at(-1)!
    const program = join(this.folder, 'program')
    for (const folder of [program, this.home]) mkdirSync(folder)
    const scope = join(MODULES, '@node-rs')
    const argon2 = readdirSync(scope).filter((name) => name.startsWith('argon2'))
    const dependencies = [join(MODULES, '@electric-sql/pglite'), ...argon2.map((name) => join(scope, name))]
    const options = ['--offline', '--install-links', '--no-audit', '--no-fund', '--ignore-scripts', '--force']
    execFileSync('npm', ['install', ...options, this.tarball, ...dependencies], {
      cwd: program,
      stdio: 'pipe',
    })
  }

  get root(): string {
    return join(this.folder, 'program/node_modules/runnel')
  }

  /** Starts a command as a shell would. @param env over an environment that names no Runnel */
  start(args: readonly string[], env: Env = {}): RunningCommand {
    return this.#track(spawn(join(this.#bin, 'runnel'), args, { cwd: this.home, env: this.#env(env) }))
  }

  /** Starts a line of a shell, which is one command: it gets the signals. */
  startLine(line: string, env: Env = {}): RunningCommand {
    return this.#track(spawn('sh', ['-c', `exec ${line}`], { cwd: this.home, env: this.#env(env) }))
  }

  /** Runs a line of a shell. */
  async shell(line: string, env: Env = {}): Promise<Ended> {
    const { child, ended } = this.#track(spawn('sh', ['-c', line], { cwd: this.home, env: this.#env(env) }))
    child.stdin?.end()
    return ended
  }

  /** Runs a command to its end. @param input of its standard input */
  async run(args: readonly string[], env: Env = {}, input = ''): Promise<Ended> {
    const { child, ended } = this.start(args, env)
    child.stdin?.on('error', () => undefined).end(input)
    return ended
  }

  close(): void {
    for (const child of this.#running) child.kill('SIGKILL')
    rmSync(this.folder, { recursive: true, force: true, maxRetries: 5 })
  }

  #env(env: Env): Env {
    const path = [this.#bin, dirname(process.execPath), process.env['PATH'] ?? ''].join(delimiter)
    return { PATH: path, HOME: this.home, ...env }
  }

  #track(child: ChildProcess): RunningCommand {
    this.#running.add(child)
    let out = ''
    let err = ''
    child.stdout?.setEncoding('utf8').on('data', (text: string) => (out += text))
    child.stderr?.setEncoding('utf8').on('data', (text: string) => (err += text))
    const ended = once(child, 'close').then(([code]: (number | null)[]) => {
      this.#running.delete(child)
      return { code: code ?? null, out, err }
    })
    return { child, out: () => out, err: () => err, ended }
  }
}
