export { createMessageDispatcher, type MessageDispatcher } from './app.ts'
export { createDatabaseClock, type Clock, type DatabaseClock } from './clock.ts'
export { loadConfig, settings, type Config } from './config.ts'
export type { MessageDispatcherDeps } from './deps.ts'
