import type { AppName } from '@runnel/contracts/apps'
import type { ManagedProcess } from '@runnel/testing'
import { spawnBuilt } from './spawn-built.ts'
import { APP_ENV } from './app-env.ts'
import type { ProcessCosts } from './process-costs.ts'

/**
 * Starts an app that is watched from when it is ready, and ends with the stack.
 *
 * @param env beside {@link APP_ENV}
 * @param name under which it is watched, where there are two of an app
 */
export async function openApp(
  stack: AsyncDisposableStack,
  costs: ProcessCosts,
  app: AppName,
  env: Readonly<Record<string, string>>,
  name: string = app,
): Promise<ManagedProcess> {
  const running = stack.use(await spawnBuilt(app, { ...APP_ENV, ...env }, { waitFor: '/readyz' }))
  costs.watch(name, running.pid, 'app')
  return running
}
