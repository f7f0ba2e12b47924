import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { rmSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'
import { startGuard, type Guard } from './guard.ts'
import { childPids, signalProcess, standsStill } from './process-tree.ts'

/** How one kind of server is started. */
export interface ServerRecipe {
  readonly name: string
  readonly command: string
  readonly args: readonly string[]
  readonly url: string
  readonly port: number
  /** The user to run as; PostgreSQL refuses root. */
  readonly user: { readonly uid: number; readonly gid: number } | undefined
  /** Throws until the server answers and can work. */
  readonly probe: (url: string) => Promise<unknown>
  /** Removed by close(); undefined where the data is to stay. */
  readonly temporaryFolder: string | undefined
  /** The gentlest signal that does not wait for clients to leave. */
  readonly stopSignal: NodeJS.Signals
}

const READY_MS = 30_000
const STOP_MS = 10_000
const POLL_MS = 25
const LOG_LIMIT_CHARS = 64_000

/** A server that this process started for itself: on 127.0.0.1, on a port of its own, with data of its own. */
export class PrivateServer {
  readonly url: string
  readonly port: number
  /** Removed by close(); undefined where the data stays. */
  readonly temporaryFolder: string | undefined
  readonly #recipe: ServerRecipe
  #child: ChildProcess | undefined
  #guard: Guard | undefined
  #log = ''
  #closed = false

  private constructor(recipe: ServerRecipe) {
    this.#recipe = recipe
    this.url = recipe.url
    this.port = recipe.port
    this.temporaryFolder = recipe.temporaryFolder
  }

  /** @throws Error with the server's log when it does not come up */
  static async start(recipe: ServerRecipe): Promise<PrivateServer> {
    const server = new PrivateServer(recipe)
    try {
      await server.#launch()
    } catch (error) {
      await server.close()
      throw error
    }
    return server
  }

  /** undefined while it does not run */
  get pid(): number | undefined {
    return this.#child?.pid
  }

  /** The end of what it wrote. */
  logs(): string {
    return this.#log
  }

  /**
   * Signals the server and its children. Resolves after a SIGKILL when it has ended, after a SIGSTOP when all of it stands
   * still, else at once.
   *
   * @throws Error when it does not stand still in time
   */
  async kill(signal: NodeJS.Signals): Promise<void> {
    const child = this.#child
    if (child?.pid === undefined) return
    // PostgreSQL's backends go on when only their parent is stopped, and are not found any more once it is dead.
    const stopsAll = signal === 'SIGKILL' || signal === 'SIGSTOP' || signal === 'SIGCONT'
    const children = stopsAll ? childPids(child.pid) : []
    for (const pid of [child.pid, ...children]) signalProcess(pid, signal)
    if (signal === 'SIGKILL') await ended(child)
    if (signal === 'SIGSTOP') await stillness([child.pid, ...children])
  }

  /** Ends the server in order; past 10 s by force. The data stays. */
  async stop(): Promise<void> {
    const child = this.#child
    if (child === undefined) return
    await this.kill('SIGCONT')
    await this.kill(this.#recipe.stopSignal)
    const inTime = await Promise.race([ended(child).then(() => true), sleep(STOP_MS, false, { ref: false })])
    if (!inTime) await this.kill('SIGKILL')
  }

  /** Ends it if it runs, and starts it on the same port with the same data. */
  async restart(): Promise<void> {
    await this.stop()
    await this.#launch()
  }

  /** Ends it for good and removes its temporary data. */
  async close(): Promise<void> {
    this.#closed = true
    await this.stop()
    this.#guard?.release()
    if (this.temporaryFolder !== undefined)
      rmSync(this.temporaryFolder, { recursive: true, force: true, maxRetries: 5 })
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close()
  }

  async #launch(): Promise<void> {
    // A test that ran out of time may still be restarting what its cleanup has closed.
    if (this.#closed) throw this.#problem('is closed')
    const { command, args, user } = this.#recipe
    const child = spawn(command, args, {
      ...user,
      cwd: '/',
      // A process group of its own: Ctrl-C in the terminal must not stop it before those who use it.
      detached: true,
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    this.#child = child
    for (const output of [child.stdout, child.stderr])
      output.setEncoding('utf8').on('data', (text: string) => {
        this.#log = (this.#log + text).slice(-LOG_LIMIT_CHARS)
      })
    const failure = Promise.withResolvers<never>()
    failure.promise.catch(() => {})
    this.#guard?.release()
    this.#guard = child.pid === undefined ? undefined : startGuard(child.pid, this.temporaryFolder)
    child.once('error', (error) => {
      this.#child = undefined
      failure.reject(error)
    })
    child.once('exit', (code, signal) => {
      this.#child = undefined
      this.#guard?.serverEnded()
      failure.reject(this.#problem(`ended with ${signal ?? `code ${code}`}`))
    })
    await Promise.race([this.#ready(), failure.promise])
  }

  async #ready(): Promise<void> {
    const deadline = Date.now() + READY_MS
    for (;;) {
      try {
        await this.#recipe.probe(this.url)
        return
      } catch (error) {
        if (this.#child === undefined) return
        if (Date.now() > deadline) throw this.#problem('did not become ready in time', error)
        await sleep(POLL_MS)
      }
    }
  }

  #problem(what: string, cause?: unknown): Error {
    return new Error(`${this.#recipe.name} on port ${this.port} ${what}\n${this.#log}`.trimEnd(), { cause })
  }
}

async function ended(child: ChildProcess): Promise<void> {
  if (child.exitCode === null && child.signalCode === null) await once(child, 'exit')
}

async function stillness(pids: readonly number[]): Promise<void> {
  for (const until = Date.now() + STOP_MS; !pids.every(standsStill);) {
    if (Date.now() > until) throw new Error(`Not stopped within ${STOP_MS} ms`)
    await sleep(1)
  }
}
