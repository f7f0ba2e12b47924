import { selectApp } from './select-app.ts'

/** `node select-app-main.ts <app> <folder>`: the first step of the Dockerfile, at the root of the workspace. */
const [app, out] = process.argv.slice(2)
try {
  if (!app || !out) throw new Error('Which app? docker build --build-arg APP=consumer, for example')
  selectApp(process.cwd(), app, out)
} catch (error) {
  console.error((error as Error).message)
  process.exitCode = 1
}
