import { globSync } from 'node:fs'
import { basename, join } from 'node:path'
import { bundleApp } from './bundle-app.ts'

/**
 * `node bundle-main.ts [<app> [<folder>]]`, at the root of the workspace: bundles the app to the folder, by default
 * apps/<app>/dist/bundle, which is made anew. Without an app, all of them.
 */
const [app, folder] = process.argv.slice(2)
const apps = app === undefined ? globSync('apps/*').map((path) => basename(path)) : [app]
try {
  for (const name of apps) await bundleApp(process.cwd(), name, folder ?? join('apps', name, 'dist/bundle'))
} catch (error) {
  console.error((error as Error).message)
  process.exitCode = 1
}
