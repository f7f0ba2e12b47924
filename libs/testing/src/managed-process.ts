import { spawn, type ChildProcess } from 'node:child_process'
import { rmSync } from 'node:fs'
import { createInterface } from 'node:readline'
import { setTimeout as sleep } from 'node:timers/promises'
import { startOrphanGuard, type OrphanGuard } from './servers/orphan-guard.ts'
import { listensOn } from './servers/listens-on.ts'
import { PortTakenError } from './servers/on-free-ports.ts'
import { childPids, signalProcess, standsStill } from './servers/process-tree.ts'
import { WAIT_LIMIT_MS } from './wait-limit.ts'

/** How a process is started, and how it is stopped. */
export interface ProcessRecipe {
  /** Begins every error message. */
  readonly name: string
  readonly command: string
  readonly args: readonly string[]
  readonly cwd?: string
  /** Default: the environment of this process. */
  readonly env?: NodeJS.ProcessEnv
  /** Default: the user of this process. */
  readonly user?: { readonly uid: number; readonly gid: number } | undefined
  /** Where it answers. */
  readonly url: string
  readonly port: number
  /** Throws until the process answers on its port and can work. Default: it is ready once it is started. */
  readonly probe?: ((url: string) => Promise<unknown>) | undefined
  readonly readyMs?: number | undefined
  /** The gentlest signal that does not wait for clients to leave. Default: SIGTERM. */
  readonly stopSignal?: NodeJS.Signals
  /** After which stop() sends SIGKILL. Default: what an app needs to drain. */
  readonly stopMs?: number
  /** In a process group of its own: Ctrl-C in the terminal must not stop it before the processes that use it. */
  readonly detached?: boolean
  /** Removed by close(); undefined where there is none, or where the data is to stay. */
  readonly temporaryFolder?: string | undefined
  /** How much of the end of its output is kept. */
  readonly logChars?: number
  /** Called with every line of output. */
  readonly onLine?: (line: string) => void
  /** Called with every end of the process, and what that run of it wrote. */
  readonly onExit?: (exit: ProcessExit, log: string) => void
}

export interface ProcessExit {
  readonly code: number | null
  readonly signal: NodeJS.Signals | null
}

/** The drain of an app takes at most 20 s by default. */
const STOP_MS = 25_000
const POLL_MS = 25
const LOG_CHARS = 1_000_000
/** What every server writes where another process listens on its port. */
const PORT_TAKEN = /address already in use|port \d+ of .* is taken/i

/** One run of a process, from its start to its exit. */
interface Run {
  readonly child: ChildProcess
  readonly exited: Promise<ProcessExit>
  log: string
}

/**
 * A child process that may be stopped and started again on the same port with the same data. It never outlives this
 * process, however this one ends.
 */
export class ManagedProcess implements AsyncDisposable {
  readonly name: string
  readonly url: string
  readonly port: number
  readonly temporaryFolder: string | undefined
  readonly #recipe: ProcessRecipe
  #run: Run | undefined
  #guard: OrphanGuard | undefined
  #pastLog = ''
  #closed = false

  private constructor(recipe: ProcessRecipe) {
    this.#recipe = recipe
    this.name = recipe.name
    this.url = recipe.url
    this.port = recipe.port
    this.temporaryFolder = recipe.temporaryFolder
  }

  /** @throws Error with the log when the process exits or does not become ready in time; PortTakenError where another one has its port */
  static async start(recipe: ProcessRecipe): Promise<ManagedProcess> {
    const managed = new ManagedProcess(recipe)
    try {
      await managed.#launch()
    } catch (error) {
      await managed.kill('SIGKILL')
      await managed.close()
      throw error
    }
    return managed
  }

  /** undefined while it does not run */
  get pid(): number | undefined {
    return this.#isRunning ? this.#run?.child.pid : undefined
  }

  /** Resolves when the latest run of the process has ended. */
  get exited(): Promise<ProcessExit> {
    return this.#run!.exited
  }

