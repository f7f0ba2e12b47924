import type { AppName } from '@runnel/contracts/apps'
import { freePort, spawnApp, type RunningApp } from '@runnel/testing'
import { setTimeout as sleep } from 'node:timers/promises'
import { residentMb } from '../resident-mb.ts'
import type { AppId } from './fault.ts'
import { findErrors } from './find-errors.ts'

/** An exit that the run did not cause. */
export interface UnexpectedExit {
  readonly app: AppId
  readonly atMs: number
  readonly how: string
  readonly log: string
}

/** The drain has 20 s by default; a standing still process gets its signal later. */
const DRAIN_MS = 25_000
const LOOK_MS = 50
/** Of all processes together; an app that writes more in a run is of no help. */
const LOG_CHARS = 4_000_000
const LOG_END_CHARS = 4000

/** An app of a run, one process after the other; it remembers how each of them ended and what it complained of. */
export class OracleApp {
  readonly id: AppId
  readonly url: string
  /** The most resident memory that any of its processes was seen with. */
  peakMb = 0
  processes = 0
  readonly unexpectedExits: UnexpectedExit[] = []
  /** Lines of level error and above. */
  readonly errors: string[] = []
  readonly #env: Readonly<Record<string, string>>
  #current: RunningApp | undefined
  #past = ''
  #ending: 'SIGKILL' | 'SIGTERM' | undefined

  private constructor(id: AppId, port: number, env: Readonly<Record<string, string>>) {
    this.id = id
    this.url = `http://127.0.0.1:${port}`
    this.#env = { ...env, PORT: String(port) }
  }

  /** Resolves when the process is there, not when it answers. */
  static async start(id: AppId, env: Readonly<Record<string, string>>): Promise<OracleApp> {
    const app = new OracleApp(id, await freePort(), env)
    await app.#start()
    return app
  }

  async kill(awayMs: number): Promise<void> {
    await this.#end('SIGKILL')
    await sleep(awayMs)
    await this.#start()
  }

  /** As a deployment does it: drained, then a new process, which is waited for, though not for ever. */
  async replace(patienceMs: number): Promise<void> {
    await this.#end('SIGTERM')
    await this.#start()
    for (const untilMs = Date.now() + patienceMs; Date.now() < untilMs; await sleep(LOOK_MS))
      if (await this.answers('/readyz').catch(() => false)) return
  }

  async standStill(lastsMs: number): Promise<void> {
    this.#current?.kill('SIGSTOP')
    await sleep(lastsMs)
    this.#current?.kill('SIGCONT')
  }

  async answers(path: '/healthz' | '/readyz'): Promise<boolean> {
    const response = await fetch(this.url + path, { signal: AbortSignal.timeout(2000) })
    await response.body?.cancel()
    return response.ok
  }

  /** The end of what its processes wrote. */
  logs(): string {
    return (this.#past + (this.#current?.logs() ?? '')).slice(-LOG_CHARS)
  }

  sampleMemory(): void {
    const mb = this.#current && residentMb(this.#current.pid)
    if (mb !== undefined) this.peakMb = Math.max(this.peakMb, mb)
  }

  /** Ends it for good. */
  async close(): Promise<void> {
    this.#current?.kill('SIGCONT')
    await this.#end('SIGTERM')
  }

  async #start(): Promise<void> {
    this.#ending = undefined
    const name = this.id.replace(/-\d+$/, '') as AppName
    const running = await spawnApp(name, this.#env, { waitFor: false })
    this.#current = running
    this.processes++
    void running.exited.then(({ code, signal }) => {
      this.errors.push(...findErrors(running.logs()))
      this.#past = (this.#past + running.logs()).slice(-LOG_CHARS)
      if (this.#current === running) this.#current = undefined
      // A process that has only just begun does not catch its signal yet.
      const asked = code === 0 ? this.#ending === 'SIGTERM' : signal !== null && signal === this.#ending
      const log = running.logs().slice(-LOG_END_CHARS)
      const how = `${signal ?? `code ${code}`}${this.#ending ? ` after ${this.#ending}` : ''}`
      if (!asked) this.unexpectedExits.push({ app: this.id, atMs: Date.now(), how, log })
    })
  }

  async #end(signal: 'SIGKILL' | 'SIGTERM'): Promise<void> {
    const running = this.#current
    this.#ending = signal
    if (running === undefined) return
    running.kill(signal)
    const late = setTimeout(() => running.kill('SIGKILL'), DRAIN_MS)
    await running.exited
    clearTimeout(late)
  }
}
