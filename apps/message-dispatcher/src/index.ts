export { createMessageDispatcher } from './app.ts'
export { createDatabaseClock } from './clock.ts'
export { loadConfig, settings } from './config.ts'
export type { MessageDispatcherDeps } from './deps.ts'
