import type { AppName } from '@runnel/contracts/apps'
import { spawnApp, workspaceRoot, type ManagedProcess, type SpawnOptions } from '@runnel/testing'
import { execFile } from 'node:child_process'
import { promisify } from 'node:util'

const run = promisify(execFile)
const builds = new Map<string, Promise<unknown>>()

/**
 * Starts an app as its image does: from its bundle, which is made anew once a run, so that it is that of the sources.
 *
 * @throws Error when it cannot be built, ends, or does not answer in time
 */
export async function spawnBuilt(
  app: AppName,
  env: Readonly<Record<string, string>>,
  options: SpawnOptions = {},
): Promise<ManagedProcess> {
  const folder = `tools/bench/dist/apps/${app}`
  const build = builds.get(app) ?? bundle(app, folder)
  builds.set(app, build)
  await build
  return spawnApp(app, env, { ...options, program: `${folder}/main.mjs` })
}

/** In a process of its own: the bundler is not to be among what is measured, and does not run in the contexts of Jest. */
function bundle(app: string, folder: string): Promise<unknown> {
  return run(process.execPath, ['tools/images/src/bundle/bundle-main.ts', app, folder], {
    cwd: workspaceRoot,
  })
}
