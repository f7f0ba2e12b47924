import { join } from 'node:path'
import { bundleApp } from './bundle-app.ts'

/** `node bundle-main.ts <app> [<folder>]`, at the root of the workspace; by default apps/<app>/dist/bundle is made anew. */
const [app, folder] = process.argv.slice(2)
try {
  if (!app) throw new Error('Which app? node tools/images/src/bundle/bundle-main.ts consumer, for example')
  await bundleApp(process.cwd(), app, folder ?? join('apps', app, 'dist/bundle'))
} catch (error) {
  console.error((error as Error).message)
  process.exitCode = 1
}
