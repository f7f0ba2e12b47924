import { ManagedProcess } from '@runnel/testing'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { WORKSPACE_ROOT, type DevApp } from './dev-apps.ts'

const POLL_MS = 100
/** What node --watch writes when the program has ended; it then waits for a change. */
const ENDED = /^(Failed|Completed) running /

/** An app under `node --watch`: it restarts with every change of a file that it loads. */
export class WatchedApp {
  readonly app: DevApp
  #process!: ManagedProcess
  #stopping = false

  private constructor(app: DevApp) {
    this.app = app
  }

  /** @param report called with every line of output, and with its end */
  static async start(
    app: DevApp,
    env: NodeJS.ProcessEnv,
    report: (line: string, isEnd: boolean) => void,
  ): Promise<WatchedApp> {
    const watched = new WatchedApp(app)
    watched.#process = await ManagedProcess.start({
      name: app.name,
      command: process.execPath,
      args: ['--watch', '--watch-preserve-output', 'src/main.ts'],
      cwd: join(WORKSPACE_ROOT, 'apps', app.name),
      env: { ...env, [app.portVariable]: String(app.port) },
      url: `http://127.0.0.1:${app.port}`,
      port: app.port,
      // Ctrl-C is for this process, so that the apps stop in order.
      detached: true,
      onLine: (line) => report(line, ENDED.test(line) && !watched.#stopping),
      onExit: ({ code, signal }) => {
        if (!watched.#stopping) report(`ended with ${signal ?? `code ${code}`}`, true)
      },
    })
    return watched
  }

  /** Resolves with true once it answers /healthz, with false when the time is over. */
  async answers(timeoutMs: number): Promise<boolean> {
    const deadline = Date.now() + timeoutMs
    while (Date.now() < deadline && this.#process.pid !== undefined && !this.#stopping) {
      const url = `${this.#process.url}/healthz`
      const response = await fetch(url, { signal: AbortSignal.timeout(1000) }).catch(() => undefined)
      await response?.body?.cancel()
      if (response?.ok) return true
      await sleep(POLL_MS)
    }
    return false
  }

  /** Lets it drain; past the deadline it is killed, with the program that it watches. */
  async stop(): Promise<void> {
    this.#stopping = true
    await this.#process.close()
  }
}
