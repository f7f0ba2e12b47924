export { loadConfig, settings, type StandaloneConfig } from './config.ts'
export { startStandalone } from './start-standalone.ts'