  /** The end of what all runs of it wrote to stdout and stderr. */
  logs(): string {
    return (this.#pastLog + (this.#run?.log ?? '')).slice(-this.#logChars)
  }

  /**
   * Signals the process; its children as well where they would not end or stop with it. Resolves after a SIGKILL when it
   * has ended, after a SIGSTOP when all of it stands still, else at once.
   *
   * @throws Error when it does not stand still in time
   */
  async kill(signal: NodeJS.Signals): Promise<void> {
    const { pid } = this
    if (pid === undefined) return
    // PostgreSQL's backends go on when only their parent is stopped, and are not found any more once it is dead.
    const stopsAll = signal === 'SIGKILL' || signal === 'SIGSTOP' || signal === 'SIGCONT'
    const children = stopsAll ? childPids(pid) : []
    for (const each of [pid, ...children]) signalProcess(each, signal)
    if (signal === 'SIGKILL') await this.exited
    if (signal === 'SIGSTOP') await stillness([pid, ...children])
  }

  /** Ends it in order; past `deadlineMs` by force. The data stays, and restart() starts it again. */
  async stop(deadlineMs = this.#recipe.stopMs ?? STOP_MS): Promise<ProcessExit> {
    await this.kill('SIGCONT')
    await this.kill(this.#recipe.stopSignal ?? 'SIGTERM')
    const { exited } = this
    const inTime = await Promise.race([exited.then(() => true), sleep(deadlineMs, false, { ref: false })])
    if (!inTime) await this.kill('SIGKILL')
    return exited
  }

  /** Ends it if it runs, and starts it on the same port with the same data. @throws as start() */
  async restart(): Promise<void> {
    await this.stop()
    await this.#launch()
  }

  /** Ends it for good and removes its temporary folder. */
  async close(): Promise<void> {
    this.#closed = true
    if (this.#run) await this.stop()
    this.#guard?.release()
    if (this.temporaryFolder !== undefined)
      rmSync(this.temporaryFolder, { recursive: true, force: true, maxRetries: 5 })
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close()
  }

  get #isRunning(): boolean {
    const child = this.#run?.child
    return child?.pid !== undefined && child.exitCode === null && child.signalCode === null
  }

  get #logChars(): number {
    return this.#recipe.logChars ?? LOG_CHARS
  }

  async #launch(): Promise<void> {
    // A test that ran out of time may still be restarting what its cleanup has closed.
    if (this.#closed) throw this.#problem('is closed')
    const { command, args, cwd, env, user, detached = false } = this.#recipe
    const child = spawn(command, args, {
      ...user,
      ...(cwd !== undefined && { cwd }),
      ...(env && { env }),
      detached,
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    this.#pastLog = this.logs()
    const failed = new Promise<never>((_, reject) => child.on('error', reject))
    const exited = new Promise<ProcessExit>((resolve) => {
      child.once('error', () => resolve({ code: null, signal: null }))
      child.once('close', (code, signal) => resolve({ code, signal }))
    })
    const run: Run = { child, exited, log: '' }
    this.#run = run
    this.#collectOutput(run)
    this.#guard?.release()
    const guard = child.pid === undefined ? undefined : startOrphanGuard(child.pid, this.temporaryFolder)
    this.#guard = guard
    child.once('exit', () => (this.temporaryFolder === undefined ? guard?.release() : guard?.processEnded()))
    void exited.then((exit) => this.#recipe.onExit?.(exit, run.log))
    await Promise.race([this.#ready(run), failed])
  }

  #collectOutput(run: Run): void {
    for (const output of [run.child.stdout, run.child.stderr]) {
      if (!output) continue
      output.setEncoding('utf8').on('data', (text: string) => {
        run.log += text
        // Cut now and then, for each cut copies what is kept.
        if (run.log.length > 2 * this.#logChars) run.log = run.log.slice(-this.#logChars)
      })
      const { onLine } = this.#recipe
      if (onLine) createInterface({ input: output }).on('line', onLine)
    }
  }

  async #ready(run: Run): Promise<void> {
    const { exited } = run
    const { probe, readyMs = WAIT_LIMIT_MS } = this.#recipe
    if (probe === undefined) return
    let exit: ProcessExit | undefined
    void exited.then((result) => (exit = result))
    for (const deadline = Date.now() + readyMs; ; await sleep(POLL_MS)) {
      const failure = await probe(this.url).then(
        () => this.#whyStranger(),
        (error: unknown) => ({ error }),
      )
      // Even where something answers: it may be another process on the same port.
      if (exit !== undefined) throw this.#ended(exit, run.log)
      if (failure === undefined) return
      if (Date.now() > deadline) throw this.#problem('did not become ready in time', failure.error)
    }
  }

  /** Another process may have taken the port, and answer in the place of this one. */
  #whyStranger(): { readonly error: Error } | undefined {
    const { pid, port } = this
    // Ended, though what it wrote is not all read yet: what answers is not this process.
    if (pid !== undefined && listensOn(pid, port)) return undefined
    return { error: new Error(`Another process listens on port ${port}`) }
  }

  #ended({ code, signal }: ProcessExit, log: string): Error {
    const problem = this.#problem(`ended with ${signal ?? `code ${code}`}`)
    return PORT_TAKEN.test(log) ? new PortTakenError(problem.message) : problem
  }

  #problem(what: string, cause?: unknown): Error {
    return new Error(`${this.name} ${what}\n${this.logs()}`.trimEnd(), { cause })
  }
}

async function stillness(pids: readonly number[]): Promise<void> {
  for (const until = Date.now() + WAIT_LIMIT_MS; !pids.every(standsStill);) {
    if (Date.now() > until) throw new Error(`Not stopped within ${WAIT_LIMIT_MS} ms`)
    await sleep(1)
  }
}
