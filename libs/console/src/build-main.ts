import { buildConsole, isConsoleStale } from './build-console.ts'

/** Builds the console where its sources have changed since the last time. */
if (isConsoleStale()) {
  console.log('Building the console ...')
  await buildConsole()
}
