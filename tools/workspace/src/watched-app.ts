import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { setTimeout as sleep } from 'node:timers/promises'
import { WORKSPACE_ROOT, type DevApp } from './dev-apps.ts'
import { guardChild } from '@runnel/testing'
import { childPids, signalProcess } from '@runnel/testing'

/** The drain of an app takes at most 20 s by default. */
const STOP_MS = 25_000
const POLL_MS = 100
/** What node --watch writes when the program has ended; it then waits for a change. */
const ENDED = /^(Failed|Completed) running /

/** An app under `node --watch`: it restarts with every change of a file that it loads. */
export class WatchedApp {
  readonly app: DevApp
  readonly #child: ChildProcess
  #stopping = false

  /** @param report receives every line of output, and its end */
  constructor(app: DevApp, env: NodeJS.ProcessEnv, report: (line: string, isEnd: boolean) => void) {
    this.app = app
    this.#child = spawn(process.execPath, ['--watch', '--watch-preserve-output', 'src/main.ts'], {
      cwd: join(WORKSPACE_ROOT, 'apps', app.name),
      env: { ...env, [app.portVariable]: String(app.port) },
      stdio: ['ignore', 'pipe', 'pipe'],
      // A process group of its own: Ctrl-C is for us, so that the apps stop in order.
      detached: true,
    })
    guardChild(this.#child)
    for (const input of [this.#child.stdout, this.#child.stderr])
      if (input)
        createInterface({ input }).on('line', (line) => report(line, ENDED.test(line) && !this.#stopping))
    this.#child.once('error', (error) => report(error.message, true))
    this.#child.once('exit', (code, signal) => {
      if (!this.#stopping) report(`ended with ${signal ?? `code ${code}`}`, true)
    })
  }

  /** Resolves with true once it answers /healthz, with false when the time is over. */
  async answers(timeoutMs: number): Promise<boolean> {
    const deadline = Date.now() + timeoutMs
    while (Date.now() < deadline && this.#isRunning && !this.#stopping) {
      const url = `http://127.0.0.1:${this.app.port}/healthz`
      const response = await fetch(url, { signal: AbortSignal.timeout(1000) }).catch(() => undefined)
      await response?.body?.cancel()
      if (response?.ok) return true
      await sleep(POLL_MS)
    }
    return false
  }

  /** Lets it drain; past the deadline it is ended. */
  async stop(): Promise<void> {
    this.#stopping = true
    const { pid } = this.#child
    if (pid === undefined || !this.#isRunning) return
    const ended = once(this.#child, 'exit')
    const programs = childPids(pid)
    signalProcess(pid, 'SIGTERM')
    const inTime = await Promise.race([ended.then(() => true), sleep(STOP_MS, false, { ref: false })])
    if (inTime) return
    for (const each of [...programs, pid]) signalProcess(each, 'SIGKILL')
    await ended
  }

  get #isRunning(): boolean {
    return this.#child.exitCode === null && this.#child.signalCode === null
  }
}
