export { loadConfig } from './config.ts'
export { startStandalone } from './start-standalone.ts'
