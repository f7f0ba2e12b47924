export { loadConfig } from './config.ts'
export { runStandalone } from './run-standalone.ts'
export { startStandalone } from './start-standalone.ts'
