import type { AppName } from '@runnel/contracts/apps'
import { freePort, spawnApp, type ManagedProcess, type ProcessExit } from '@runnel/testing'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
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

const PRELOAD = new URL('./preload-clock.ts', import.meta.url).href
const POLL_MS = 50
/** Of all processes together; an app that writes more in a run is of no help. */
const LOG_CHARS = 4_000_000
const LOG_END_CHARS = 4000

/** An app of a run, one process after the other; it records how each of them ended and which errors it logged. */
export class OracleApp {
  readonly id: AppId
  /** The most resident memory that any of its processes was seen with. */
  peakMb = 0
  processes = 0
  readonly unexpectedExits: UnexpectedExit[] = []
  /** Lines of level error and above. */
  readonly errors: string[] = []
  #process!: ManagedProcess
  #ending: 'SIGKILL' | 'SIGTERM' | undefined

  readonly #clockFile: string

  private constructor(id: AppId, clockFile: string) {
    this.id = id
    this.#clockFile = clockFile
  }

  /**
   * Resolves when the process is started, not when it answers.
   *
   * @param folder where the file lies by which its clock is set
   */
  static async start(id: AppId, env: Readonly<Record<string, string>>, folder: string): Promise<OracleApp> {
    const app = new OracleApp(id, join(folder, `${id}.clock`))
    app.stepClock(0)
    app.processes++
    app.#process = await spawnApp(
      id.replace(/-\d+$/, '') as AppName,
      {
        ...env,
        PORT: String(await freePort()),
        RUNNEL_CLOCK_FILE: app.#clockFile,
        NODE_OPTIONS: `${env['NODE_OPTIONS'] ?? ''} --import ${PRELOAD}`,
      },
      { waitFor: false, logChars: LOG_CHARS, onExit: (exit, log) => app.#recordExit(exit, log) },
    )
    return app
  }

  get url(): string {
    return this.#process.url
  }

  async kill(awayMs: number): Promise<void> {
    this.#ending = 'SIGKILL'
    await this.#process.kill('SIGKILL')
    await sleep(awayMs)
    await this.#restart()
  }

  /** As a deployment does it: drained, then a new process, which is waited for, though not for ever. */
  async replace(readyWaitMs: number): Promise<void> {
    this.#ending = 'SIGTERM'
    await this.#process.stop()
    await this.#restart()
    for (const untilMs = Date.now() + readyWaitMs; Date.now() < untilMs; await sleep(POLL_MS))
      if (await this.answers('/readyz').catch(() => false)) return
  }

  async standStill(lastsMs: number): Promise<void> {
    await this.#process.kill('SIGSTOP')
    await sleep(lastsMs)
    await this.#process.kill('SIGCONT')
  }

  /** Sets its wall clock wrong by so many milliseconds, also that of its next process. */
  stepClock(byMs: number): void {
    writeFileSync(this.#clockFile, String(byMs))
  }

  async answers(path: '/healthz' | '/readyz'): Promise<boolean> {
    const response = await fetch(this.url + path, { signal: AbortSignal.timeout(2000) })
    await response.body?.cancel()
    return response.ok
  }

  /** What all of its processes wrote. */
  logs(): string {
    return this.#process.logs()
  }

  sampleMemory(): void {
    const { pid } = this.#process
    const mb = pid === undefined ? undefined : residentMb(pid)
    if (mb !== undefined) this.peakMb = Math.max(this.peakMb, mb)
  }

  /** Ends it for good. */
  async close(): Promise<void> {
    this.#ending = 'SIGTERM'
    await this.#process.close()
  }

  async #restart(): Promise<void> {
    this.#ending = undefined
    this.processes++
    await this.#process.restart()
  }

  #recordExit({ code, signal }: ProcessExit, log: string): void {
    this.errors.push(...findErrors(log))
    // A process that has only just begun does not catch its signal yet.
    const expected = code === 0 ? this.#ending === 'SIGTERM' : signal !== null && signal === this.#ending
    const how = `${signal ?? `code ${code}`}${this.#ending ? ` after ${this.#ending}` : ''}`
    if (!expected)
      this.unexpectedExits.push({ app: this.id, atMs: Date.now(), how, log: log.slice(-LOG_END_CHARS) })
  }
}
