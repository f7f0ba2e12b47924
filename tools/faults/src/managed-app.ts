import type { AppName } from '@runnel/contracts/apps'
import { freePort, spawnApp, type RunningApp } from '@runnel/testing'

/** An app that may be killed and comes back under the same address. */
export interface ManagedApp {
  readonly name: string
  readonly url: string
  /** The process of this moment. */
  current(): RunningApp
  /** SIGKILL, then a new process on the same port; resolves when that one answers `/readyz`. */
  killAndRestart(): Promise<void>
}

/** @throws Error with its log when it does not come up */
export async function manageApp(name: AppName, env: Readonly<Record<string, string>>): Promise<ManagedApp> {
  const port = String(await freePort())
  const start = () => spawnApp(name, { ...env, PORT: port }, { waitFor: '/readyz' })
  let current = await start()
  return {
    name,
    url: current.url,
    current: () => current,
    killAndRestart: async () => {
      current.kill('SIGKILL')
      await current.exited
      current = await start()
    },
  }
}
